"""A run over a practice fleet, against the list-scheduling bound of what its hosts themselves needed.

The bound takes the fleet's own durations (installers and restarts, from its ledger) and what bare pypsrp needs for as
many round trips, and gives every free worker the next host at once.
"""

import heapq
import json
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from bench.figure import Asking, Figure
from core.app import composition, practice
from core.app.authorise import authorise
from core.app.deploy import deploy
from core.app.driving import Finished
from core.app.plan import plan
from core.app.workspace import Workspace, hosts, settings_of
from core.contract.library import BOOT_STATE
from core.engine.runner import Stops
from core.model.failure import Failure
from core.model.host import Host
from core.model.selection import Selection
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
_FULL, _QUICK = _Size(1000, 50, 10), _Size(40, 10, 40)
_TRIPS = 20

# Watching goes on while an installer or a restart does: its time is in theirs.
_WATCHING = frozenset({"watch_job", "boot_state"})


@dataclass(slots=True)
class _Spent:
    """What one host needed, by the fleet's ledger."""

    seconds: float = 0.0
    trips: int = 0
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
    made = plan(workspace, Selection(), timedelta(0))
    _warm_up(workspace, made.targets[0].host)
    made = plan(workspace, Selection(tuple(target.host for target in made.targets[1:])), timedelta(0))
    authorise(workspace, made.id, "a bench", None, None)
    begun_at = len(ledger.read_text(encoding="utf-8").splitlines())
    memory, processor, began = _peak_mb(), time.process_time(), time.perf_counter()
    finished = deploy(workspace, made.id, lambda *_: True, lambda _: None, Stops())
    wall, used = time.perf_counter() - began, time.process_time() - processor
    if finished is None:
        raise ValueError("nobody confirmed the run")
    grown = _peak_mb() - memory
    spent = _spent(ledger, begun_at)
    login, trip, login_used, trip_used = _bare(workspace, size.pool)
    order = [host for wave in made.waves for host in wave.hosts]
    needed = [spent[host].seconds + spent[host].logins * login + spent[host].trips * trip for host in order]
    bound = _bound(needed, size.pool)
    own = used - sum(spent[host].logins * login_used + spent[host].trips * trip_used for host in order)
    yield Figure("hosts", len(order), "hosts")
    yield Figure("hosts that did not succeed", _failed(finished), "hosts", 0)
    yield Figure("seconds of the run", wall, "s")
    yield Figure("seconds of bare pypsrp for a round trip", trip, "s")
    yield Figure("run against the bound", wall / bound, "ratio", 1.10)
    yield Figure("processor time of a walk, pypsrp included", 1000 * used / len(order), "ms")
    yield Figure("processor time of a walk, its own share", 1000 * own / len(order), "ms", 250)
    yield Figure("memory for each host in flight", grown / size.pool, "MB", 1)


def _warm_up(workspace: Workspace, host: str) -> None:
    """What is loaded once for a process is no part of a host."""
    made = plan(workspace, Selection((host,)), timedelta(0))
    authorise(workspace, made.id, "a bench", None, None)
    deploy(workspace, made.id, lambda *_: True, lambda _: None, Stops())


def _bound(needed: Iterable[float], pool: int) -> float:
    """Each free worker takes the next at once."""
    free = [0.0] * pool
    for seconds in needed:
        heapq.heapreplace(free, free[0] + seconds)
    return max(free)


def _failed(finished: Finished) -> int:
    return sum(target.state != "success" for target in finished.record.targets)


def _spent(ledger: Path, begun_at: int) -> dict[str, _Spent]:
    """Installers and restarts by their own ends; the round trips that were not watching."""
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
            case "script" if entry["detail"].get("name") not in _WATCHING:
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


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
