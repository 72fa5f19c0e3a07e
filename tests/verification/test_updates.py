"""Updates of the system afterwards: gone from the offers, and a second witness."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.model.check import Check, CheckName, CheckResult
from core.model.facts import Facts, InstalledUpdate, OsUpdate, UpdateAnswer, UpdateSilence
from core.model.failure import Cause, Failure
from core.verification.after import verify
from tests.samples import facts, planned

_AT = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
_BEFORE = facts()
_HEARD = UpdateAnswer("WU", "id", "", _AT, True)
_THERE = replace(_HEARD, installed=(InstalledUpdate("a.1", "Update", "1"),))


def _check(after: Facts) -> Check:
    (found,) = (one for one in verify(planned("SQL01"), _BEFORE, after, {"a.1": "KB1"}) if one.name == CheckName.UPDATE)
    return found


def _after(witness: UpdateAnswer | UpdateSilence | None, *offered: str, revision: int = 0) -> Facts:
    system = replace(_BEFORE.os, revision=_BEFORE.os.revision + revision)
    updates = tuple(OsUpdate(one, "Update") for one in offered)
    return replace(_BEFORE, updates=updates, update_witness=witness, os=system)


@pytest.mark.parametrize(
    ("after", "result", "witnesses"),
    [
        (_after(_THERE), CheckResult.PASSED, ("offers", "installed")),
        (_after(_HEARD, revision=1), CheckResult.PASSED, ("offers", "revision")),
        (_after(_THERE, "a.1", revision=1), CheckResult.FAILED, ("offers",)),
        (_after(_HEARD), CheckResult.UNKNOWN, ("offers", "installed")),
        (_after(replace(_HEARD, complete=False), revision=1), CheckResult.UNKNOWN, ("offers",)),
        (_after(None, revision=1), CheckResult.UNKNOWN, ()),
        (_after(UpdateSilence(Failure(Cause.NO_ANSWER, "no")), revision=1), CheckResult.UNKNOWN, ()),
    ],
    ids=["installed", "new revision", "offered again", "vanished", "errors", "not asked", "silent"],
)
def test_an_update_is_there_by_two_witnesses_or_not_called_so(
    after: Facts, result: CheckResult, witnesses: tuple[str, ...]
) -> None:
    assert (_check(after).result, _check(after).witnesses) == (result, witnesses)


def test_updates_that_were_not_promised_are_not_asked_about() -> None:
    assert not [one for one in verify(planned("SQL01"), _BEFORE, _after(_HEARD, "b.1")) if one.name == CheckName.UPDATE]
