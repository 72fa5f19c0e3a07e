"""Small pictures for the rail, drawn with a pen in the colour of the text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from gui.theme import LIGHT, tokens

_SIZE = 18
_SCALE = 4
_BADGE = 128


def badge() -> QIcon:
    """The application's own, in one colour on any task bar: a ship in its dock."""
    picture = QPixmap(_BADGE, _BADGE)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QPainterPath()
    ground.addRoundedRect(QRectF(0, 0, _BADGE, _BADGE), _BADGE / 5, _BADGE / 5)
    painter.fillPath(ground, QColor(LIGHT.accent))
    painter.scale(_BADGE / _SIZE, _BADGE / _SIZE)
    painter.setPen(QPen(QColor(LIGHT.on_accent), 1.4))
    path = QPainterPath()
    _dock(path)
    painter.drawPath(path)
    painter.end()
    return QIcon(picture)


def icon(name: str) -> QIcon:
    """In the colour of the text that is worn now."""
    return _drawn_in(name, tokens().text)


@cache
def _drawn_in(name: str, colour: str) -> QIcon:
    picture = QPixmap(_SIZE * _SCALE, _SIZE * _SCALE)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.scale(_SCALE, _SCALE)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.5))
    path = QPainterPath()
    _DRAWN[name](path)
    painter.drawPath(path)
    painter.end()
    return QIcon(picture)


def _dock(path: QPainterPath) -> None:
    path.moveTo(3, 4)
    path.lineTo(3, 14.5)
    path.lineTo(15, 14.5)
    path.lineTo(15, 4)
    path.moveTo(5.4, 8.5)
    path.lineTo(12.6, 8.5)
    path.lineTo(11.3, 11.8)
    path.lineTo(6.7, 11.8)
    path.closeSubpath()
    path.moveTo(9, 8.5)
    path.lineTo(9, 4)


def _overview(path: QPainterPath) -> None:
    path.addEllipse(QRectF(2, 2, 14, 14))
    path.moveTo(9, 2)
    path.lineTo(9, 9)
    path.lineTo(14.5, 12.5)


def _fleet(path: QPainterPath) -> None:
    for top in (2.0, 7.0, 12.0):
        path.addRoundedRect(QRectF(2, top, 14, 4), 1, 1)
        path.addEllipse(QPointF(5, top + 2), 0.4, 0.4)


def _cycle(path: QPainterPath) -> None:
    path.arcMoveTo(QRectF(3, 3, 12, 12), 60)
    path.arcTo(QRectF(3, 3, 12, 12), 60, 290)
    path.moveTo(12.2, 0.8)
    path.lineTo(12.2, 4.2)
    path.lineTo(15.6, 4.2)


def _runs(path: QPainterPath) -> None:
    for line in (4.0, 9.0, 14.0):
        path.addEllipse(QPointF(3, line), 0.9, 0.9)
        path.moveTo(6.5, line)
        path.lineTo(16, line)


def _settings(path: QPainterPath) -> None:
    for line, knob in ((4.0, 11.0), (9.0, 6.0), (14.0, 12.0)):
        path.moveTo(2, line)
        path.lineTo(knob - 2, line)
        path.addEllipse(QPointF(knob, line), 1.8, 1.8)
        path.moveTo(knob + 2, line)
        path.lineTo(16, line)


_DRAWN: dict[str, Callable[[QPainterPath], None]] = {
    "overview": _overview,
    "fleet": _fleet,
    "cycle": _cycle,
    "runs": _runs,
    "settings": _settings,
}
