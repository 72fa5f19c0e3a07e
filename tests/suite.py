"""python -m tests.suite check|test: what CI runs. "check" is static and fast, "test" is check and pytest."""

import os
import subprocess
import sys
import time
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "format": [str(_BIN / "ruff"), "format", "--check", "--quiet", "."],
    "lint": [str(_BIN / "ruff"), "check", "--quiet", "."],
    "locks": [sys.executable, "-m", "tests.checks.locks"],
    "powershell": [sys.executable, "-m", "tests.checks.powershell"],
    "schemas": [sys.executable, "-m", "tests.checks.schemas"],
    "architecture": [str(_BIN / "lint-imports"), "--no-cache"],
    "types": [sys.executable, "-m", "mypy"],
}


def check() -> bool:
    """Runs every check, also after one has failed, and shows what the failed ones say."""
    good = True
    for name, command in CHECKS.items():
        began = time.monotonic()
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
        good = good and done.returncode == 0
        _say(f"check {name:<12} {'ok' if done.returncode == 0 else 'FAILED'}  {time.monotonic() - began:.1f} s")
        if done.returncode != 0:
            _say(done.stdout + done.stderr)
    return good


def main(arguments: list[str]) -> int:
    if arguments[:1] not in (["check"], ["test"]):
        _say("usage: python -m tests.suite check|test [PYTEST ARGUMENTS]")
        return 2
    good = check()
    if arguments[0] == "check":
        return 0 if good else 1
    if not good:
        return 1
    workers = [] if any(one.startswith(("-n", "-p")) for one in arguments) else _workers()
    command = [sys.executable, "-m", "pytest", "-q", *workers, *arguments[1:]]
    return subprocess.run(command, cwd=_ROOT, check=False).returncode


def _workers() -> list[str]:
    """A file's tests stay together, as what they share is costly; the order of the files is that of tests/conftest.py.

    One worker more than processors, because the longest tests wait for other processes most of their time."""
    return ["-n", str(min(4, (os.cpu_count() or 1) + 1)), "--dist", "loadfile", "--no-loadscope-reorder"]


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
