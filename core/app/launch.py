"""Starts a run as a process of its own, so that whoever asked for it may leave."""

import json
from pathlib import Path
from typing import Any

from core.app import composition
from core.app.detached import last_words, leave_running, start_detached, wait_until
from core.app.workspace import Workspace
from core.model.fault import Fault, RefusedError

_START_SECONDS = 60.0


def launch(workspace: Workspace, arguments: tuple[str, ...]) -> str:
    """A deployment. The run's id, as soon as its journal has begun. Raises RefusedError with what the process said
    instead."""
    return _launch(workspace, ("deploy", *arguments, "--yes"))


def launch_reverify(workspace: Workspace, run_id: str, host: str, reason: str) -> str:
    """A run that has ended is taken up to look at one host again; otherwise as a deployment."""
    return _launch(workspace, ("reverify", run_id, host, f"--reason={reason}"))


def launch_diagnose(workspace: Workspace, run_id: str, host: str, reason: str) -> str:
    """A run that has ended is taken up to fetch one host's logs; otherwise as a deployment."""
    return _launch(workspace, ("diagnose", run_id, host, f"--reason={reason}"))


def _launch(workspace: Workspace, arguments: tuple[str, ...]) -> str:
    logs = workspace.output / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    stamp = composition.fresh_id(composition.SystemClock())
    events, errors = (logs / f"{arguments[0]}-{stamp}.{ending}" for ending in ("jsonl", "log"))
    command = ["-m", "core.cli", *arguments, "--json", "--workspace", str(workspace.path)]
    process = start_detached(command, events, errors)
    wait_until(lambda: process.poll() is not None or _first(events) is not None, _START_SECONDS)
    first = _first(events) or {}
    if "runId" in first:
        leave_running(process)
        return str(first["runId"])
    if first.get("faults"):
        process.wait(_START_SECONDS)
        raise RefusedError(tuple(Fault(**fault) for fault in first["faults"]))
    if process.poll() is None:
        process.kill()
    raise RefusedError((Fault(str(errors), "not_started", f"the run did not begin: {last_words(errors)}"),))


def _first(events: Path) -> dict[str, Any] | None:
    """The first whole line."""
    line, ended, _ = events.read_text(encoding="utf-8").partition("\n")
    if not ended:
        return None
    document: dict[str, Any] = json.loads(line)
    return document
