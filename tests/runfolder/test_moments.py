"""How far transfers are is seen by another process, is no flood, and never hurts the run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.model.transfer import Progress
from core.runfolder.moments import Moments, MomentsSeen

_HALF = Progress("SQL01", "package.exe", "transferring", 50, 100)


class _Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


def test_what_is_shown_is_seen_once_and_by_whom_it_is(tmp_path: Path, clock: _Clock) -> None:
    moments, seen = Moments(tmp_path, clock), MomentsSeen(tmp_path)
    assert seen.fresh() == ()
    moments.show(_HALF)
    (moment,) = seen.fresh()
    assert moment.progress == _HALF
    assert moment.at == clock.time
    assert seen.fresh() == ()
    other = Progress("SQL02", "package.exe", "waiting", 0, 100)
    moments.show(other)
    assert [one.progress for one in seen.fresh()] == [other]


def test_of_one_host_no_more_than_one_a_second_is_written_unless_it_does_something_else(
    tmp_path: Path, clock: _Clock
) -> None:
    moments, seen = Moments(tmp_path, clock), MomentsSeen(tmp_path)
    for done in range(100):
        moments.show(Progress("SQL01", "package.exe", "transferring", done, 100))
    assert [one.progress.done_bytes for one in seen.fresh()] == [0]
    moments.show(Progress("SQL01", "updates", "installing", 1, 100))
    assert [one.progress.doing for one in seen.fresh()] == ["installing"]
    clock.time += timedelta(seconds=1)
    moments.show(Progress("SQL01", "updates", "installing", 2, 100))
    assert [one.progress.done_bytes for one in seen.fresh()] == [2]


def test_what_a_process_that_was_killed_left_there_is_gone_with_the_next_one(tmp_path: Path, clock: _Clock) -> None:
    Moments(tmp_path, clock).show(_HALF)
    Moments(tmp_path, clock)
    assert MomentsSeen(tmp_path).fresh() == ()
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_the_run_goes_on(tmp_path: Path, clock: _Clock) -> None:
    (tmp_path / "State").write_text("in the way", encoding="utf-8")
    moments = Moments(tmp_path / "State", clock)
    moments.show(_HALF)
    moments.clear()
    assert MomentsSeen(tmp_path / "State").fresh() == ()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema_version": 2, "moments": []}', '{"schema_version": 1, "moments": [{"at": "x"}]}']
)
def test_a_file_that_is_none_of_ours_tells_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "progress.json").write_text(text, encoding="utf-8")
    assert MomentsSeen(tmp_path).fresh() == ()


def test_who_is_long_done_is_not_written_again_with_each_other_host(tmp_path: Path, clock: _Clock) -> None:
    moments = Moments(tmp_path, clock)
    moments.show(_HALF)
    clock.time += timedelta(minutes=1)
    other = Progress("SQL02", "package.exe", "transferring", 1, 100)
    moments.show(other)
    assert [one.progress for one in MomentsSeen(tmp_path).fresh()] == [other]
