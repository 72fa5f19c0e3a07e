"""What is said before a run begins: who is patched, and who is left as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.app.retrying import Retry
from core.cli.answering import Options
from core.cli.driving import confirming
from core.model.history import PatchedSince
from tests.samples import AT, AUTHORISATION, PLAN


def test_whoever_a_retry_leaves_as_it_is_is_named_before_it_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = Retry("run", frozenset({"SQL01"}), 2, (PatchedSince("SQL02", "later", PLAN.id, AT),))
    shown = again.part_of(replace(PLAN, skipped=()))
    options = Options(tmp_path, json=False, log_level="INFO", verbose=False, progress=True, exit_codes="basic")
    assert confirming(options, yes=True)(shown, AUTHORISATION)
    said = capsys.readouterr().err
    assert "to be patched: SQL01;" in said
    assert "left as it is: SQL02 was patched by a later run of " in said
