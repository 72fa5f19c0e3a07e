"""Charts painted by hand: a donut and bars that follow the palette."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.language import tr
from gui.theme import Tone, tokens

_FULL = 360 * 16
_RING, _INNER = 0.2, 0.7


@dataclass(frozen=True, slots=True)
class Slice:
    """One word, how many, and its tone."""

    word: str
    count: int
    tone: Tone


def colour_of(tone: Tone) -> QColor:
    return tokens().tone(tone)


class Donut(QWidget):
    """How a whole is divided. The figure in the middle is the first slice's share, or how many of all it counts."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._slices: tuple[Slice, ...] = ()
        self._caption = ""
        self._known, self._counts = True, False
        self.setMinimumSize(132, 132)

    def show_slices(self, slices: Sequence[Slice], caption: str, *, known: bool = True, counts: bool = False) -> None:
        """A share of what nobody knows would be a claim: there is no figure then."""
        self._slices, self._caption, self._known, self._counts = tuple(slices), caption, known, counts
        told = ", ".join(f"{one.word} {one.count}" for one in slices)
        self.setAccessibleName(f"{self._name}: {told}")
        self.update()

    @property
    def figure(self) -> str:
        total = sum(one.count for one in self._slices)
        if not total or not self._known:
            return "–"
        first = self._slices[0].count
        return tr("{n} of {total}", n=f"{first:,}", total=f"{total:,}") if self._counts else f"{first * 100 // total} %"

    @property
    def caption(self) -> str:
        return self._caption

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(150, 150)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height()) - 8
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        self._paint_ring(painter, box)
        self._paint_middle(painter, box)
        painter.end()

    def _paint_ring(self, painter: QPainter, box: QRectF) -> None:
        thick = box.width() * _RING / 2
        ring = box.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2)
        total = sum(one.count for one in self._slices)
        painter.setPen(QPen(QColor(tokens().quiet_back), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawEllipse(ring)
        begin, gap = 90 * 16, (24 if sum(1 for one in self._slices if one.count) > 1 else 0)
        for one in self._slices:
            if not one.count:
                continue
            span = round(_FULL * one.count / total)
            painter.setPen(QPen(colour_of(one.tone), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawArc(ring, begin - gap // 2, -max(16, span - gap))
            begin -= span

    def _paint_middle(self, painter: QPainter, box: QRectF) -> None:
        font = painter.font()
        font.setPixelSize(round(box.height() * 0.19))
        font.setBold(True)
        wide, room = QFontMetrics(font).horizontalAdvance(self.figure), box.width() * _INNER
        if wide > room:
            font.setPixelSize(int(font.pixelSize() * room / wide))
        painter.setFont(font)
        painter.setPen(QColor(tokens().text))
        middle = box.adjusted(0, -box.height() * 0.08, 0, -box.height() * 0.08)
        painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, self.figure)
        font.setPixelSize(12)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(tokens().muted))
        painter.drawText(box.adjusted(0, box.height() * 0.26, 0, 0), Qt.AlignmentFlag.AlignCenter, self._caption)


@dataclass(frozen=True, slots=True)
class Bar:
    """One named bar, made of slices."""

    name: str
    slices: tuple[Slice, ...]

    @property
    def total(self) -> int:
        return sum(one.count for one in self.slices)


class Bars(QWidget):
    """Lying bars with their names before and their totals behind them."""

    _LINE = 26

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._bars: tuple[Bar, ...] = ()

    def show_bars(self, bars: Sequence[Bar]) -> None:
        self._bars = tuple(bars)
        told = "; ".join(
            f"{bar.name}: " + ", ".join(f"{one.word} {one.count}" for one in bar.slices if one.count) for bar in bars
        )
        self.setAccessibleName(f"{self._name}: {told}")
        self.setMinimumHeight(self._LINE * max(1, len(self._bars)))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(260, self._LINE * max(1, len(self._bars)))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        most = max((bar.total for bar in self._bars), default=0)
        names = max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0)
        names = min(names, self.width() // 2)
        figures = metrics.horizontalAdvance(f"{most:,}") + 8
        room = max(10, self.width() - names - figures - 16)
        for number, bar in enumerate(self._bars):
            top = number * self._LINE
            painter.setPen(QColor(tokens().text))
            named = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, names + 1)
            centre = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, names + 2, self._LINE), centre | Qt.AlignmentFlag.AlignLeft, named)
            end = self._paint_bar(painter, bar, QPointF(names + 10, top + 7), room / most if most else 0)
            painter.setPen(QColor(tokens().muted))
            painter.drawText(QRectF(end + 6, top, figures, self._LINE), centre, f"{bar.total:,}")
        painter.end()

    def _paint_bar(self, painter: QPainter, bar: Bar, at: QPointF, scale: float) -> float:
        left = at.x()
        painter.setPen(Qt.PenStyle.NoPen)
        for one in bar.slices:
            if one.count:
                width = max(2.0, one.count * scale)
                painter.setBrush(colour_of(one.tone))
                painter.drawRect(QRectF(left, at.y(), width - 1, self._LINE - 14))
                left += width
        return left
