"""A chip: a word on its colour, or a letter. The word says it; the colour only helps to find it."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.models.table import Mark
from gui.theme import Tone, tokens

_ROOM = 8
_HEIGHT = 20
_MARK = 20


def paint_chip(painter: QPainter, place: QRect, text: str, tone: Tone, *, lit: bool = False) -> None:
    """As wide as its word, at the left of the place. One that is lit is seen on its own tone, too."""
    metrics = painter.fontMetrics()
    box = QRect(place)
    box.setWidth(min(place.width(), metrics.horizontalAdvance(text) + 2 * _ROOM))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    colour, back = tokens().tone(tone), tokens().tone_back(tone)
    painter.setBrush(colour if lit else back)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(tokens().surface) if lit else colour)
    room = box.adjusted(_ROOM, 0, -_ROOM, 0)
    fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 1)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
    painter.restore()


def paint_mark(painter: QPainter, place: QRect, mark: Mark) -> int:
    """A lamp at the left of the place: filled when it is lit, an empty frame when not; where the next one may begin."""
    box = QRect(place.left(), place.top(), _MARK, place.height())
    colour = tokens().tone(mark.tone)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1))
    painter.setBrush(colour if mark.lit else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(tokens().surface) if mark.lit else colour)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, mark.letter)
    painter.restore()
    return box.right() + 4


class Chip(QWidget):
    """A chip of its own."""

    def __init__(
        self, text: str = "", tone: Tone = Tone.QUIET, parent: QWidget | None = None, *, lit: bool = False
    ) -> None:
        super().__init__(parent)
        self._lit = lit
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._text, self._tone = text, tone
        self.say(text, tone)

    def say(self, text: str, tone: Tone) -> None:
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        # What has no parent yet would come up as a window of its own.
        if self.parentWidget() is not None:
            self.setVisible(bool(text))
        elif not text:
            self.hide()
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._text) + 2 * _ROOM, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        paint_chip(painter, self.rect(), self._text, self._tone, lit=self._lit)
        painter.end()
