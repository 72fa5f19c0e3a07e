"""Plans and authorisations, found again as they were kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from core.planning.planner import digest_of
from core.store import plans as store
from core.store.database import Database
from tests.samples import AT, AUTHORISATION, PLAN


def test_a_plan_comes_back_with_its_digest(database: Database) -> None:
    (found,) = store.find_plans(database, PLAN.id)
    assert found == PLAN
    assert digest_of(found) == found.digest


def test_a_plan_is_found_by_a_beginning_or_as_the_last(database: Database) -> None:
    newer = replace(PLAN, id="019cafff-0000-7000-8000-00000000000b", made_at=AT)
    store.keep_plan(database, newer)
    assert store.find_plans(database, "last") == (newer,)
    assert store.find_plans(database, "019cafff") == (newer,)
    assert store.find_plans(database, "019ca") == (newer, PLAN)
    assert store.find_plans(database, "0") == (newer, PLAN)


@pytest.mark.parametrize("beginning", ["%", "_", "019ca_", "nothing", "'; DROP TABLE plans; --"])
def test_a_beginning_is_taken_to_the_letter(database: Database, beginning: str) -> None:
    assert store.find_plans(database, beginning) == ()


def test_a_plan_is_kept_once(database: Database) -> None:
    with pytest.raises(IntegrityError):
        store.keep_plan(database, PLAN)


def test_authorisations_are_newest_first_and_of_their_plan(database: Database) -> None:
    newer = replace(AUTHORISATION, id="newer", granted_at=AUTHORISATION.granted_at + timedelta(hours=1))
    store.keep_authorisation(database, newer)
    assert store.authorisations_of(database, PLAN.id) == (newer, AUTHORISATION)
    assert store.authorisations_of(database, "another") == ()
    assert store.authorisation(database, AUTHORISATION.id) == AUTHORISATION


def test_an_authorisation_of_no_plan_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        store.keep_authorisation(database, replace(AUTHORISATION, id="stray", plan_id="nowhere"))
