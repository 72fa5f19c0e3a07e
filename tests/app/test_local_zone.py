"""This PC's zone is known by a name that holds in summer and in winter, or not at all."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.app import local_zone as module
from core.app.local_zone import local_zone

_NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":America/New_York", "America/New_York"),
        ("Etc/UTC", "UTC"),
        ("CET-1CEST", None),
        ("/etc/passwd", None),
    ],
)
def test_the_environment_names_it(monkeypatch: pytest.MonkeyPatch, given: str, known: str | None) -> None:
    monkeypatch.setenv("TZ", given)
    time.tzset()
    assert local_zone(_NOW) == known


def test_the_system_names_it_by_a_link_or_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    link, name = tmp_path / "localtime", tmp_path / "timezone"
    link.symlink_to("/usr/share/zoneinfo/Etc/UTC")
    name.write_text("Etc/Zulu\n", encoding="utf-8")
    monkeypatch.setenv("TZ", "")
    time.tzset()
    for at in (link, tmp_path / "no link"):
        monkeypatch.setattr(module, "_LINK", at)
        monkeypatch.setattr(module, "_NAME", name)
        assert local_zone(_NOW) == "UTC"


def test_a_name_that_tells_another_time_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    monkeypatch.setenv("TZ", "")
    monkeypatch.setattr(module, "_LINK", link)
    time.tzset()
    assert local_zone(_NOW) is None
