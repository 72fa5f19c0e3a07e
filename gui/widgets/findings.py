"""Go or no-go at a glance: what forbids the plan, what will be held, what is to be known. Each leads to its hosts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from core.model.review import Finding, Review, Weight
from gui.language import counted, tr
from gui.theme import Tone
from gui.widgets.chip import Chip
from gui.widgets.text import across, button
from gui.words import verdict_in_words

_TONES = {Weight.STOPS: Tone.BAD, Weight.HOLDS: Tone.WARN, Weight.KNOW: Tone.QUIET}


class Findings(QWidget):
    """As many as one line has room for, the most important first; the tab of warnings has all of them."""

    def __init__(self, follow: Callable[[Finding], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follow = follow
        self.verdict = Chip()
        self._findings: tuple[Finding, ...] = ()
        self.links: list[QPushButton] = []
        self.more = button(tr("More"), self._follow_rest, "link", tr("All stand among the warnings"))
        self._row: QHBoxLayout = across(self.verdict, self.more, None)
        self.setLayout(self._row)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_review(self, review: Review) -> None:
        self.verdict.say(*verdict_in_words(review))
        for old in self.links:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._findings = review.findings
        self.links = [self._link(one) for one in review.findings]
        for number, link in enumerate(self.links, start=1):
            self._row.insertWidget(number, link)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Nobody overlooks that there is more to know."""
        verdict, more = self.verdict.sizeHint(), self.more.sizeHint()
        return QSize(verdict.width() + self._row.spacing() + more.width(), max(verdict.height(), more.height()))

    def _fit(self) -> None:
        """Whole words or none: how many there are besides is said, and the tab of warnings has all."""
        room = self.width() - self.verdict.sizeHint().width()
        shown = self._fitting(room)
        if shown < len(self._findings):
            self._say_rest(len(self._findings))
            shown = self._fitting(room - self.more.sizeHint().width() - self._row.spacing())
        for number, link in enumerate(self.links):
            link.setVisible(number < shown)
        self._say_rest(len(self._findings) - shown)
        self.more.setVisible(shown < len(self._findings))

    def _fitting(self, room: int) -> int:
        for number, link in enumerate(self.links):
            room -= link.sizeHint().width() + self._row.spacing()
            if room < 0:
                return number
        return len(self.links)

    def _say_rest(self, count: int) -> None:
        self.more.setText(tr("+{n} more", n=count))
        self.more.setAccessibleName(counted(count, "1 finding more", "{n} findings more"))

    def _follow_rest(self) -> None:
        """To the first that had no room."""
        shown = sum(not link.isHidden() for link in self.links)
        self._follow(self._findings[min(shown, len(self._findings) - 1)])

    def _link(self, finding: Finding) -> QPushButton:
        count = f"{len(finding.hosts):,} · " if finding.hosts else ""
        made = button(
            count + tr(finding.title), lambda: self._follow(finding), "link", "\n".join(finding.messages[:12])
        )
        made.setProperty("tone", _TONES[finding.weight].value)
        return made
