"""The words over a plan: they say what makes it as long as it is, and name each host once."""

from __future__ import annotations

from dataclasses import replace

from core.app.review import Reviewed
from core.cli.plan_words import plan_in_words
from core.model.plan import Plan, Skipped
from core.planning.comparing import Change, Difference
from core.planning.reviewing import review
from gui.pages.cycle.plan_words import comparison_in_words, findings_in_words, totals_in_words, whole_names_in_words
from tests.samples import PLAN


def _paced(workers: int, restarts: int, planned: int = 2) -> Plan:
    rules = replace(PLAN.rules, pace=replace(PLAN.rules.pace, max_reboots=restarts))
    totals = replace(PLAN.totals, hosts=2, restarts=planned, workers=workers, expected_seconds=3060, p90_seconds=None)
    return replace(PLAN, rules=rules, totals=totals)


def test_restarts_that_wait_for_each_other_stand_beside_the_time_that_they_take() -> None:
    """In the window and on the command line. Where none waits, nothing is said of them."""
    assert totals_in_words(_paced(3, 1)).endswith("about 51 min (3 hosts, 1 restart at a time)")
    assert "about 51 min with 3 hosts, 1 restart at a time\n" in plan_in_words(_paced(3, 1))
    for free in (_paced(2, 2), _paced(2, 1, planned=0)):
        assert totals_in_words(free).endswith("about 51 min (2 hosts at a time)")
        assert "about 51 min with 2 hosts at a time\n" in plan_in_words(free)


def test_a_host_that_is_not_patched_is_named_once_with_its_reason() -> None:
    silent = Skipped("SQL-BR-03", None, "unreachable", "it could not be assessed: nobody answered")
    made = replace(PLAN, skipped=(silent,))
    told = findings_in_words(Reviewed(made, review(made), None, None, {}, {}))
    assert "Will not be patched, and may not be up to date  (1)\n    SQL-BR-03: it could not be assessed" in told
    assert told.count("SQL-BR-03") == 1
    assert "\n    SQL01\n" in told, "a host that no message names is not told"


def test_of_a_package_that_differs_the_hash_is_short_and_whole_beside_the_pointer() -> None:
    key = "0123456789abcdef" * 4
    nothing = Change()
    since = Difference(
        "plan-1", "plan-2", False, (), nothing, nothing, nothing, Change((), (f"CU 18.exe {key}",)), nothing, nothing,
        nothing, nothing,
    )  # fmt: skip
    compared = Reviewed(PLAN, review(PLAN), PLAN, since, {}, {})
    assert comparison_in_words(compared).endswith("Packages\n    + CU 18.exe, SHA-256 0123456789ab…")
    assert whole_names_in_words(compared) == f"The last plan is {PLAN.id}\nCU 18.exe {key}"
    assert whole_names_in_words(Reviewed(PLAN, review(PLAN), None, None, {}, {})) == ""
