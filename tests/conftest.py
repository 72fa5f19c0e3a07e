"""What every test may lean on: this tree in subprocesses, a clock moved by hand, a database with a plan in it."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from core.store import plans
from core.store.database import Database, open_database
from tests.samples import AT, AUTHORISATION, PLAN

ROOT = Path(__file__).parents[1]

# The same examples on every run and every PC, so that a red suite is about the change at hand. New ones are looked for
# on purpose: DRYDOCK_HYPOTHESIS=explore.
_PROPERTIES = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", _PROPERTIES, derandomize=True, database=None, max_examples=100)
settings.register_profile("explore", _PROPERTIES, max_examples=10_000, print_blob=True)
settings.load_profile(os.environ.get("DRYDOCK_HYPOTHESIS", "steady"))


def pytest_configure() -> None:
    """Subprocesses import the tree under test, wherever another one is installed, and nobody asks a real domain."""
    os.environ["KRB5_CONFIG"] = os.devnull
    paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


class HandClock:
    """The Clock port, moved by hand."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture(autouse=True)
def _no_workspace_of_mine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test finds the workspace of whoever runs it."""
    monkeypatch.delenv("DRYDOCK_WORKSPACE", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An open database that holds the sample plan, authorised."""
    opened = open_database(tmp_path / "history.db")
    plans.keep_plan(opened, PLAN)
    plans.keep_authorisation(opened, AUTHORISATION)
    yield opened
    opened.close()
