"""A real fleet in a process of its own, and what tests do with it: take hosts, set faults, read the ledger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from core.app import practice
from core.app.authorise import authorise
from core.app.deploy import deploy
from core.app.driving import Finished
from core.app.plan import plan
from core.app.workspace import Workspace
from core.engine.runner import Stops
from core.model.plan import Plan
from core.model.selection import Selection
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.os_update import OsUpdateSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from tests.cli.drydock import Said, drydock

BEHIND, CURRENT = "15.0.4385.2", "15.0.4430.1"
# Nobody waits so long where all is well: a PC that is slow and busy is not what these tests are about.
LIMIT_SECONDS = 150.0
_TURN_SECONDS = 0.02


def scenario(count: int) -> Scenario:
    """Hosts that all need the same update, in a time that runs fast."""
    behind = (InstanceSpec(build=BEHIND),)
    servers = tuple(ServerSpec(name=f"SQL{number:02}", instances=behind) for number in range(count))
    return Scenario(time_scale=2000, servers=servers)


def with_missing_updates(known: Scenario) -> Scenario:
    """Hosts that lack the same two updates; one where SQL Server is behind, too, one with no service in reach, and one
    that takes CredSSP."""
    current, behind = (InstanceSpec(build=CURRENT),), (InstanceSpec(build=BEHIND),)
    updates = (
        OsUpdateSpec(kb="5044281", title="Cumulative update", reboot="always", size_mb=400, revision=9000),
        OsUpdateSpec(kb="5044300", title="Update for .NET", reboot="never", size_mb=60),
    )
    others = (
        *(ServerSpec(name=f"OS{number:02}", instances=current, os_updates=updates) for number in range(14)),
        ServerSpec(name="BOTH00", instances=behind, os_updates=updates),
        ServerSpec(name="LOST00", instances=current, os_updates=updates, update_service="unreachable"),
        ServerSpec(name="TRUST00", instances=behind, transport="https", auth="credssp"),
    )
    return known.model_copy(update={"servers": (*known.servers, *others)})


class Practising:
    """A fleet that runs. Each test takes hosts that nobody has touched."""

    def __init__(self, fleet: practice.Practice) -> None:
        self.workspace = Workspace(fleet.workspace)
        self._control = fleet.control
        self._ledger = fleet.ledger
        names = [host["host"] for host in self.tell(do="state")["hosts"]]
        self._fresh = iter([name for name in names if name.startswith("SQL")])
        self._others = [name for name in names if not name.startswith("SQL")]
        self._pool = ThreadPoolExecutor(4)

    def take(self, count: int) -> tuple[str, ...]:
        taken = tuple(islice(self._fresh, count))
        assert len(taken) == count, "the fleet of the tests has no fresh hosts left: start it with more"
        return taken

    def take_missing(self, count: int, kind: str = "OS") -> tuple[str, ...]:
        """Hosts that lack updates of their system."""
        taken = tuple(islice((name for name in self._others if name.startswith(kind)), count))
        assert len(taken) == count, f"the fleet of the tests has no fresh hosts {kind} left: start it with more"
        self._others = [name for name in self._others if name not in taken]
        return taken

    def tell(self, **command: Any) -> dict[str, Any]:
        answer = practice.tell(self._control, command)
        assert answer["ok"], answer
        return answer

    def fault(self, host: str, kind: str, when: str = "install", **more: Any) -> None:
        self.tell(do="fault", host=host, kind=kind, when=when, **more)

    @contextmanager
    def waiting(self, **minutes: float) -> Iterator[None]:
        """A console of other time limits: what is sure not to come need not be waited for."""
        file = self.workspace.path / "config" / "audit_config.json"
        before = file.read_text(encoding="utf-8")
        known = json.loads(before)
        file.write_text(json.dumps(known | {"timeouts": known.get("timeouts", {}) | minutes}), encoding="utf-8")
        try:
            yield
        finally:
            file.write_text(before, encoding="utf-8")

    def hold(self, *hosts: str, at: str | None = None) -> None:
        for host in hosts:
            self.tell(do="hold", host=host, at=at)

    def go_on(self) -> None:
        self.tell(do="go_on")

    def state(self, host: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.tell(do="state")["hosts"] if one["host"] == host)
        return found

    def told(self, host: str, kind: str) -> list[dict[str, Any]]:
        return [entry for entry in self._entries() if entry["host"] == host and entry["kind"] == kind]

    def _entries(self) -> list[dict[str, Any]]:
        """The ledger's. Its last line is perhaps still being written."""
        lines = self._ledger.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def unanswered(self) -> list[dict[str, Any]]:
        """What the product asked and the fleet did not know: no test may pass on such silence."""
        return [one for one in self._entries() if one["kind"] == "refused" and "question" in one["detail"]]

    def until(self, host: str, kind: str, count: int = 1) -> None:
        until(lambda: len(self.told(host, kind)) >= count, f"{count} times {kind} of {host}")

    def count(self, host: str, *kinds: str) -> tuple[int, ...]:
        return tuple(len(self.told(host, kind)) for kind in kinds)

    # The sentence, in this process

    def plan(self, *hosts: str) -> Plan:
        return plan(self.workspace, Selection(hosts), timedelta(0))

    def authorised(self, *hosts: str) -> Plan:
        made = self.plan(*hosts)
        authorise(self.workspace, made.id, "a test", None, None)
        return made

    def deploy(
        self, made: Plan, stops: Stops | None = None, told: Callable[[dict[str, Any]], None] | None = None
    ) -> Finished:
        def tell(lines: tuple[str, ...]) -> None:
            for line in lines:
                (told or (lambda _: None))(json.loads(line))

        finished = deploy(self.workspace, made.id, lambda *_: True, tell, stops or Stops())
        assert finished is not None
        return finished

    def begin(
        self, made: Plan, stops: Stops | None = None, told: Callable[[dict[str, Any]], None] | None = None
    ) -> Deploying:
        """Who is told hears of each event before the run goes on."""
        return Deploying(self, made, stops or Stops(), self._pool, told)

    def cycle(self, *hosts: str) -> Finished:
        return self.deploy(self.authorised(*hosts))

    # The sentence, as commands

    def cli(self, *arguments: str) -> Said:
        return said(self.workspace.path, *arguments)

    def cli_apart(self, *arguments: str) -> Said:
        return command(self.workspace.path, *arguments)

    def cli_process(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            _words(self.workspace.path, arguments),
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    def close(self) -> None:
        self._pool.shutdown()
        practice.stop(self.workspace)


class Deploying:
    """A deployment that goes on in a thread while the test looks at it."""

    def __init__(
        self,
        fleet: Practising,
        made: Plan,
        stops: Stops,
        pool: ThreadPoolExecutor,
        told: Callable[[dict[str, Any]], None] | None,
    ) -> None:
        self._events: list[dict[str, Any]] = []

        def hear(event: dict[str, Any]) -> None:
            self._events.append(event)
            (told or (lambda _: None))(event)

        self._future: Future[Finished] = pool.submit(fleet.deploy, made, stops, hear)

    @property
    def run_id(self) -> str:
        until(lambda: bool(self._events), "the run's first event")
        return str(self._events[0]["runId"])

    def until(self, event: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            return next((one for one in self._events if one["event"] == event), None)

        until(lambda: found() is not None or self._future.done(), event)
        happened = found()
        assert happened is not None, f"the run ended without {event}: {self._events[-3:]}"
        return happened

    def finished(self) -> Finished:
        return self._future.result(LIMIT_SECONDS)


def until(true: Callable[[], bool], what: str) -> None:
    """Other processes have no way to wake this one: looks again and again, up to a limit."""
    waiting = threading.Event()
    for _ in range(int(LIMIT_SECONDS / _TURN_SECONDS)):
        if true():
            return
        waiting.wait(_TURN_SECONDS)
    raise AssertionError(f"did not happen in {LIMIT_SECONDS:.0f} seconds: {what}")


def said(workspace: Path, *arguments: str) -> Said:
    """A command in this process, where the process itself is not what matters: to start one takes a second."""
    return drydock(*arguments, "--workspace", str(workspace))


def command(workspace: Path, *arguments: str) -> Said:
    """A command in a process of its own, to its end."""
    return ended(_words(workspace, arguments))


def ended(words: list[str]) -> Said:
    done = subprocess.run(
        words,
        env=_environment(),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def _words(workspace: Path, arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "core.cli", *arguments, "--workspace", str(workspace)]


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"}
