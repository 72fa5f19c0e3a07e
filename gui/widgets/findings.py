"""Go or no-go at a glance: what forbids the plan, what will be held, what is to be known. Each leads to its hosts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from core.model.review import Finding, Review, Weight
from gui.language import tr
from gui.theme import Tone
from gui.widgets.chip import Chip
from gui.widgets.text import across, button
from gui.words import verdict_in_words

_TONES = {Weight.STOPS: Tone.BAD, Weight.HOLDS: Tone.WARN, Weight.KNOW: Tone.QUIET}


class Findings(QWidget):
    """The most important fit into one line; the tab of warnings has all of them."""

    _SHOWN = 4

    def __init__(self, follow: Callable[[Finding], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follow = follow
        self.verdict = Chip()
        self._links: list[QPushButton] = []
        self._row: QHBoxLayout = across(self.verdict, None)
        self.setLayout(self._row)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_review(self, review: Review) -> None:
        self.verdict.say(*verdict_in_words(review))
        for old in self._links:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._links = [self._link(one) for one in review.findings[: self._SHOWN]]
        for number, link in enumerate(self._links, start=1):
            self._row.insertWidget(number, link)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return self.verdict.sizeHint()

    def _fit(self) -> None:
        """Whole words or none: what does not fit is left to the tab of warnings, which has all."""
        left = self.width() - self.verdict.sizeHint().width()
        for link in self._links:
            left -= link.sizeHint().width() + self._row.spacing()
            link.setVisible(left >= 0)

    def _link(self, finding: Finding) -> QPushButton:
        count = f"{len(finding.hosts):,} · " if finding.hosts else ""
        made = button(
            count + tr(finding.title), lambda: self._follow(finding), "link", "\n".join(finding.messages[:12])
        )
        made.setProperty("tone", _TONES[finding.weight].value)
        return made
