"""Processes that outlive the one that starts them: a practice fleet, a run in the background."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_TURN_SECONDS = 0.05
# Windows: detached from the console, in a process group of its own.
_DETACHED_ON_WINDOWS = 0x00000208


def start_detached(arguments: Sequence[str], out: Path, errors: Path) -> subprocess.Popen[bytes]:
    """Runs this interpreter with the arguments, its output in files."""
    away: dict[str, Any] = {"creationflags": _DETACHED_ON_WINDOWS} if os.name == "nt" else {"start_new_session": True}
    with out.open("ab") as stdout, errors.open("ab") as stderr:
        return subprocess.Popen(  # noqa: S603 - our own modules, in our own interpreter
            [sys.executable, *arguments], stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, **away
        )


def leave_running(process: subprocess.Popen[bytes]) -> None:
    """The process goes on after us; saying so keeps the interpreter from warning about a child that was not awaited."""
    process.returncode = 0


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Looks again and again: another process has no other way to say that something is so."""
    pause = threading.Event()
    for _ in range(int(seconds / _TURN_SECONDS)):
        if true():
            return True
        pause.wait(_TURN_SECONDS)
    return true()


def last_words(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "no reason given"
