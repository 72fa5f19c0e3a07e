"""Updates of the operating system over real protocols: what a cycle makes of them, judged by the fleet's own ledger."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from core.app import composition
from core.app.assess import assess
from core.app.driving import Finished
from core.app.plan import plan
from core.model.facts import Facts, UpdateSilence
from core.model.failure import Cause
from core.model.outcome import Outcome
from core.model.record import TargetRecord
from core.model.selection import Selection
from core.model.state import StepState, TargetState
from core.store.durations import seen_durations
from tests.fleet.practising import CURRENT, Practising

_TWO = ["5044281", "5044300"]
# A run with more hosts that fail would be stopped by its failure budget.
_RUNS = (
    ("whole", "drop_network", "superseded", "installer_crash", "wua_denied"),
    ("wua_loop", "installer_exit"),
    ("disk_full", "job_lost"),
    ("exit_ok_build_unchanged",),
)


@dataclass(frozen=True)
class Story:
    """Runs over hosts that each met another fault."""

    fleet: Practising
    hosts: dict[str, str]
    runs: dict[str, Finished]

    def target(self, fault: str) -> TargetRecord:
        return self.runs[fault].record.target(self.hosts[fault])

    def updates(self, fault: str) -> list[tuple[str, str]]:
        told = self.fleet.told(self.hosts[fault], "update")
        return [(one["detail"]["kb"], one["detail"]["state"]) for one in told]

    def count(self, fault: str, *kinds: str) -> tuple[int, ...]:
        return self.fleet.count(self.hosts[fault], *kinds)

    def installed(self, fault: str) -> list[str]:
        found: list[str] = self.fleet.state(self.hosts[fault])["updates"]["installed"]
        return sorted(found)


@pytest.fixture(scope="module")
def story(running: Practising) -> Story:
    faults = [fault for some in _RUNS for fault in some]
    hosts = dict(zip(faults, running.take_missing(len(faults)), strict=True))
    plans = [running.authorised(*(hosts[fault] for fault in some)) for some in _RUNS]
    for fault in faults[1:]:
        when = "assess" if fault == "wua_denied" else "install"
        running.fault(hosts[fault], fault, when, code=-2145124330)
    ended = [running.deploy(made) for made in plans]
    return Story(running, hosts, {fault: one for some, one in zip(_RUNS, ended, strict=True) for fault in some})


def test_updates_are_installed_and_finished_by_one_restart(story: Story) -> None:
    target = story.target("whole")
    assert target.state is TargetState.SUCCESS
    assert story.updates("whole") == [(kb, "installed") for kb in story.installed("whole")]
    assert story.installed("whole") == _TWO
    assert story.count("whole", "installer_start", "installer_end", "reboot", "boot") == (1, 1, 1, 1)
    state = story.fleet.state(story.hosts["whole"])
    assert (state["claim"], state["jobs"], state["updates"]["revision"]) == (None, {}, 9000)
    assert {(one.kb, one.state) for step in target.steps for one in step.updates} == {(kb, "installed") for kb in _TWO}


def test_each_update_has_its_line_in_the_summary_of_installations(story: Story) -> None:
    summary = Path(story.runs["whole"].folder) / "Logs" / "install-summary.jsonl"
    lines = map(json.loads, summary.read_text(encoding="utf-8").splitlines())
    told = [one for one in lines if one["target"] == story.hosts["whole"]]
    assert sorted(one["kb"] for one in told) == _TWO
    assert all(one["installed"] and one["downloaded"] and one["hresult"] == 0 for one in told)
    assert {one["classification"] for one in told} == {"Security Updates"}
    assert all(one["durationMs"] > 0 for one in told)
    assert any(one["rebootRequired"] for one in told)


def test_a_line_that_breaks_meanwhile_is_waited_for_and_no_second_session_started(story: Story) -> None:
    target = story.target("drop_network")
    assert target.state is TargetState.SUCCESS
    assert target.connection_losses >= 1
    assert story.count("drop_network", "installer_start", "reboot") == (1, 1)


def test_an_update_that_vanished_is_left_out_with_what_took_its_place_and_nothing_else_is_taken(story: Story) -> None:
    target = story.target("superseded")
    assert target.state is TargetState.SUCCESS
    assert [kb for kb, _ in story.updates("superseded")] == ["5044300"]
    ends = {one.kb: one for step in target.steps for one in step.updates}
    assert (ends["5044281"].state, ends["5044281"].message) == ("superseded", "superseded by KB5044282")
    assert any("superseded by KB5044282 (plan again" in one for one in target.warnings)


def test_an_update_that_is_offered_again_is_reported_and_not_repeated(story: Story) -> None:
    target = story.target("wua_loop")
    assert target.state is TargetState.FAILED
    assert target.failure is not None
    assert target.failure.cause is Cause.INSTALLER
    assert "is offered again" in target.failure.detail
    assert len({kb for kb, _ in story.updates("wua_loop")}) == len(story.updates("wua_loop")) == 2


def test_an_update_that_is_rolled_back_at_the_restart_is_no_success(story: Story) -> None:
    target = story.target("exit_ok_build_unchanged")
    assert target.state is TargetState.FAILED
    assert story.count("exit_ok_build_unchanged", "installer_start") == (1,)
    assert len(story.installed("exit_ok_build_unchanged")) == 1


def test_a_failed_update_is_named_with_its_number_in_words_and_the_others_are_told(story: Story) -> None:
    target = story.target("installer_exit")
    assert target.state is TargetState.FAILED
    assert target.failure is not None
    assert "1 of 2 updates failed: KB" in target.failure.detail
    assert "0x80240016: another installation runs, or a restart must come first" in target.failure.detail
    assert sorted(state for _, state in story.updates("installer_exit")) == ["install_failed", "installed"]
    assert story.count("installer_exit", "reboot") == (0,)


def test_a_full_disk_is_the_cause_that_is_named(story: Story) -> None:
    target = story.target("disk_full")
    assert target.state is TargetState.FAILED
    assert target.failure is not None
    assert "0x80070070: the disk is full" in target.failure.detail


def test_a_session_that_is_lost_is_judged_by_a_search_and_not_started_again(story: Story) -> None:
    target = story.target("job_lost")
    assert target.state is TargetState.FAILED
    assert target.failure is not None
    assert target.failure.cause is Cause.JOB_LOST
    assert "not installed: KB" in target.failure.detail
    assert story.count("job_lost", "installer_start") == (1,)


def test_a_session_that_died_after_its_work_was_done_succeeds_with_a_warning(story: Story) -> None:
    target = story.target("installer_crash")
    assert target.state is TargetState.SUCCESS
    assert any("none of its updates is offered any more" in one for one in target.warnings)
    assert story.installed("installer_crash") == _TWO
    assert story.count("installer_crash", "installer_start", "reboot") == (1, 1)


def test_sql_server_comes_first_and_both_share_one_restart(fleet: Practising) -> None:
    (host,) = fleet.take_missing(1, "BOTH")
    finished = fleet.cycle(host)
    assert finished.outcome is Outcome.SUCCEEDED
    starts = [one["detail"] for one in fleet.told(host, "installer_start")]
    assert ["file" in one for one in starts] == [True, False]
    assert fleet.count(host, "reboot") == (1,)
    assert fleet.state(host)["builds"] == {"MSSQLSERVER": CURRENT}
    assert sorted(fleet.state(host)["updates"]["installed"]) == _TWO


def test_a_run_that_is_taken_up_finds_the_session_again(fleet: Practising) -> None:
    (host,) = fleet.take_missing(1)
    made = fleet.authorised(host)
    fleet.hold(host, at="installer_start")
    first = fleet.cli_process("deploy", made.id, "--yes", "--no-progress")
    fleet.until(host, "installer_start")
    first.kill()
    first.communicate()
    fleet.go_on()
    done = fleet.cli("deploy", "--resume", "--yes", "--json")
    assert done.code == 0, done.out + done.err
    assert fleet.count(host, "installer_start", "reboot") == (1, 1)
    assert sorted(fleet.state(host)["updates"]["installed"]) == _TWO


def test_where_the_agent_takes_no_network_logon_a_task_of_system_searches_and_installs(story: Story) -> None:
    host = story.hosts["wua_denied"]
    refused = story.fleet.told(host, "refused")
    assert {one["detail"].get("hresult") for one in refused} == {-2147024891}
    assert {one["detail"]["logon"] for one in story.fleet.told(host, "search")} == {"system"}
    assert story.target("wua_denied").state is TargetState.SUCCESS
    assert story.installed("wua_denied") == _TWO
    assert story.count("wua_denied", "installer_start", "reboot") == (1, 1)
    assert story.fleet.count(story.hosts["whole"], "refused") == (0,)


def test_a_service_that_cannot_be_reached_is_a_gap_with_a_name_and_the_rest_is_kept(fleet: Practising) -> None:
    (host,) = fleet.take_missing(1, "LOST")
    (found,) = assess(fleet.workspace, Selection((host,)))
    assert isinstance(found.result, Facts)
    assert found.result.instances
    assert isinstance(found.result.update_witness, UpdateSilence)
    assert "0x8024402C" in found.result.update_witness.failure.detail
    made = plan(fleet.workspace, Selection((host,)), timedelta(hours=1))
    assert "updates_unknown" in [one.code for one in made.warnings if host in one.hosts]
    shown = fleet.cli("facts", "show", host)
    assert "updates     not known: the update service was not heard: 0x8024402C" in shown.out


def test_updates_are_left_out_of_an_assessment_that_is_told_so(fleet: Practising) -> None:
    (host,) = fleet.take_missing(1)
    (found,) = assess(fleet.workspace, Selection((host,)), with_updates=False)
    assert isinstance(found.result, Facts)
    assert (found.result.update_witness, found.result.updates) == (None, ())


def test_how_long_updates_took_is_what_later_plans_expect(story: Story) -> None:
    with composition.open_database(story.fleet.workspace) as database:
        assert len(seen_durations(database)["os_update"]) >= 1
    assert any(step.state is StepState.SUCCESS for step in story.target("whole").steps)
