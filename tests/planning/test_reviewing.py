"""What a plan says by itself, before anything is done."""

from dataclasses import replace

import pytest

from core.model.outcome import Outcome
from core.model.plan import Skipped
from core.planning.reviewing import outcome_before
from tests.samples import PLAN

_SILENT = Skipped("SQL08", None, "unreachable", "it could not be assessed")
_CURRENT = Skipped("SQL09", "MSSQLSERVER", "up_to_date", "already there")


@pytest.mark.parametrize(
    ("skipped", "outcome"),
    [
        ((), Outcome.SUCCEEDED),
        ((_CURRENT,), Outcome.SUCCEEDED),
        ((_SILENT, _CURRENT), Outcome.PARTIAL),
        ((_SILENT,), Outcome.NOT_REACHED),
    ],
)
def test_there_is_nothing_to_do_only_where_every_host_was_heard(skipped: tuple[Skipped, ...], outcome: Outcome) -> None:
    assert outcome_before(replace(PLAN, targets=(), skipped=skipped)) is outcome


def test_a_plan_with_hosts_to_patch_is_judged_by_its_run() -> None:
    assert outcome_before(replace(PLAN, skipped=(_SILENT,))) is Outcome.SUCCEEDED
