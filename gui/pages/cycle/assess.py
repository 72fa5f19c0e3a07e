"""Step 2: the hosts are asked what they are; who does not answer is told with cause and hint, to be asked again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import Qt

from core.app.assess import Assessment, assess
from core.model.facts import Facts, SqlAnswer
from core.model.failure import Cause, Failure
from core.model.selection import Selection
from gui.bridge import Bridge
from gui.desk import Desk
from gui.jobs import Job, Trouble
from gui.language import counted, tr
from gui.models.table import Column, Rows
from gui.pages.cycle.course import Course
from gui.theme import Tone
from gui.widgets.filter_line import FilterLine
from gui.widgets.grid import Grid
from gui.widgets.keyboard import give_keyboard, lead
from gui.widgets.progress import Progress
from gui.widgets.states import States
from gui.widgets.stepper import Step
from gui.widgets.text import across, boxed, button, down, label
from gui.words import cause_word

# Sorted by it, the failed stand first.
_STATE = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A host, and what it said, if it has spoken."""

    host: str
    result: Facts | Failure | None


class AssessStep(Step):
    def __init__(self, desk: Desk, course: Course) -> None:
        super().__init__()
        self.title, self.onward = tr("Assess"), tr("Make the &plan")
        self._desk, self._course = desk, course
        self._job: Job[tuple[Assessment, ...]] | None = None
        self._bridge: Bridge[Assessment] = Bridge(self, self._take, self._settle)
        self.rows: Rows[Line] = Rows(self, _columns(), lambda line: line.host)
        self.grid = Grid(tr("What the hosts said"), self.rows)
        self._told = label("", "strong")
        self._progress = Progress(tr("Hosts assessed"))
        self._again = button(tr("&Try the failed again"), self.try_again)
        self._all = button(tr("Ask all again"), self._ask_all)
        self._stop = button(tr("&Stop asking"), self._give_up)
        self._words = label("", wrap=True)
        self._words.setMinimumHeight(36)
        top = across(self._told, None, self._stop, self._again, self._all)
        content = down(boxed(top), self._progress, FilterLine(self.grid), self.grid, self._words)
        self.states = States(boxed(content), self.grid)
        self.setLayout(down(self.states))
        lead(self, self.states)
        self.grid.chosen.connect(self._explain)

    @property
    def why_not(self) -> str:
        if self._job is not None:
            return tr("The hosts are still being asked; stop asking to go on with those that have answered.")
        if any(isinstance(line.result, Facts) for line in self.rows.all_rows):
            return ""
        return tr("No host could be assessed: there is nothing to plan with. Mend the cause, try again.")

    @property
    def is_asking(self) -> bool:
        return self._job is not None

    def enter(self) -> None:
        """Who was asked in this cycle already is not asked again by itself."""
        known = self._course.assessed
        self.rows.set_rows(Line(host, known.get(host)) for host in self._course.hosts)
        waiting = [host for host in self._course.hosts if host not in known]
        if waiting and self._job is None:
            self._ask(waiting)
        self._settle()
        give_keyboard(self.states)

    def try_again(self) -> None:
        self._ask(line.host for line in self.rows.all_rows if not isinstance(line.result, Facts))

    def _ask_all(self) -> None:
        self._ask(self._course.hosts)

    def _ask(self, hosts: Iterable[str]) -> None:
        names = tuple(hosts)
        for name in names:
            self.rows.replace(Line(name, None))
        workspace, bridge = self._desk.workspace, self._bridge

        def work(stopping: threading.Event) -> tuple[Assessment, ...]:
            return assess(workspace, Selection(servers=names), lambda one, _: bridge.put(one), stopping)

        what = tr("Asking {hosts} what they are", hosts=counted(len(names), "1 host", "{n} hosts"))
        self._job = self._desk.jobs.start(what, work, self._done, self._failed)
        self._job.when_ended(self._ended)
        bridge.open()
        self.states.show_content()
        self._settle()

    def _take(self, one: Assessment) -> None:
        self.rows.replace(Line(one.host.name, one.result))

    def _settle(self) -> None:
        results = [line.result for line in self.rows.all_rows]
        good = sum(1 for one in results if isinstance(one, Facts))
        bad = sum(1 for one in results if isinstance(one, Failure))
        self._told.setText(
            tr("{good} of {all} assessed, {bad} could not be", good=good, all=len(results), bad=bad)
            if bad
            else tr("{good} of {all} assessed", good=good, all=len(results))
        )
        self._progress.show_parts(((good, Tone.GOOD), (bad, Tone.BAD)), len(results))
        self._stop.setVisible(self._job is not None)
        self._again.setVisible(self._job is None and good < len(results))
        self._all.setVisible(self._job is None)
        self.ready_changed.emit()

    def _done(self, said: tuple[Assessment, ...]) -> None:
        for one in said:
            self._take(one)
        known = {line.host: line.result for line in self.rows.all_rows if line.result is not None}
        self._course.assess(known)
        self._desk.facts_changed.emit()
        if self._course.failed:
            # The first of them tells its cause and remedy in full below.
            self.grid.sortByColumn(_STATE, Qt.SortOrder.AscendingOrder)
            self.grid.choose(self.rows.shown_rows[0].host)
        self._settle()

    def _failed(self, trouble: Trouble) -> None:
        self._settle()
        self.states.show_trouble(trouble, self._come_back)

    def _come_back(self) -> None:
        self.states.show_content()
        self.try_again()

    def _give_up(self) -> None:
        """Who has not answered so far counts as not asked."""
        if self._job is not None:
            self._job.stop()
            stopped = Failure(Cause.CANCELLED, tr("asking was stopped before it answered"), tr("try it again"))
            for line in self.rows.all_rows:
                if line.result is None:
                    self.rows.replace(Line(line.host, stopped))
            self._done(())

    def _ended(self) -> None:
        self._job = None
        self._bridge.close()

    def _explain(self, line: Line | None) -> None:
        match line:
            case Line(host=host, result=Failure() as failure):
                hint = tr("To do: {hint}", hint=failure.hint) if failure.hint else ""
                self._words.setText("\n".join(filter(None, (f"{host}: {failure.detail}", hint))))
            case Line(host=host, result=Facts() as facts):
                self._words.setText(f"{host}: {facts.os.caption}, {_instances(facts)}")
            case _:
                self._words.setText("")


def _columns() -> tuple[Column[Line], ...]:
    return (
        Column(tr("Host"), lambda line: line.host, width=150, least=116),
        Column(tr("State"), _state, _rank, _tone, width=130, least=96),
        Column(tr("Instances and builds"), _of_facts(_instances), width=200, least=184),
        Column(tr("System"), _of_facts(lambda facts: facts.os.caption.removeprefix("Microsoft ")), width=248, least=96),
        Column(tr("Cause"), _cause, width=156, least=130),
        Column(
            tr("What to do"),
            lambda line: line.result.hint if isinstance(line.result, Failure) else "",
            width=300,
            least=200,
        ),
    )


def _of_facts(text: Callable[[Facts], str]) -> Callable[[Line], str]:
    return lambda line: text(line.result) if isinstance(line.result, Facts) else ""


def _instances(facts: Facts) -> str:
    parts = []
    for one in facts.instances:
        spoke = isinstance(facts.witness(one.name), SqlAnswer)
        parts.append(f"{one.name} {one.patch_level}" + ("" if spoke else f" ({tr('engine silent')})"))
    return ", ".join(parts) or tr("no SQL Server")


def _state(line: Line) -> str:
    match line.result:
        case None:
            return tr("asking …")
        case Facts():
            return tr("assessed")
        case Failure():
            return tr("failed")


def _rank(line: Line) -> int:
    return 1 if line.result is None else 2 if isinstance(line.result, Facts) else 0


def _tone(line: Line) -> Tone:
    return (Tone.BAD, Tone.BUSY, Tone.GOOD)[_rank(line)]


def _cause(line: Line) -> str:
    return cause_word(line.result.cause) if isinstance(line.result, Failure) else ""
