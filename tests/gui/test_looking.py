"""What changes while something is looked at is looked at afterwards, however that look ends."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from gui.jobs import Job
from gui.looking import Looking


class _Looks:
    """Each look is ended by the test."""

    def __init__(self) -> None:
        self.jobs: list[Job[int]] = []
        self.stopped = 0
        self.looking = Looking(self._begin, self._stop)

    def _begin(self) -> Job[int]:
        self.jobs.append(Job("looking", lambda _: 0, lambda _: None, lambda _: None))
        return self.jobs[-1]

    def _stop(self) -> None:
        self.stopped += 1

    def end(self, qtbot: QtBot) -> None:
        job = self.jobs[-1]
        job.begin()

        def has_ended() -> bool:
            job.look()
            return not job.running

        qtbot.waitUntil(has_ended)


def test_what_changes_meanwhile_is_looked_at_once_afterwards(qtbot: QtBot) -> None:
    looks = _Looks()
    for _ in range(3):
        looks.looking.ask()
    assert len(looks.jobs) == 1
    looks.end(qtbot)
    assert len(looks.jobs) == 2
    looks.end(qtbot)
    assert len(looks.jobs) == 2
    assert looks.stopped == 0


def test_a_look_that_was_stopped_is_told_and_holds_up_none_after_it(qtbot: QtBot) -> None:
    looks = _Looks()
    looks.looking.ask()
    looks.looking.ask()
    looks.jobs[0].stop()
    assert (len(looks.jobs), looks.stopped) == (1, 1), "it went on although somebody had stopped it"
    looks.looking.ask()
    assert len(looks.jobs) == 2


def test_what_was_forgotten_is_not_waited_for(qtbot: QtBot) -> None:
    looks = _Looks()
    looks.looking.ask()
    looks.looking.forget()
    looks.looking.ask()
    assert len(looks.jobs) == 2
    looks.jobs[0].stop()
    looks.looking.ask()
    assert (len(looks.jobs), looks.stopped) == (2, 0)
