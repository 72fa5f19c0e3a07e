"""A live source beside the file of targets."""

from pathlib import Path
from typing import Any

import pytest

from core.inventory.autodbaudit import read_database
from core.inventory.changes import what
from core.inventory.live import added_by
from core.settings.targets import Target
from tests.inventory.databases import audit_database


@pytest.mark.parametrize(
    ("file", "added"),
    [
        ([], ["SQL01\\A", "SQL01\\B", "SQL02"]),
        ([{"server": "sql01", "instance": "a"}], ["SQL01\\B", "SQL02"]),
        ([{"server": "SQL01"}], ["SQL01\\A", "SQL01\\B", "SQL02"]),
        ([{"server": "SQL01", "enabled": False}], ["SQL02"]),
        ([{"server": "SQL01", "instance": "A", "enabled": False}], ["SQL01\\B", "SQL02"]),
        ([{"server": "SQL02", "instance": "X"}], ["SQL01\\A", "SQL01\\B"]),
    ],
    ids=["nothing", "an instance", "a host", "a disabled host", "a disabled instance", "a host by its instance"],
)
def test_the_file_counts_and_the_source_adds(tmp_path: Path, file: list[dict[str, Any]], added: list[str]) -> None:
    path = audit_database(tmp_path / "h.db", [(1, "SQL01", None), (2, "SQL02", None)], [(1, "A", 1), (1, "B", 2)])
    targets = [Target(id=str(index), **one) for index, one in enumerate(file)]
    assert [what(one) for one in added_by(read_database(path), targets)] == added
