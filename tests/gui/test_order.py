"""One order of states on every page: no state is without a place, and what is failed comes before what is blocked."""

from itertools import groupby

from core.model.compliance import ComplianceState
from core.model.phase import Phase
from core.model.record import TargetRecord
from core.model.state import TargetState
from gui.models.run_lines import HostRow, rank, state_tones
from gui.order import badness, hosts_in_charts, target_badness, targets_in_charts
from gui.words import compliance_tone, target_tone


def _row(state: TargetState, phase: Phase | None = None) -> HostRow:
    return HostRow(TargetRecord("SQL1", state, phase=phase), None, "alone")


def test_every_state_has_a_place() -> None:
    assert sorted(map(target_badness, TargetState)) == list(range(len(TargetState)))
    assert sorted(map(badness, ComplianceState)) == list(range(len(ComplianceState)))
    assert badness(None) == len(ComplianceState), "what is still being judged comes last"


def test_lists_show_what_failed_before_what_is_blocked_and_what_is_good_last() -> None:
    assert target_badness(TargetState.FAILED) < target_badness(TargetState.BLOCKED)
    assert badness(ComplianceState.FAILED) < badness(ComplianceState.BLOCKED)
    worst_first = sorted(TargetState, key=target_badness)
    needing = [state for state in worst_first if _row(state).needs_me]
    assert worst_first[: len(needing)] == needing
    assert worst_first[-1] is TargetState.SUCCESS


def test_a_run_and_its_results_have_one_order() -> None:
    live = sorted(TargetState, key=lambda state: rank(_row(state)))
    assert live == sorted(TargetState, key=target_badness)
    assert rank(_row(TargetState.IN_PROGRESS, Phase.REBOOT)) < rank(_row(TargetState.IN_PROGRESS, Phase.INSTALL))
    assert rank(_row(TargetState.IN_PROGRESS)) < min(
        rank(_row(state)) for state in (TargetState.DEFERRED, TargetState.PENDING, TargetState.SUCCESS)
    )


def test_charts_put_the_same_colours_side_by_side_and_in_one_order() -> None:
    hosts = list(dict.fromkeys(map(compliance_tone, hosts_in_charts())))
    targets = list(dict.fromkeys(map(target_tone, targets_in_charts())))
    bar = [tone for tone, _ in state_tones()]
    assert hosts == targets == bar
    assert [tone for tone, _ in groupby(map(compliance_tone, hosts_in_charts()))] == hosts
    assert [tone for tone, _ in groupby(map(target_tone, targets_in_charts()))] == targets
    assert targets_in_charts()[0] is TargetState.SUCCESS
