"""How far and how fast a transfer is, in words; and when there is nothing to say any more."""

from datetime import timedelta

import pytest

from core.model.transfer import Moment, Progress
from gui.models.pace import Pace, moving_in_words
from tests.samples import AT

_MB = 2**20


def _copying(done: int, after_seconds: float, package: str = "package.exe") -> Moment:
    return Moment(
        Progress("SQL01", package, "transferring", done * _MB, 900 * _MB), AT + timedelta(seconds=after_seconds)
    )


def _words(pace: Pace) -> str:
    moving = pace.of("SQL01")
    return "" if moving is None else moving_in_words(moving)


def test_a_rate_takes_two_moments_of_the_same_transfer() -> None:
    pace = Pace()
    pace.take(_copying(90, 0))
    assert _words(pace) == "copying 10 %, 90 of 900 MB"
    pace.take(_copying(180, 9))
    assert _words(pace) == "copying 20 %, 180 of 900 MB, 10.0 MB/s"
    pace.take(_copying(9, 10, "other.exe"))
    assert _words(pace) == "copying 1 %, 9 of 900 MB"


def test_a_transfer_that_begins_anew_has_no_rate_below_nothing() -> None:
    pace = Pace()
    pace.take(_copying(90, 0))
    pace.take(_copying(10, 9))
    assert _words(pace) == "copying 1 %, 10 of 900 MB"


def test_what_the_story_has_gone_beyond_is_not_shown() -> None:
    pace = Pace()
    pace.take(_copying(90, 0))
    pace.rest("SQL01", AT + timedelta(seconds=1))
    assert _words(pace) == ""
    assert not pace.take(_copying(90, 0.5))
    assert _words(pace) == ""
    assert pace.take(_copying(91, 2))
    assert pace.stand_still() == ("SQL01",)
    assert _words(pace) == ""


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress("SQL01", "p", "waiting", 0, 100), "waits for its turn to copy"),
        (Progress("SQL01", "updates", "installing", 40, 100), "installing, 40 %"),
        (Progress("SQL01", "updates", "downloading", _MB, 4 * _MB), "downloading 25 %, 1.0 of 4.0 MB"),
        (Progress("SQL01", "updates", "downloading", 0, 0), "downloading 0 %"),
    ],
)
def test_each_thing_has_its_words(progress: Progress, words: str) -> None:
    pace = Pace()
    pace.take(Moment(progress, AT))
    assert _words(pace) == words
