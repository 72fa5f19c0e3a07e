"""A run over a practice fleet, against the list-scheduling bound of what its hosts themselves needed.

The bound takes the fleet's own durations (installers and restarts, from its ledger) and what bare pypsrp needs for as
many round trips, and gives every free worker the next host at once. Memory and processor time are those of the walks:
another process plans, and both are read at the journal's lines, before the reports are written.
"""

import gc
import heapq
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from bench.figure import Asking, Figure
from core.app import composition, practice
from core.app.authorise import authorise
from core.app.deploy import deploy
from core.app.driving import Finished
from core.app.plan import show
from core.app.workspace import Workspace, hosts, settings_of
from core.contract.library import BOOT_STATE
from core.engine.runner import Stops
from core.model.failure import Failure
from core.model.host import Host
from core.model.plan import Plan
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from core.practice.sql_updates import SQL_UPDATES


@dataclass(frozen=True, slots=True)
class _Size:
    hosts: int
    pool: int
    time_scale: int


# Slow enough that the hosts, not this PC that plays them all, decide how long the run takes.
_FULL, _QUICK = _Size(1000, 50, 30), _Size(40, 10, 40)
_TRIPS = 20

# Watching goes on while an installer or a restart does: its time is in theirs, its round trips' work is not.
_WATCHING = frozenset({"watch_job", "boot_state"})


@dataclass(slots=True)
class _Spent:
    """What one host needed, by the fleet's ledger."""

    seconds: float = 0.0
    trips: int = 0
    watched: int = 0
    logins: int = 0


def measure(asking: Asking) -> Iterator[Figure]:
    size = _QUICK if asking.quick else _FULL
    with tempfile.TemporaryDirectory() as folder:
        behind = (InstanceSpec(build=SQL_UPDATES["2019"].before),)
        servers = tuple(ServerSpec(name=f"SQL{number:04}", instances=behind) for number in range(size.hosts))
        fleet = practice.start(Path(folder) / "workspace", Scenario(time_scale=size.time_scale, servers=servers))
        workspace = Workspace(fleet.workspace)
        try:
            _widen(workspace, size)
            yield from _measured(workspace, fleet.ledger, size)
        finally:
            practice.stop(workspace)


def _widen(workspace: Workspace, size: _Size) -> None:
    """The pool is what is measured: nothing else may hold a host back."""
    _change(workspace.config / "audit_config.json", concurrency={"max_concurrent_servers": size.pool})
    pace = {"max_hosts": size.pool, "max_reboots": size.pool}
    _change(
        workspace.config / "policies" / "default.json", concurrency=pace, canary={"hosts": 0}, maintenance_windows=[]
    )


def _change(path: Path, **sections: object) -> None:
    document = json.loads(path.read_text(encoding="utf-8")) | sections
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")


def _measured(workspace: Workspace, ledger: Path, size: _Size) -> Iterator[Figure]:
    first, *others = [host.name for host in hosts(settings_of(workspace))]
    # What is loaded once for a process is no part of a host.
    _deployed(workspace, _planned(workspace, first), _Walks())
    made = _planned(workspace, *others)
    begun_at = len(ledger.read_text(encoding="utf-8").splitlines())
    walks, began = _Walks(), time.perf_counter()
    finished = _deployed(workspace, made, walks)
    wall = time.perf_counter() - began
    spent = _spent(ledger, begun_at)
    login, trip, login_used, trip_used = _bare(workspace, size.pool)
    order = [host for wave in made.waves for host in wave.hosts]
    needed = [spent[host].seconds + spent[host].logins * login + spent[host].trips * trip for host in order]
    bound = _bound(needed, size.pool)
    own = walks.processor - sum(
        one.logins * login_used + (one.trips + one.watched) * trip_used for one in (spent[host] for host in order)
    )
    yield Figure("hosts", len(order), "hosts")
    yield Figure("hosts that did not succeed", _failed(finished), "hosts", 0)
    yield Figure("seconds of the run", wall, "s")
    yield Figure("seconds of bare pypsrp for a round trip", trip, "s")
    yield Figure("run against the bound", wall / bound, "ratio", 1.10)
    yield Figure("processor time of a walk, pypsrp included", 1000 * walks.processor / len(order), "ms")
    yield Figure("processor time of a walk, its own share", 1000 * own / len(order), "ms", 250)
    yield Figure("memory of the process before the first host", walks.memory_before, "MB")
    yield Figure("memory for each host in flight", (walks.most_memory - walks.memory_before) / size.pool, "MB", 1)


class _Walks:
    """What walks take of this process, looked at with each of the journal's lines: they are what writes them. The first
    comes when the run is there with its plan, and none of its hosts was begun."""

    def __init__(self) -> None:
        self.memory_before = self.most_memory = 0.0
        self._processor_before = time.process_time()
        self.processor = 0.0

    def told(self, _: tuple[str, ...]) -> None:
        if not self.memory_before:
            gc.collect()
            self.memory_before = _resident_mb()
        self.most_memory = max(self.most_memory, _resident_mb())
        self.processor = time.process_time() - self._processor_before


def _planned(workspace: Workspace, *names: str) -> Plan:
    """By a process of its own: what it leaves behind in this one would hide what the run takes."""
    servers = [word for name in names for word in ("--server", name)]
    command = [sys.executable, "-m", "core.cli", "plan", "--json", "--workspace", str(workspace.path), *servers]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    made = show(workspace, json.loads(told.stdout)["data"]["id"])
    authorise(workspace, made.id, "a bench", None, None)
    return made


def _deployed(workspace: Workspace, made: Plan, walks: _Walks) -> Finished:
    finished = deploy(workspace, made.id, lambda *_: True, walks.told, Stops())
    if finished is None:
        raise ValueError("nobody confirmed the run")
    return finished


def _bound(needed: Iterable[float], pool: int) -> float:
    """Each free worker takes the next at once."""
    free = [0.0] * pool
    for seconds in needed:
        heapq.heapreplace(free, free[0] + seconds)
    return max(free)


def _failed(finished: Finished) -> int:
    return sum(target.state != "success" for target in finished.record.targets)


def _spent(ledger: Path, begun_at: int) -> dict[str, _Spent]:
    """Installers and restarts by their own ends; round trips, those for watching apart."""
    found: dict[str, _Spent] = defaultdict(_Spent)
    begun: dict[tuple[str, str], datetime] = {}
    for line in ledger.read_text(encoding="utf-8").splitlines()[begun_at:]:
        entry = json.loads(line)
        host, kind, at = entry["host"], entry["kind"], datetime.fromisoformat(entry["time"])
        match kind:
            case "installer_start" | "reboot":
                begun[host, kind] = at
            case "installer_end" | "boot":
                start = begun.pop((host, "installer_start" if kind == "installer_end" else "reboot"))
                found[host].seconds += (at - start).total_seconds()
            case "login":
                found[host].logins += 1
            case "script" if entry["detail"].get("name") in _WATCHING:
                found[host].watched += 1
            case "script":
                found[host].trips += 1
            case _:
                pass
    return found


def _bare(workspace: Workspace, pool: int) -> tuple[float, float, float, float]:
    """Seconds of a logon and of a round trip with as many at once as in the run, and processor time of each."""
    settings = settings_of(workspace)
    known = hosts(settings)
    secrets = composition.secrets_of(workspace, settings, known)

    def visit(host: Host, trips: int) -> float:
        credential = secrets.get(host.remoting.credential_ref or "")
        assert not isinstance(credential, Failure), credential
        began = time.perf_counter()
        wsman = WSMan(
            host.address,
            port=host.remoting.port,
            username=credential.username,
            password=credential.password.reveal(),
            ssl=host.remoting.transport == "https",
            auth=host.remoting.auth,
            cert_validation=host.remoting.ca_file or False,  # type: ignore[arg-type]  # a path is taken, too
        )
        with wsman, RunspacePool(wsman) as runspaces:
            for _ in range(trips):
                shell = PowerShell(runspaces)
                shell.add_script(BOOT_STATE.text)
                shell.invoke()
        return time.perf_counter() - began

    def together(trips: int) -> tuple[float, float]:
        processor = time.process_time()
        with ThreadPoolExecutor(pool) as threads:
            times = list(threads.map(lambda host: visit(host, trips), known[:pool]))
        return sum(times) / len(times), (time.process_time() - processor) / len(times)

    (login, login_used), (all_trips, all_used) = together(0), together(_TRIPS)
    return login, (all_trips - login) / _TRIPS, login_used, (all_used - login_used) / _TRIPS


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20
