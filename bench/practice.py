"""The practice fleet: how soon a thousand hosts are there, how little they need, and whether anything leaks."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from threading import Event
from typing import Any

from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from bench.figure import Asking, Figure
from core.app import practice
from core.app.workspace import Workspace, hosts, settings_of
from core.contract.library import BOOT_STATE
from core.model.failure import Failure
from core.model.host import Host
from core.model.secret import Credential
from core.practice.handover import WINDOWS_ACCOUNT
from core.practice.spec.scenario import Generate, Scenario
from core.vault.practice import FILE, PracticeVault

_HOSTS, _THREADS = 1000, 50
_START_SECONDS, _IDLE_MEGABYTES = 3.0, 150.0
_SOAKED, _CYCLES, _QUICK_CYCLES = 20, 40, 8
# Logs are kept up to a length: only when they have it, more memory is a leak.
_WARM_CYCLES = 12
_GROWTH_PERCENT = 10.0
_LONGEST_BOOT = 60.0


@dataclass(frozen=True, slots=True)
class _Fleet:
    """One that runs, and what a client has to know of it."""

    running: practice.Practice
    hosts: tuple[Host, ...]
    account: Credential

    def state(self) -> dict[str, Any]:
        return practice.tell(self.running.control, {"do": "state"})

    def status(self, name: str) -> int:
        """What the system says of the fleet's process, in KiB where it is memory."""
        text = Path(f"/proc/{self.running.process}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name}:"))

    def handles(self) -> int:
        return len(list(Path(f"/proc/{self.running.process}/fd").iterdir()))

    def client(self, host: Host) -> WSMan:
        return WSMan(
            host.address,
            port=host.remoting.port,
            ssl=False,
            auth="ntlm",
            username=self.account.username,
            password=self.account.password.reveal(),
            no_proxy=True,
        )


def measure(asking: Asking) -> Iterator[Figure]:
    count = asking.count or _HOSTS
    began = time.perf_counter()
    with _started(Scenario(seed=asking.seed, generate=Generate(count=count))) as fleet:
        yield Figure(f"{count} hosts are there", time.perf_counter() - began, "s", limit=_START_SECONDS)
        yield Figure("memory when nobody asks", fleet.status("VmRSS") / 1024, "MB", limit=_IDLE_MEGABYTES)
        yield from _pools(fleet)
        yield Figure("memory with a pool a host behind it", fleet.status("VmRSS") / 1024, "MB")
    cycles = _QUICK_CYCLES if asking.quick else _CYCLES
    with _started(Scenario(seed=asking.seed, time_scale=5000, generate=Generate(count=_SOAKED))) as fleet:
        yield from _soak(fleet, cycles)


@contextmanager
def _started(scenario: Scenario) -> Iterator[_Fleet]:
    with tempfile.TemporaryDirectory(prefix="drydock-bench-") as folder:
        running = practice.start(Path(folder) / "workspace", scenario)
        workspace = Workspace(running.workspace)
        try:
            account = PracticeVault(workspace.path / FILE).get(WINDOWS_ACCOUNT)
            assert not isinstance(account, Failure), account
            yield _Fleet(running, hosts(settings_of(workspace)), account)
        finally:
            practice.stop(workspace)


def _pools(fleet: _Fleet) -> Iterator[Figure]:
    """Opened, all of them open at once, closed."""

    def opened(host: Host) -> RunspacePool | None:
        pool = RunspacePool(fleet.client(host))
        try:
            pool.open()
        except Exception:  # whatever it is, it counts
            return None
        return pool

    with ThreadPoolExecutor(_THREADS) as threads:
        began = time.perf_counter()
        pools = list(threads.map(opened, fleet.hosts))
        seconds = time.perf_counter() - began
        good = [pool for pool in pools if pool is not None]
        shells = sum(host["shells"] for host in fleet.state()["hosts"])
        list(threads.map(_close, good))
    yield Figure(f"pools that {_THREADS} threads could not open", len(pools) - len(good), "pools", limit=0)
    yield Figure("pools that the fleet did not count", len(good) - shells, "pools", limit=0)
    yield Figure("pools opened", len(pools) / seconds, "pools/s")


def _close(pool: RunspacePool) -> None:
    pool.close()
    pool.connection.close()


def _soak(fleet: _Fleet, cycles: int) -> Iterator[Figure]:
    """Connect, run, and close or be cut off by a crash, then boot; again and again."""
    with ThreadPoolExecutor(_SOAKED) as threads:
        _cycle_often(fleet, threads, _WARM_CYCLES)
        before = _held(fleet)
        _cycle_often(fleet, threads, cycles)
        after = _held(fleet)
    yield Figure("cycles of connect, run, cut and boot", cycles * _SOAKED, "cycles")
    for name in ("handles", "tasks", "threads", "shells", "connections"):
        yield Figure(f"{name} that were not given back", after[name] - before[name], name, limit=0)
    growth = (after["memory"] / before["memory"] - 1) * 100
    yield Figure("memory more than before", growth, "%", limit=_GROWTH_PERCENT)


def _cycle_often(fleet: _Fleet, threads: ThreadPoolExecutor, cycles: int) -> None:
    for number in range(cycles):
        list(threads.map(_cycle, repeat(fleet), fleet.hosts, repeat(number % 2 == 0)))
        for host in fleet.hosts:
            practice.tell(fleet.running.control, {"do": "crash", "host": host.name})
        _wait(lambda: all(map(_is_at_work, fleet.state()["hosts"])))


def _is_at_work(host: dict[str, Any]) -> bool:
    return bool(host["up"] and host["services"]["SQLSERVERAGENT"])


def _cycle(fleet: _Fleet, host: Host, leaves: bool) -> None:
    """Who leaves does not say goodbye: the crash that follows ends its connection."""
    pool = RunspacePool(fleet.client(host))
    pool.open()
    shell = PowerShell(pool)
    shell.add_script(BOOT_STATE.text)
    (output,) = shell.invoke()
    if not json.loads(output)["ok"]:
        raise RuntimeError(f"{host.name} did not answer")
    if leaves:
        pool.connection.close()
    else:
        _close(pool)


def _held(fleet: _Fleet) -> dict[str, float]:
    """When all is quiet: what just ended needs a moment to be gone."""
    with suppress(TimeoutError):
        _wait(lambda: not any(host["connections"] for host in fleet.state()["hosts"]))
    state = fleet.state()
    return {
        "handles": min(_looks(fleet.handles)),
        "tasks": state["tasks"],
        "threads": fleet.status("Threads"),
        "shells": sum(host["shells"] for host in state["hosts"]),
        "connections": sum(host["connections"] for host in state["hosts"]),
        "memory": fleet.status("VmRSS"),
    }


def _looks(look: Callable[[], int]) -> Iterator[int]:
    """The connection over which this was asked just now is still being closed: the lowest of some looks counts."""
    pause = Event()
    for _ in range(10):
        yield look()
        pause.wait(0.05)


def _wait(true: Callable[[], bool]) -> None:
    pause, began = Event(), time.perf_counter()
    while not true():
        if time.perf_counter() - began > _LONGEST_BOOT:
            raise TimeoutError("the hosts did not come to rest")
        pause.wait(0.05)
