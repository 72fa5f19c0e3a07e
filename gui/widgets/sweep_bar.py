"""A button that has all hosts of the scope assessed, how far that has come, a way to stop it, and what failed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.desk import Desk
from gui.language import tr
from gui.sweep import sweep_of
from gui.widgets.allowing import allow
from gui.widgets.elided import Elided
from gui.widgets.keyboard import show_if
from gui.widgets.text import across, button


class SweepBar(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.sweep = sweep_of(desk)
        hint = tr("Asks every host of the scope on top what it is; it changes nothing there")
        self.begin = button(tr("Assess a&ll"), self.sweep.begin, hint=hint)
        self.stop = button(tr("Stop asking"), self.sweep.stop, "link", tr("What was said so far stays known"))
        self.told = Elided("", "muted")
        self.why = button(tr("Why?"), self._show_why, "link", tr("Who could not be asked, why, and what to do"))
        self.why.setAccessibleName(tr("Why hosts could not be assessed"))
        self.setLayout(across(self.told, self.why, self.stop, self.begin))
        self.sweep.changed.connect(self._show)
        desk.targets_changed.connect(self._show)
        desk.scope_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        going = self.sweep.is_going
        self.told.say(self.sweep.text)
        show_if(self.stop, going)
        show_if(self.why, bool(self.sweep.failures) and not going)
        there = bool(self._desk.hosts_in_scope)
        nobody = "" if there else tr("There is no host in the scope on top.")
        allow(self.begin, tr("The hosts are just being asked.") if going else nobody)

    def _show_why(self) -> None:
        self._desk.show_trouble(self.sweep.trouble)
