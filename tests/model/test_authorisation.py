"""An authorisation covers exactly one plan, for its time."""

from dataclasses import replace
from datetime import timedelta

from tests.samples import AT, AUTHORISATION, PLAN


def test_a_changed_plan_is_not_covered() -> None:
    assert AUTHORISATION.covers(PLAN.digest, AT)
    assert not AUTHORISATION.covers("0" * 64, AT)


def test_the_moment_of_expiry_is_too_late() -> None:
    expires = AUTHORISATION.expires_at
    assert expires is not None
    assert AUTHORISATION.covers(PLAN.digest, expires - timedelta(microseconds=1))
    assert not AUTHORISATION.covers(PLAN.digest, expires)


def test_without_an_end_it_holds() -> None:
    assert replace(AUTHORISATION, expires_at=None).covers(PLAN.digest, AT + timedelta(days=9999))
