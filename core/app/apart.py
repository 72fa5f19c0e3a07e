"""What computes or drives for long, done in a process of its own, so that it holds up nobody else."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from core.app.workspace import Workspace
from core.model.fault import Fault, RefusedError

_TURN_SECONDS = 0.1


def report_run_apart(
    workspace: Workspace, run_id: str, stop: threading.Event, tenant: str | None = None
) -> tuple[Path, ...]:
    """The files, in the run's own folder, or in the tenant's in it."""
    return _files(workspace, ("report", run_id, "--excel", "--html", *_of(tenant)), stop)


def report_plan_apart(workspace: Workspace, plan_id: str, stop: threading.Event) -> tuple[Path, ...]:
    """For the change board."""
    folder = workspace.output / "Plans" / plan_id
    return _files(workspace, ("report", "plan", plan_id, "--excel", "--html", "--out", str(folder)), stop)


def report_year_apart(workspace: Workspace, tenant: str | None, stop: threading.Event) -> tuple[Path, ...]:
    """The workbook of this year's runs, of everybody or of one tenant."""
    return _files(workspace, ("report", "year", *_of(tenant)), stop)


def report_trend_apart(workspace: Workspace, tenant: str | None, stop: threading.Event) -> tuple[Path, ...]:
    """Over all runs, of everybody or of one tenant."""
    return _files(workspace, ("report", "trend", "--html", *_of(tenant)), stop)


def _of(tenant: str | None) -> tuple[str, ...]:
    return () if tenant is None else (f"--tenant={tenant}",)


def reverify_apart(workspace: Workspace, run_id: str, host: str, reason: str, stop: threading.Event) -> None:
    """A fresh assessment decides how a host stands; the answer is in the run's journal."""
    document = _ask(workspace, ("reverify", run_id, host, "--reason", reason), stop)
    faults = tuple(Fault(**fault) for fault in document.get("faults", ()))
    if faults:
        raise RefusedError(faults)


def _files(workspace: Workspace, arguments: tuple[str, ...], stop: threading.Event) -> tuple[Path, ...]:
    document = _ask(workspace, arguments, stop)
    if not document.get("ok"):
        faults = tuple(Fault(**fault) for fault in document.get("faults", ()))
        raise RefusedError(faults or (Fault("report", "failed", "it ended without saying why"),))
    return tuple(Path(name) for name in document["data"]["files"])


def _ask(workspace: Workspace, arguments: tuple[str, ...], stop: threading.Event) -> dict[str, Any]:
    command = [sys.executable, "-m", "core.cli", *arguments, "--json", "--workspace", str(workspace.path)]
    with subprocess.Popen(  # noqa: S603 - our own modules, in our own interpreter
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        while True:
            try:
                said, errors = process.communicate(timeout=_TURN_SECONDS)
            except subprocess.TimeoutExpired:
                if stop.is_set():
                    process.terminate()
                continue
            return _document(said, errors)


def _document(said: str, errors: str) -> dict[str, Any]:
    lines = said.strip().splitlines()
    if not lines:
        last = (errors.strip().splitlines() or ["no reason given"])[-1]
        raise RefusedError((Fault("report", "failed", f"the report was not made: {last}"),))
    document: dict[str, Any] = json.loads(lines[-1])
    return document
