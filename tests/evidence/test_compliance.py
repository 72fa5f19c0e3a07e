"""Compliance: derived from facts, verdicts and the last run, and never better than what is known."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.evidence.compliance import Judged, Past, compliance_of, in_utc
from core.model.block import PatchBlock
from core.model.build import Build
from core.model.compliance import Compliance, ComplianceState
from core.model.facts import BootMarks, OsUpdate, UpdateAnswer
from core.model.failure import Cause, Failure
from core.model.history import Visit
from core.model.host import host_named
from core.model.state import TargetState
from core.model.unanswered import Unanswered
from core.model.verdict import HostVerdict, LeftOut, Needs, PatchFile, UpToDate, Verdict, Wanted
from tests.samples import AT, MAPPING, NEW, OLD, RUN, facts

_S = ComplianceState
_WELL = UpToDate("MSSQLSERVER", Build.parse(NEW), Build.parse(NEW))
_DUE = Needs("MSSQLSERVER", Build.parse(OLD), MAPPING, "a mapping")
_MONTH_AGO = AT - timedelta(days=30)
_SILENT = Unanswered("SQL01", AT + timedelta(hours=2), Failure(Cause.UNREACHABLE, "connection refused", "is WinRM on?"))
_BLOCK = PatchBlock("SQL01", RUN, AT, "install_failure", "setup failed")


def _host(
    *verdicts: Verdict,
    visit: Visit | None = None,
    at: datetime = AT,
    obstacles: tuple[LeftOut, ...] = (),
    updates: tuple[Wanted, ...] = (),
) -> Compliance:
    judged = Judged(facts(at=at), HostVerdict("SQL01", verdicts, obstacles, updates))
    return compliance_of(host_named("SQL01"), judged, Past(visit), _MONTH_AGO)


def _visit(state: TargetState, error: str | None = None, *, ended: float = -1) -> Visit:
    """A visit that ended so many hours after the facts were taken."""
    ended_at = AT + timedelta(hours=ended)
    return Visit(RUN, "SQL01", state, error, "olga", ended_at - timedelta(hours=1), ended_at, ended_at, ended_at)


def test_a_host_with_nothing_due_is_compliant() -> None:
    assert _host(_WELL).state is _S.COMPLIANT


def test_a_host_that_was_never_assessed_is_unknown() -> None:
    assert compliance_of(host_named("SQL01"), None, Past(), _MONTH_AGO).state is _S.UNKNOWN


def test_a_host_that_could_not_be_assessed_says_when_why_and_what_to_do() -> None:
    found = compliance_of(host_named("SQL01"), None, Past(unanswered=_SILENT), _MONTH_AGO)
    assert found.state is _S.UNKNOWN
    assert found.why == f"could not be assessed at {in_utc(_SILENT.at)}: connection refused (is WinRM on?)"
    assert found.unanswered == _SILENT


def test_facts_of_before_a_look_that_failed_still_stand_and_the_failure_is_told_with_them() -> None:
    judged = Judged(facts(), HostVerdict("SQL01", (_DUE,), (), ()))
    found = compliance_of(host_named("SQL01"), judged, Past(unanswered=_SILENT), _MONTH_AGO)
    assert found.state is _S.PENDING
    assert [part.split()[0] for part in found.why.split("; ")] == ["MSSQLSERVER", "could"]
    assert found.levels


def test_times_are_told_by_the_readers_clock() -> None:
    past = Past(block=_BLOCK, unanswered=_SILENT)
    found = compliance_of(host_named("SQL01"), None, past, _MONTH_AGO, lambda at: f"{at:%H} o'clock")
    assert f"at {_SILENT.at:%H} o'clock" in found.why
    assert f"since {_BLOCK.blocked_at:%H} o'clock" in found.why


def test_that_microsoft_took_a_build_back_is_told_before_whatever_else_blocks_the_host() -> None:
    others = [LeftOut(f"I{number}", "unsupported", "too old") for number in range(3)]
    found = _host(*others, LeftOut("MSSQLSERVER", "withdrawn", "build 15.0.4430.1 was withdrawn by Microsoft"))
    assert found.why.startswith("MSSQLSERVER: build 15.0.4430.1 was withdrawn by Microsoft; I0: too old; ")


def test_builds_bear_the_names_that_people_know_them_by() -> None:
    names = {Build.parse(OLD): "CU28", Build.parse(NEW): "CU32"}
    judged = Judged(facts(), HostVerdict("SQL01", (_DUE,), (), ()), title=names.get)
    found = compliance_of(host_named("SQL01"), judged, Past(), _MONTH_AGO)
    assert found.why == f"MSSQLSERVER is at CU28 ({OLD}) and is to be at CU32 ({NEW})"
    assert [(one.title, one.target_title) for one in found.levels] == [("CU28", "CU32")]


def test_old_facts_prove_nothing_however_good_they_were() -> None:
    assert _host(_WELL, at=_MONTH_AGO - timedelta(days=1)).state is _S.UNKNOWN


def test_what_is_due_is_pending_and_named() -> None:
    found = _host(_DUE)
    assert (found.state, OLD in found.why, NEW in found.why) == (_S.PENDING, True, True)
    assert len(found.pending) == 1


def test_an_update_of_sql_server_that_is_due_is_found_by_its_kb() -> None:
    """Whoever searches for it is shown the hosts that wait for it."""
    (file,) = MAPPING.files
    found = _host(replace(_DUE, files=(PatchFile(file, Build.parse(NEW)),)))
    assert found.pending[0].endswith(", KB5054833")
    unnamed = replace(file, kb=None, filename="SQLServer2019-KB5054833-x64.exe")
    assert _host(replace(_DUE, files=(PatchFile(unnamed, Build.parse(NEW)),))).pending == found.pending


def test_one_update_of_the_operating_system_is_enough_to_be_pending() -> None:
    found = _host(_WELL, updates=(Wanted(OsUpdate("id", "A security update", "5044281"), "policy"),))
    assert (found.state, found.pending) == (_S.PENDING, ("KB5044281: A security update",))


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("pinned", _S.DEFERRED),
        ("too_young", _S.DEFERRED),
        ("unsupported", _S.BLOCKED),
        ("branch_crossing", _S.BLOCKED),
        ("witnesses_disagree", _S.UNKNOWN),
        ("no_mapping", _S.UNKNOWN),
        ("a code of tomorrow", _S.UNKNOWN),
        ("disabled_target", _S.COMPLIANT),
    ],
)
def test_what_is_left_out_counts_by_its_reason(code: str, state: ComplianceState) -> None:
    assert _host(LeftOut("MSSQLSERVER", code, "why"), _WELL).state is state


def test_a_pending_restart_blocks_only_what_is_due() -> None:
    waits = LeftOut(None, "pending_reboot", "Windows waits for a restart")
    assert _host(_DUE, obstacles=(waits,)).state is _S.BLOCKED
    assert _host(_WELL, obstacles=(waits,)).state is _S.COMPLIANT


@pytest.mark.parametrize(
    ("left", "state"),
    [
        (TargetState.FAILED, _S.FAILED),
        (TargetState.PARTIAL, _S.FAILED),
        (TargetState.BLOCKED, _S.BLOCKED),
        (TargetState.UNKNOWN, _S.UNKNOWN),
        (TargetState.SUCCESS, _S.PENDING),
        (TargetState.CANCELLED, _S.PENDING),
    ],
)
def test_what_is_due_after_a_run_is_what_the_run_left(left: TargetState, state: ComplianceState) -> None:
    assert _host(_DUE, visit=_visit(left, "why")).state is state


@pytest.mark.parametrize(("left", "told"), [(TargetState.FAILED, "failed"), (TargetState.BLOCKED, "held it")])
def test_what_the_last_run_met_is_said_after_few_words(left: TargetState, told: str) -> None:
    """In the fleet's grid there is room for few: what is to be done has to be among them."""
    assert _host(_DUE, visit=_visit(left, "it leads AG-SALES")).why == f"the last run {told}: it leads AG-SALES"


def _blocked_host(*verdicts: Verdict, past: Past) -> Compliance:
    return compliance_of(host_named("SQL01"), Judged(facts(), HostVerdict("SQL01", verdicts)), past, _MONTH_AGO)


def test_a_patch_blocked_host_is_blocked_however_well_it_looks() -> None:
    seen_since = _visit(TargetState.FAILED, "setup failed", ended=-1)
    found = _blocked_host(_WELL, past=Past(seen_since, block=_BLOCK))
    assert (found.state, "until somebody unblocks it: setup failed" in found.why) == (_S.BLOCKED, True)


def test_a_host_that_failed_and_is_patch_blocked_is_told_to_be_both() -> None:
    found = _blocked_host(_DUE, past=Past(_visit(TargetState.FAILED, "setup failed"), block=_BLOCK))
    assert found.state is _S.FAILED
    assert found.why == (
        f"the last run failed: setup failed; patch-blocked since {in_utc(AT)} until somebody unblocks it"
    )
    other = _blocked_host(_DUE, past=Past(_visit(TargetState.FAILED, "the disk is full"), block=_BLOCK))
    assert other.why.startswith("the last run failed: the disk is full; patch-blocked since")
    assert other.why.endswith("until somebody unblocks it: setup failed")


def test_a_run_that_left_a_host_out_because_of_its_block_says_nothing_new() -> None:
    left_out = _visit(TargetState.BLOCKED, "it has been patch-blocked since then: setup failed")
    found = _blocked_host(_DUE, past=Past(left_out, block=_BLOCK))
    assert found.why == f"patch-blocked since {in_utc(AT)} until somebody unblocks it: setup failed"


def test_a_host_that_was_left_out_as_blocked_is_pending_once_it_is_unblocked() -> None:
    left_out = _visit(TargetState.BLOCKED, "patch-blocked")
    assert _blocked_host(_DUE, past=Past(left_out, unblocked_at=AT)).state is _S.PENDING
    assert _blocked_host(_DUE, past=Past(left_out, unblocked_at=AT - timedelta(days=1))).state is _S.BLOCKED


def test_what_was_put_off_is_still_due() -> None:
    assert _host(_DUE, visit=_visit(TargetState.DEFERRED)).state is _S.PENDING


def test_a_failed_run_is_forgiven_only_by_an_assessment_that_came_after_it() -> None:
    assert _host(_WELL, visit=_visit(TargetState.FAILED, "a service is down", ended=1)).state is _S.FAILED
    assert _host(_WELL, visit=_visit(TargetState.FAILED, "a service is down", ended=-1)).state is _S.COMPLIANT


def test_a_restart_that_is_left_to_the_operator_is_pending_until_it_happened() -> None:
    waiting = _visit(TargetState.AWAITING_REBOOT)
    assert _host(_WELL, visit=waiting).state is _S.PENDING
    restarted = replace(facts(), boot=BootMarks(AT - timedelta(minutes=5), "boot:42"))
    judged = Judged(restarted, HostVerdict("SQL01", (_WELL,)))
    assert compliance_of(host_named("SQL01"), judged, Past(waiting), _MONTH_AGO).state is _S.COMPLIANT


@pytest.mark.parametrize("state", [TargetState.PENDING, TargetState.IN_PROGRESS, TargetState.OVERDUE])
def test_a_host_in_the_hands_of_a_run_is_pending_even_if_it_looks_well(state: TargetState) -> None:
    assert _host(_WELL, visit=_visit(state)).state is _S.PENDING


def test_updates_that_policy_wants_and_nobody_asked_for_are_not_taken_for_installed() -> None:
    verdict = HostVerdict("SQL01", (_WELL,))
    asked = Judged(facts(), verdict, wants_updates=True)
    assert compliance_of(host_named("SQL01"), asked, Past(), _MONTH_AGO).state is _S.UNKNOWN
    left_alone = Judged(facts(), verdict, wants_updates=False)
    assert compliance_of(host_named("SQL01"), left_alone, Past(), _MONTH_AGO).state is _S.COMPLIANT


@pytest.mark.parametrize(("complete", "state"), [(True, _S.COMPLIANT), (False, _S.UNKNOWN)])
def test_a_search_proves_something_only_if_it_came_to_its_end(complete: bool, state: ComplianceState) -> None:
    witness = UpdateAnswer("Microsoft Update", "id", "", AT, complete)
    judged = Judged(replace(facts(), update_witness=witness), HostVerdict("SQL01", (_WELL,)), wants_updates=True)
    assert compliance_of(host_named("SQL01"), judged, Past(), _MONTH_AGO).state is state
