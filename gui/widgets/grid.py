"""The table view that all pages share: fixed rows, chips, a chooser of columns, and the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QByteArray, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.language import tr
from gui.models.table import HEADING_ROLE, MARKS_ROLE, TONE_ROLE, Mark, Rows
from gui.theme import Tone, tokens
from gui.widgets.chip import paint_chip, paint_mark
from gui.widgets.fitting import fitted, least_width

_ROW_HEIGHT = 28
_AROUND_TITLE = 14
_AROUND_WORDS, _TICK = 20, 24
# The first of many are enough to know how long the words of a column are.
_MEASURED = 100
_NO_BUTTON = Qt.MouseButton.NoButton


class _Cell(QStyledItemDelegate):
    """Paints what has a tone as a chip, marks as letters, and a group's heading in bold; leaves the rest to Qt."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        # What passes through Qt comes back as plain text.
        word: str | None = index.data(TONE_ROLE)
        marks: Sequence[Mark] | None = index.data(MARKS_ROLE)
        if word is None and marks is None:
            super().paint(painter, option, index)
            return
        text = str(index.data() or "")
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        place = option.rect.adjusted(6, 4, -4, -4)
        if word is not None and text:
            paint_chip(painter, place, text, Tone(word))
        for mark in marks or ():
            place.setLeft(paint_mark(painter, place, mark))

    def initStyleOption(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if index.data(HEADING_ROLE):
            font = QFont(option.font)
            font.setBold(True)
            option.font = font
            option.palette.setColor(QPalette.ColorRole.Text, tokens().muted)


class Grid(QTableView):
    """Enter opens the row, Ctrl+C copies the chosen rows, Space ticks."""

    opened = Signal(object)
    chosen = Signal(object)

    def __init__(self, name: str, rows: Rows[Any], nothing: str = "", parent: QWidget | None = None) -> None:
        """Nothing are the words for a table without rows: an empty one could as well be one that is still read."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.rows = rows
        self._nothing = nothing
        self._fitting, self._by_hand = False, False
        self.setItemDelegate(_Cell(self))
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        lines = self.verticalHeader()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(_ROW_HEIGHT)
        lines.hide()
        self.setModel(rows)
        self._dress_header()
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.activated.connect(self._open)
        self.doubleClicked.connect(self._open)

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802 - Qt's name
        super().setModel(model)
        if model is not None:
            self.selectionModel().currentRowChanged.connect(self._choose)
            model.layoutChanged.connect(self._span)
            model.modelReset.connect(self._span)
            model.modelReset.connect(self._fit)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(480, 240)

    @property
    def nothing(self) -> str:
        """Why there is no row to be seen, as far as that is known."""
        if self.rows.rowCount():
            return ""
        return tr("No row fits the filter.") if self.rows.total else self._nothing

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        super().paintEvent(event)
        words = self.nothing
        if words:
            painter = QPainter(self.viewport())
            painter.setPen(tokens().muted)
            place = self.viewport().rect().adjusted(16, 16, -16, -16)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap), words)
            painter.end()

    @property
    def current(self) -> Any:
        return self.rows.row_at(self.currentIndex().row())

    @property
    def selected(self) -> tuple[Any, ...]:
        lines = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(row for row in map(self.rows.row_at, lines) if row is not None)

    def choose(self, key: str) -> bool:
        line = self.rows.line_with(key)
        if line is None:
            return False
        self.selectRow(line)
        self.scrollTo(self.rows.index(line, 0))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        row = self.rows.row_at(index.row())
        if row is not None:
            self.opened.emit(row)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self.rows.row_at(index.row()))

    def _span(self) -> None:
        """A heading reaches over all columns."""
        self.clearSpans()
        if not self.rows.has_groups:
            return
        for line in self.rows.heading_lines:
            self.setSpan(line, 0, 1, len(self.rows.columns))

    def _copy(self) -> None:
        lines = ["\t".join(column.title for column in self.rows.columns)]
        lines += ["\t".join(column.text(row) for column in self.rows.columns) for row in self.selected]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _dress_header(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._offer_columns)
        for number, column in enumerate(self.rows.columns):
            self.setColumnHidden(number, column.hidden)
        self._fit()
        header.sectionResized.connect(self._take_by_hand)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Until somebody has drawn a column to a width of his own."""
        if self._by_hand or self._fitting:
            return
        self._fitting = True
        shown = [number for number in range(len(self.rows.columns)) if not self.isColumnHidden(number)]
        columns = [self.rows.columns[number] for number in shown]
        title = QFontMetrics(self._title_font)
        bounds = [
            (one.width, max(least_width(one.width, one.least, keeps=number == 0 or one.tone is not None), named))
            for number, one in zip(shown, columns, strict=True)
            for named in (min(one.width, title.horizontalAdvance(one.title) + _AROUND_TITLE),)
        ]
        room = self.viewport().width()
        widths = fitted(bounds, room, lambda: [self._whole(number) for number in shown])
        for number, width in zip(shown, widths, strict=True):
            self.setColumnWidth(number, width)
        self._fitting = False

    def _whole(self, number: int) -> int:
        """What none of the column's words is cut in; what is painted otherwise has its width."""
        column = self.rows.columns[number]
        if column.tone is not None or column.marks is not None:
            return 0
        words = self.fontMetrics()
        longest = max((words.horizontalAdvance(column.text(row)) for row in self.rows.first_rows(_MEASURED)), default=0)
        return longest + _AROUND_WORDS + (_TICK if number == 0 and self.rows.is_tickable else 0)

    @property
    def _title_font(self) -> QFont:
        """As the style sheet has it: the header itself knows of its weight only while it paints."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _take_by_hand(self) -> None:
        """The last column takes what is left: that is nobody's hand."""
        self._by_hand = self._by_hand or (not self._fitting and QGuiApplication.mouseButtons() != _NO_BUTTON)

    @property
    def arrangement(self) -> QByteArray:
        """Which columns are shown, where and how wide; to be arranged like that again."""
        return self.horizontalHeader().saveState()

    @property
    def is_drawn_by_hand(self) -> bool:
        """Widths that somebody gave are kept; others follow the room that there is."""
        return self._by_hand

    def arrange(self, like: QByteArray, *, by_hand: bool) -> None:
        """One that is of another time, when there were other columns, is let be."""
        self._by_hand = self.horizontalHeader().restoreState(like) and by_hand
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self._fit()

    def _show_column(self, number: int, on: bool) -> None:
        self.setColumnHidden(number, not on)
        self._fit()

    def _offer_columns(self, at: QPoint) -> None:
        self.columns_menu().exec(self.horizontalHeader().mapToGlobal(at))

    def columns_menu(self) -> QMenu:
        """A tick for each column but the first, which names the row."""
        menu = QMenu(tr("Columns"), self)
        menu.aboutToShow.connect(lambda: self._fill_columns_menu(menu))
        return menu

    def _fill_columns_menu(self, menu: QMenu) -> None:
        """Which are hidden may have changed by another way."""
        menu.clear()
        for number, column in enumerate(self.rows.columns[1:], start=1):
            action = QAction(column.title, menu, checkable=True, checked=not self.isColumnHidden(number))
            action.toggled.connect(lambda on, number=number: self._show_column(number, on))
            menu.addAction(action)
