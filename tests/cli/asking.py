"""Asks the command line as a user does, and takes its answer apart."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.cli.main import drydock


@dataclass(frozen=True)
class Reply:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """With --json stdout is one document, and nothing else."""
        read: dict[str, Any] = json.loads(self.out)
        return read

    @property
    def fault_codes(self) -> list[str]:
        return [one["code"] for one in self.document["faults"]]


def ask(capsys: pytest.CaptureFixture[str], workspace: Path, *words: str) -> Reply:
    capsys.readouterr()
    code = drydock.main([*words, "--workspace", str(workspace)], prog_name="drydock", standalone_mode=False)
    told = capsys.readouterr()
    return Reply(int(code), told.out, told.err)
