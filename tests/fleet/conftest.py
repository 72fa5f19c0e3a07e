"""One fleet for all tests of a worker: each takes its own hosts."""

from collections.abc import Iterator

import pytest

from core.app import practice
from tests.fleet.practising import Practising, scenario, with_missing_updates


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practising]:
    fleet = Practising(
        practice.start(tmp_path_factory.mktemp("fleet") / "workspace", with_missing_updates(scenario(200)))
    )
    try:
        yield fleet
        assert fleet.unanswered() == []
    finally:
        fleet.close()


@pytest.fixture
def fleet(running: Practising) -> Iterator[Practising]:
    """No fault and no hold outlives its test."""
    yield running
    running.tell(do="clear")
    running.go_on()
