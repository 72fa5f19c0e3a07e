"""What was collected of a host that failed, and the lines of it that tell why."""

from dataclasses import replace

from core.model.diagnostics import DiagnosticText
from core.model.events import DiagnosticsTaken
from core.model.record import TargetRecord
from core.model.state import StepState, TargetState
from core.reports.logs import collected_of, first_lines, nothing_kept
from tests.reports.stories import MAKING, good_story, mixed_story

_TEXTS = {
    "errorlog": "Logging SQL Server messages in file 'E'.\nError: 912, Severity: 21.\nScript level upgrade failed.",
    "summary": "Exit code (Decimal): 3010\nResult error code: 0x00000BC2",
    "system": "2026 Error   Service Control Manager 7024:\tterminated",
}
_TAKEN = DiagnosticsTaken(
    "partial",
    required=False,
    texts=(
        DiagnosticText("event_log", "System", "system", 10, cut=False),
        DiagnosticText("errorlog", r"C:\Log\ERRORLOG", "errorlog", 5_000, cut=True, redactions=2),
        DiagnosticText("setup_log", r"C:\Log\Summary.txt", "summary", 40, cut=False),
        DiagnosticText("state", "state", "gone", 4, cut=False),
    ),
    trouble=("servicing_log: it took too long",),
)


def _host(name: str) -> TargetRecord:
    found = next(one for one in mixed_story().record.targets if one.host == name)
    return replace(found, diagnostics=_TAKEN, diagnosed_at=MAKING.at)


def test_the_first_lines_are_those_of_setup_and_then_those_that_tell_of_a_failure() -> None:
    assert first_lines(_host("GLOBEX01"), _TEXTS.get).splitlines() == [
        "Final result: Failed",
        "Exit code: 1648",
        "ERRORLOG: Error: 912, Severity: 21.",
        "ERRORLOG: Script level upgrade failed.",
        "System log: 2026 Error Service Control Manager 7024: terminated",
    ]


def test_what_an_installer_said_that_went_well_explains_no_failure() -> None:
    target = good_story().record.targets[0]
    assert all(step.state is StepState.SUCCESS for step in target.steps)
    assert first_lines(replace(target, state=TargetState.FAILED), nothing_kept) == ""


def test_a_log_that_is_gone_tells_nothing() -> None:
    assert first_lines(_host("GLOBEX02"), nothing_kept) == ""


def test_what_was_collected_lies_in_the_runs_folder_and_what_is_missing_is_said() -> None:
    found = collected_of(_host("GLOBEX01"))
    assert found is not None
    assert (found.words, found.tone, found.missing) == ("collected in part", "open", _TAKEN.trouble)
    errorlog = next(one for one in found.logs if one.name.endswith("ERRORLOG"))
    assert (errorlog.what, errorlog.file) == ("SQL Server's ERRORLOG", "Artifacts/Output/errorlog.txt")
    assert (errorlog.cut, errorlog.redactions) == (True, 2)


def test_a_host_that_nobody_asked_for_logs_has_none() -> None:
    assert collected_of(mixed_story().record.targets[0]) is None
