"""A dry run that was stopped says of how many hosts it knows nothing."""

from __future__ import annotations

import json
import threading

import pytest

from core.app.dry_run import Rehearsed, dry_run_until
from core.app.workspace import Workspace
from tests.app.test_report import workspace as workspace  # noqa: PLC0414 - a fixture
from tests.reports.stories import mixed_plan


@pytest.fixture(autouse=True)
def inventory(workspace: Workspace) -> None:
    targets = [
        {"id": one.host, "server": one.host, "metadata": {"ip_address": f"127.8.7.{number}"}}
        for number, one in enumerate(mixed_plan().targets, start=20)
    ]
    (workspace.config / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")


def test_hosts_that_were_not_looked_at_are_counted_and_nothing_is_told_of_them(workspace: Workspace) -> None:
    stopping = threading.Event()
    stopping.set()
    told: list[Rehearsed] = []
    found = dry_run_until(workspace, mixed_plan().id, stopping, told.append)
    assert (found.hosts, told) == ((), [])
    assert found.remarks[-1] == f"it was stopped: {len(mixed_plan().targets)} hosts of the plan not looked at"
