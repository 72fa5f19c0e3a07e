"""Composing: what is sent is the file with all it includes, the same bytes every time."""

import hashlib
import subprocess
import sys

import pytest

from core.contract.library import ALL
from core.contract.script import compose


def test_composing_leaves_no_include_behind() -> None:
    for script in ALL:
        assert "# include" not in script.text
        assert script.text.count("Set-StrictMode -Version 2.0") == 1 + script.text.count("Text = @'")


def test_the_param_block_stays_first() -> None:
    for script in ALL:
        code = [line for line in script.text.splitlines() if line and not line.startswith("#")]
        assert code[0].startswith("param(")


def test_an_include_that_is_not_there_is_loud() -> None:
    with pytest.raises(FileNotFoundError):
        compose("coffee.ps1")


def test_another_process_composes_the_same_bytes() -> None:
    program = "from core.contract.library import ALL; print(*(script.sha256 for script in ALL))"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=None, cwd="/"
    )
    assert told.stdout.split() == [script.sha256 for script in ALL]
    assert [hashlib.sha256(script.text.encode("ascii")).hexdigest() for script in ALL] == told.stdout.split()


def test_line_ends_are_those_of_the_file_on_every_system() -> None:
    assert not any("\r" in script.text for script in ALL)
