"""The checks of ours reject what they are there for."""

import pytest

from core.contract.library import ALL, WATCH_JOB
from tests.checks.locks import faults_of as faults_of_lock
from tests.checks.powershell import faults_of as faults_of_script

_LINE = "    if ($changed -or -not $running -or [datetime]::UtcNow -ge $until) { break }"

_BAD_SCRIPTS = {
    "ternary": ("$x = $running ? 1 : 2", "not valid in Windows PowerShell 5.1"),
    "and": ("Test-Job $folder && Wait-Second", "not valid in Windows PowerShell 5.1"),
    "or": ("Test-Job $folder || Wait-Second", "not valid in Windows PowerShell 5.1"),
    "null coalescing": ("$x = $running ?? $false", "not valid in Windows PowerShell 5.1"),
    "null conditional": ("$x = ${running}?.Name", "not valid in Windows PowerShell 5.1"),
    "parallel": ("1..3 | ForEach-Object -Parallel { $_ }", "not valid in Windows PowerShell 5.1"),
    "a dash from a word processor": ("Wait-Second # it waits – a moment", "not ASCII"),
    "an open brace": ("if ($running) {", "cannot be parsed"),
    "an open string": ("$x = 'never ended", "cannot be parsed"),
}


def test_our_own_scripts_pass() -> None:
    assert {fault for script in ALL for fault in faults_of_script(script.text)} == set()


@pytest.mark.parametrize(("line", "fault"), _BAD_SCRIPTS.values(), ids=_BAD_SCRIPTS)
def test_a_bad_line_in_a_good_script_is_rejected(line: str, fault: str) -> None:
    assert _LINE.strip() in WATCH_JOB.text
    text = WATCH_JOB.text.replace(_LINE.strip(), f"{_LINE.strip()}\n{line}")
    assert any(fault in found for found in faults_of_script(text))


@pytest.mark.parametrize("lost", ["Set-StrictMode -Version 2.0", "$ErrorActionPreference = 'Stop'", "param("])
def test_a_script_without_its_frame_is_rejected(lost: str) -> None:
    assert list(faults_of_script(WATCH_JOB.text.replace(lost, "")))


_LOCK = "click==8.2.1 \\\n    --hash=sha256:aa\n    # via drydock\nrich==14.0.0 \\\n    --hash=sha256:bb\n"


def test_a_whole_lock_file_passes() -> None:
    assert faults_of_lock(_LOCK, {"click", "rich"}) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (_LOCK.replace("rich==14.0.0", "rich>=14"), "rich is not locked"),
        (_LOCK.split("rich", maxsplit=1)[0], "rich is not locked"),
        (_LOCK.replace("    --hash=sha256:bb\n", ""), "no hash for rich==14.0.0 \\"),
        ("--index-url somewhere\n" + _LOCK, "names a registry"),
        (_LOCK + "# from https://somewhere\n", "names a registry"),
    ],
)
def test_a_lock_file_with_a_hole_is_rejected(text: str, fault: str) -> None:
    assert fault in faults_of_lock(text, {"click", "rich"})
