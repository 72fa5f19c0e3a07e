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


# Files and folders, those that wait for other processes between those that compute.
_LONGEST = (
    "tests/fleet/test_faults.py",
    "tests/simulation/",
    "tests/fleet/test_killed.py",
    "tests/fleet/test_broken_off.py",
    "tests/gui/test_cycle.py",
    "tests/fleet/test_requests.py",
    "tests/fleet/test_aftercare.py",
    "tests/app/test_no_secret_leaks.py",
    "tests/fleet/test_updates.py",
    "tests/fleet/",
    "tests/bench/",
    "tests/gui/",
    "tests/practice/",
    "tests/app/",
    "tests/reports/",
)


def pytest_configure() -> None:
    """Subprocesses import the tree under test, wherever another one is installed, and nobody asks a real domain."""
    os.environ["KRB5_CONFIG"] = os.devnull
    paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: whoever comes to an end has short ones left to take."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    place = item.path.relative_to(ROOT).as_posix()
    return next((turn for turn, name in enumerate(_LONGEST) if place.startswith(name)), len(_LONGEST))


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
