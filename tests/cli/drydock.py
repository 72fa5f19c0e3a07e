"""Runs the command as its users do, and holds what it says against the public form."""

import json
import signal
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from core.cli.main import main

_KEYS = {"schema_version", "command", "ok", "data", "faults"}
_FAULT_KEYS = {"path", "code", "found", "expected", "message"}


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one document on stdout, in the public form."""
        found: dict[str, Any] = json.loads(self.out)
        assert self.out.count("\n") == 1, "one line, and nothing else"
        assert set(found) == _KEYS
        assert found["ok"] is (self.code == 0)
        assert all(set(fault) == _FAULT_KEYS for fault in found["faults"])
        return found

    @property
    def codes(self) -> list[str]:
        return [fault["code"] for fault in self.document["faults"]]


def drydock(*arguments: str, cwd: Path | None = None, given: str = "", face: Callable[[], None] = main) -> Said:
    """The whole command line in this process, from its arguments to its exit code; given is its standard input."""
    out, err, before, stdin = StringIO(), StringIO(), sys.argv, sys.stdin
    interrupts = signal.getsignal(signal.SIGINT)
    sys.argv, sys.stdin = ["drydock", *arguments], StringIO(given)
    try:
        with chdir(cwd or Path.cwd()), redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            face()
    finally:
        sys.argv, sys.stdin = before, stdin
        signal.signal(signal.SIGINT, interrupts)
    assert isinstance(ended.value.code, int)
    return Said(ended.value.code, out.getvalue(), err.getvalue())
