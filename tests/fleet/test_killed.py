"""A real kill of the run's process, at ten of its journal's lines: resumed, the hosts' ledger tells the same."""

from __future__ import annotations

import json
import signal

import pytest

from core.app.status import status
from core.model.outcome import Outcome
from core.model.state import TargetState
from tests.fleet.practising import CURRENT, Practising

# The first line of the journal behind the restart, and a time of the host's life by the clock on the wall.
_RESTARTED, _FIVE_SECONDS = 19, 10_000


@pytest.mark.parametrize("line", range(1, 21, 2))
def test_whatever_line_was_the_last_the_host_is_patched_once(fleet: Practising, line: int) -> None:
    (host,) = fleet.take(1)
    made = fleet.authorised(host)
    fleet.fault(host, "drop_network", after_percent=40, times=1)
    _keep_from_ending(fleet, host, line)
    process = fleet.cli_process("deploy", made.id, "--yes", "--json", "--no-progress")
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(line)]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    fleet.go_on()
    assert process.returncode == -signal.SIGKILL
    run_id = json.loads(told[0])["runId"]
    assert "run_ended" not in told[-1]
    resumed = fleet.cli("deploy", "--resume", run_id, "--json", "--no-progress")
    assert resumed.code == 0, resumed.out
    record = status(fleet.workspace, run_id).record
    assert (record.outcome, record.epoch) == (Outcome.SUCCEEDED, 2)
    assert record.target(host).state is TargetState.SUCCESS
    assert fleet.count(host, "installer_start", "installer_end", "reboot", "boot") == (1, 1, 1, 1)
    assert fleet.state(host)["claim"] is None
    assert CURRENT in str(fleet.state(host))


def _keep_from_ending(fleet: Practising, host: str, line: int) -> None:
    """Who kills may come late: until then the host's restart stands still, or its engine takes no logins yet."""
    if line < _RESTARTED:
        fleet.hold(host, at="reboot")
    else:
        fleet.fault(host, "upgrade_mode", "verify", seconds=_FIVE_SECONDS)
