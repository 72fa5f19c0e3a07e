"""A row that says things in short where its words do not fit: one after the other, and no more of them than need be."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QPushButton, QWidget

from gui.widgets.elided import Elided
from gui.widgets.text import fill

_GAP, _TIGHT = 8, 4

Part = QPushButton | QLabel


class Terse(QHBoxLayout):
    """Measures what its words need: no width of a screen is told to it. What is said first is shortened first."""

    def __init__(self, *parts: QWidget | QLayout | None) -> None:
        """None is a place that grows."""
        super().__init__()
        self._words: dict[Part, tuple[str, str]] = {}
        fill(self, parts, _GAP, 0)

    def shorten(self, short: dict[QPushButton, str]) -> None:
        """Where there is room they say what they say now."""
        for one, words in short.items():
            self.say(one, one.text(), words)

    def say(self, one: Part, words: str, short: str) -> None:
        if self._words.get(one) != (words, short):
            self._words[one] = words, short
            _put(one, words)
            one.setAccessibleName(words.replace("&", ""))
            self.invalidate()

    def forget(self, one: Part) -> None:
        """It is taken out of the row."""
        self._words.pop(one, None)
        self.removeWidget(one)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802 - Qt's name
        missing = self.sizeHint().width() - rect.width()
        said = [_said(one) for one in self._words]
        for one, (words, short) in self._words.items():
            if missing > 0 and not one.isHidden():
                missing -= _width(one, words) - _width(one, short)
                _put(one, short)
            else:
                _put(one, words)
        if said != [_said(one) for one in self._words]:
            # Within another layout it hears of new words late, and would answer by the measures of the old ones.
            self.invalidate()
        gap = _TIGHT if missing > 0 else _GAP
        if gap != self.spacing():
            self.setSpacing(gap)
        super().setGeometry(rect)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """With all its words."""
        more = sum(_width(one, words) - _width(one, _said(one)) for one, (words, _) in self._shown())
        return super().sizeHint() + QSize(more + self._gaps * (_GAP - self.spacing()), 0)

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """With the short ones; a line that elides its words gives way by itself."""
        less = sum(
            _width(one, _said(one)) - _width(one, short)
            for one, (_, short) in self._shown()
            if not isinstance(one, Elided)
        )
        return super().minimumSize() - QSize(less + self._gaps * (self.spacing() - _TIGHT), 0)

    def _shown(self) -> list[tuple[Part, tuple[str, str]]]:
        return [(one, words) for one, words in self._words.items() if not one.isHidden()]

    @property
    def _gaps(self) -> int:
        items = [self.itemAt(number) for number in range(self.count())]
        return max(0, sum(one is not None and not one.isEmpty() for one in items) - 1)


def _said(one: Part) -> str:
    return one.words if isinstance(one, Elided) else one.text()


def _put(one: Part, words: str) -> None:
    if _said(one) == words:
        return
    if isinstance(one, Elided):
        whole = one.accessibleName()
        one.say(words)
        one.setAccessibleName(whole)
    else:
        one.setText(words)


def _width(one: Part, words: str) -> int:
    one.ensurePolished()
    if isinstance(one, QPushButton):
        return one.fontMetrics().size(Qt.TextFlag.TextShowMnemonic.value, words).width()
    return one.fontMetrics().horizontalAdvance(words)
