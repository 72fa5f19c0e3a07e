"""Steps in a row: one goes on when the present one agrees, which may take a while without holding up the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QToolButton, QWidget

from gui.language import tr
from gui.widgets.allowing import allow
from gui.widgets.dressing import dress
from gui.widgets.keyboard import lead
from gui.widgets.text import across, button, down

Answer = Callable[[bool], None]

_NARROW, _LOW = 740, 380


class Step(QWidget):
    """One step. Says when it can be left, and is asked before it is."""

    ready_changed = Signal()
    title = ""
    onward = ""

    @property
    def why_not(self) -> str:
        """What is still missing before it can be left; empty when nothing is."""
        return ""

    @property
    def ready(self) -> bool:
        return not self.why_not

    def enter(self) -> None:
        """It is shown."""

    def leave(self, answer: Answer) -> None:
        """Asked to let go on. Answers now or later, once."""
        answer(True)


class Stepper(QWidget):
    """The row of steps above, the present step in the middle, the way back and on below."""

    moved = Signal(int)

    def __init__(self, title: QWidget, steps: Sequence[Step], corner: QWidget, parent: QWidget | None = None) -> None:
        """The title stands before the row of steps, the corner behind it."""
        super().__init__(parent)
        self.steps = tuple(steps)
        self._reached = 0
        self._asking, self._narrow, self._low = False, False, False
        self._title = title
        self._stack = QStackedWidget()
        self.names: list[QToolButton] = []
        for number, step in enumerate(self.steps):
            self._stack.addWidget(step)
            step.ready_changed.connect(self._show)
            self.names.append(self._name(number, step))
        self._back = button(tr("&Back"), self.back)
        self._on = button(tr("&Continue"), self.go_on, "primary")
        self._above = across(title, *self.names, None, corner, gap=2)
        self._below = across(self._back, None, self._on)
        self._rows = down(self._above, self._stack, self._below)
        self.setLayout(self._rows)
        lead(self, self.steps[0])
        self._show()

    @property
    def current(self) -> int:
        return self._stack.currentIndex()

    @property
    def on_button(self) -> QWidget:
        return self._on

    def go_to(self, number: int) -> None:
        """Whatever was reached before; the steps in between are taken as done."""
        self._reached = max(self._reached, number)
        self._turn(number)

    def restart(self) -> None:
        self._reached = 0
        self._turn(0)

    def forget_after(self, number: int) -> None:
        """What was done after this step no longer holds."""
        self._reached = min(self._reached, max(number, self.current))
        self._show()

    def back(self) -> None:
        if self.current > 0:
            self._turn(self.current - 1)

    def go_on(self) -> None:
        step = self.steps[self.current]
        if self._asking or not step.ready or self.current + 1 >= len(self.steps):
            return
        self._asking = True
        self._show()
        step.leave(partial(self._answered, self.current))

    def _answered(self, asked: int, may: bool) -> None:
        self._asking = False
        if may and self.current == asked:
            self.go_to(asked + 1)
        else:
            self._show()

    def _turn(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        lead(self, self.steps[number])
        self._show()
        self.steps[number].enter()
        self.moved.emit(number)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where there is no room for all their names, the steps have numbers; on a low screen the ways back and on
        stand in their row, and leave one more to the step."""
        super().resizeEvent(event)
        low = event.size().height() < _LOW
        narrow = low or event.size().width() < _NARROW
        if low is not self._low:
            self._low = low
            self._stand_low(low)
        if narrow is not self._narrow:
            self._narrow = narrow
            self._title.setVisible(not narrow)
            self._show()

    def _stand_low(self, low: bool) -> None:
        for name in self.names:
            dress(name, "tight", "true" if low else "")
        row = self._above if low else self._below
        row.insertWidget(row.count() if low else 0, self._back)
        row.addWidget(self._on)
        self._above.setSpacing(4 if low else 2)
        self._rows.setSpacing(4 if low else 8)

    def _name(self, number: int, step: Step) -> QToolButton:
        made = QToolButton()
        made.setObjectName("place")
        made.setCheckable(True)
        made.setText(f"{number + 1}  {step.title}")
        made.setAccessibleName(tr("Step {n}, {name}", n=number + 1, name=step.title))
        made.clicked.connect(lambda: self._jump(number))
        return made

    def _jump(self, number: int) -> None:
        if number <= self._reached and number != self.current:
            self._turn(number)
        else:
            self._show()

    def _not_reached(self) -> str:
        furthest = self.steps[self._reached]
        return tr("Not yet: it comes after step {n}, {name}.", n=self._reached + 1, name=furthest.title)

    def _show(self) -> None:
        step = self.steps[self.current]
        for number, name in enumerate(self.names):
            done = number < self._reached and number != self.current
            present = number == self.current
            words = "" if self._narrow and not present else f"  {self.steps[number].title}"
            name.setText(f"{number + 1}{words}{'  ✓' if done else ''}")
            name.setChecked(present)
            allow(name, "" if number <= self._reached else self._not_reached())
        self._back.setVisible(self.current > 0)
        self._on.setVisible(bool(step.onward))
        self._on.setText(step.onward)
        self._on.setAccessibleName(step.onward.replace("&", ""))
        allow(self._on, tr("{step} is just being finished.", step=step.title) if self._asking else step.why_not)
