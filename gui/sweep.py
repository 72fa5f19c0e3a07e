"""Assessing all hosts of the scope: one at a time in a window, whichever page began it and whichever shows it."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal

from core.app.assess import Assessment, assess
from core.model.facts import Facts
from core.model.failure import Failure
from gui.bridge import Bridge
from gui.desk import Desk
from gui.jobs import Job, Trouble
from gui.language import counted, tr


class Sweep(QObject):
    """What hosts said is kept as it comes; what could not be asked is told when all is done."""

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._job: Job[tuple[Assessment, ...]] | None = None
        self._bridge: Bridge[Assessment] = Bridge(self, self._take, self.changed.emit)
        self.stopped = False
        self.total, self.good = 0, 0
        self.failures: dict[str, Failure] = {}

    @property
    def is_going(self) -> bool:
        return self._job is not None

    @property
    def text(self) -> str:
        if not self.total:
            return ""
        words = tr("{good} of {all} assessed", good=self.good, all=self.total)
        words += tr(", {bad} could not be", bad=len(self.failures)) if self.failures else ""
        return words + (tr(", then stopped") if self.stopped else "")

    def begin(self) -> None:
        """All hosts of the scope on top."""
        names = [host.name for host in self._desk.hosts_in_scope]
        if self.is_going or not names:
            return
        self.total, self.good, self.failures, self.stopped = len(names), 0, {}, False
        workspace, scope, bridge = self._desk.workspace, self._desk.scope, self._bridge

        def work(stopping: threading.Event) -> tuple[Assessment, ...]:
            return assess(workspace, scope, lambda one, _: bridge.put(one), stopping)

        what = tr("Asking {hosts} what they are", hosts=counted(len(names), "1 host", "{n} hosts"))
        self._job = self._desk.jobs.start(what, work, self._done, self._refused)
        self._job.when_ended(self._ended)
        bridge.open()
        self.changed.emit()

    def stop(self) -> None:
        """What was said so far stays known."""
        if self._job is not None:
            self.stopped = True
            self._job.stop()

    @property
    def trouble(self) -> Trouble:
        """Each host that could not be asked, why, and what to do."""
        title = counted(len(self.failures), "1 host could not be assessed", "{n} hosts could not be assessed")
        lines = [f"{host}: {one.detail}. {one.hint}".rstrip() for host, one in sorted(self.failures.items())]
        return Trouble(title, tuple(lines), tr("Mend what is named, then assess again; what is known stays known."))

    def _take(self, one: Assessment) -> None:
        if isinstance(one.result, Facts):
            self.good += 1
        else:
            self.failures[one.host.name] = one.result

    def _done(self, said: tuple[Assessment, ...]) -> None:
        self.total = len(said)
        self.good = sum(1 for one in said if isinstance(one.result, Facts))
        self.failures = {one.host.name: one.result for one in said if isinstance(one.result, Failure)}
        self.changed.emit()

    def _refused(self, trouble: Trouble) -> None:
        self.total = 0
        self._desk.show_trouble(trouble)

    def _ended(self) -> None:
        """Told before the answer is handed over, which takes this turn of the loop only."""
        self._job = None
        self._bridge.drain()
        self._bridge.close()
        self._desk.facts_changed.emit()
        self.changed.emit()


def sweep_of(desk: Desk) -> Sweep:
    return desk.findChild(Sweep) or Sweep(desk)
