"""The configuration files, each as a form and as its text, held against all the others while one types."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QPlainTextEdit, QStackedWidget, QWidget

from core.app.configuration import NAMES, FileText, read, save
from core.model.fault import Fault
from gui.desk import Desk
from gui.dialogs.unsaved import Unsaved
from gui.jobs import Trouble
from gui.language import counted, tr
from gui.pages.settings.document import Document
from gui.pages.settings.form import FormView
from gui.pages.settings.titles import file_title
from gui.theme import Tone
from gui.widgets.allowing import allow
from gui.widgets.chip import Chip
from gui.widgets.elided import Elided
from gui.widgets.states import Empty, States
from gui.widgets.text import across, boxed, button, down, label

_NAMES_WIDTH, _FAULT_HEIGHT, _FAULTS_SHOWN = 150, 32, 3
_FAULT = int(Qt.ItemDataRole.UserRole)


class Configuration(QWidget):
    """What was typed is kept for each file until it is saved or undone, wherever somebody goes meanwhile."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._at = 0
        self.dialog: Unsaved | None = None
        self.documents = [Document(desk, name, self) for name in NAMES]
        self.forms: dict[str, FormView] = {}
        self.names = QListWidget()
        self.names.setAccessibleName(tr("Configuration files"))
        self.names.setFixedWidth(_NAMES_WIDTH)
        self.names.addItems([file_title(name) for name in NAMES])
        self.text = _text_view()
        self.state = Chip()
        self._title, self._path = label("", "heading"), Elided(kind="muted")
        self.seek = QLineEdit(placeholderText=tr("Find a setting  (Ctrl+F)"), clearButtonEnabled=True)
        self.seek.setAccessibleName(tr("Find a setting"))
        self.as_text = button(tr("As &text"), self._turn_view, hint=tr("The file itself, as it lies on the disk"))
        self.as_text.setCheckable(True)
        self.keep = button(tr("&Save"), self.save, "primary", tr("Ctrl+S"))
        self.back = button(tr("&Undo all changes…"), self._ask_undo)
        self.faults = QListWidget()
        self.faults.setAccessibleName(tr("Faults of the configuration"))
        self.faults.setWordWrap(True)
        self._no_form = Empty()
        self.views = QStackedWidget()
        for view in (self.text, self._no_form):
            self.views.addWidget(view)
        head = across(self._title, self.state, self._path, None, self.back, self.keep)
        tools = across(self.seek, self.as_text)
        self.states = States(boxed(down(boxed(head), boxed(tools), self.views, self.faults)), self.seek)
        self.setLayout(across(self.names, self.states, gap=10))
        self._listen()

    def _listen(self) -> None:
        # A button has one key: given Ctrl+S it would lose its underlined letter.
        QShortcut(QKeySequence("Ctrl+S"), self).activated.connect(self.save)
        self.names.currentRowChanged.connect(self._turn)
        self.text.textChanged.connect(self._typed)
        self.seek.textChanged.connect(self._narrow)
        self.faults.itemActivated.connect(self._go_to)
        self.faults.itemClicked.connect(self._go_to)
        for document in self.documents:
            document.changed.connect(self._show_state)
            document.proven.connect(self._show_state)

    @property
    def document(self) -> Document:
        return self.documents[self._at]

    @property
    def form(self) -> FormView | None:
        """Made when a file is first shown by one."""
        return self.forms.get(self.document.name)

    @property
    def unsaved(self) -> tuple[Document, ...]:
        return tuple(one for one in self.documents if one.is_changed)

    def enter(self) -> None:
        """What somebody else wrote meanwhile is shown, unless something here is not saved yet."""
        if self.names.currentRow() < 0:
            self.names.setCurrentRow(0)
            self.names.setFocus()
        elif not self.document.is_changed:
            self.look()

    def open(self, name: str) -> None:
        if name in NAMES:
            self.names.setCurrentRow(NAMES.index(name))

    def _ask_undo(self) -> None:
        self.dialog = Unsaved((file_title(self.document.name),), None, self.look, self)
        self.dialog.open()

    def look(self) -> None:
        """Reads the file anew; what was typed is gone."""
        document, workspace = self.document, self._desk.workspace
        job = self._desk.jobs.start(
            tr("Reading {file}", file=document.name),
            lambda _: read(workspace, document.name),
            lambda file: self._take(document, file),
            lambda trouble: self.states.show_trouble(trouble, self.look),
        )
        if document.file is None:
            self.states.show_waiting(job)

    def save(self) -> None:
        if self.document.may_be_saved:
            self._save(self.document, lambda: None)

    def save_all(self, then: Callable[[], object]) -> None:
        """One after the other; then something else, if all could be saved."""
        if not self.unsaved:
            then()
        else:
            self._save(self.unsaved[0], lambda: self.save_all(then))

    def focus_filter(self) -> None:
        self.seek.setFocus()
        self.seek.selectAll()

    # Showing

    def _turn(self, number: int) -> None:
        self._at = max(0, number)
        if self.document.file is None:
            self.look()
        else:
            self._show()

    def _take(self, document: Document, file: FileText) -> None:
        document.take(file)
        if document is self.document:
            self._show()

    def _show(self) -> None:
        """The chosen file, in the view that is wanted."""
        document = self.document
        self._title.setText(file_title(document.name))
        self._path.say(document.name)
        wants_text = self.as_text.isChecked()
        allow(self.seek, tr("The text is shown: settings are found in the form.") if wants_text else "")
        words = tr("As a &form") if wants_text else tr("As &text")
        self.as_text.setText(words)
        self.as_text.setAccessibleName(words.replace("&", ""))
        if wants_text:
            self._show_text()
        elif document.is_shown_by_a_form:
            self._show_form()
        else:
            words = tr("Its text is no JSON object. Mend the text, then the form comes back.")
            self._no_form.say(tr("No form can show this file"), words, ((tr("To the text"), self.as_text.click),))
            self.views.setCurrentWidget(self._no_form)
        self.states.show_content()
        self._show_state()

    def _show_text(self) -> None:
        self.text.blockSignals(True)
        self.text.setPlainText(self.document.text)
        self.text.blockSignals(False)
        self.views.setCurrentWidget(self.text)

    def _show_form(self) -> None:
        document = self.document
        form = self.forms.get(document.name)
        if form is None:
            form = self.forms[document.name] = FormView(document, document.form)
            self.views.addWidget(form)
        form.show_values()
        form.narrow(self.seek.text())
        self.views.setCurrentWidget(form)

    def _show_state(self) -> None:
        document = self.document
        for item, one in zip(map(self.names.item, range(len(NAMES))), self.documents, strict=True):
            item.setText(file_title(one.name) + ("  ●" if one.is_changed else ""))
            item.setToolTip(tr("Not saved yet") if one.is_changed else one.name)
        allow(self.keep, _why_not_saved(document))
        allow(self.back, "" if document.is_changed else tr("Nothing was changed since it was read."))
        if document.proof is None:
            return
        if self.form is not None:
            self.form.show_faults()
        self._list_faults()

    def _list_faults(self) -> None:
        document = self.document
        faults = (*document.own_faults, *document.other_faults)
        self.faults.clear()
        for fault in (*faults, *document.notes):
            item = QListWidgetItem(self._in_words(fault))
            item.setData(_FAULT, fault)
            self.faults.addItem(item)
        count = self.faults.count()
        self.faults.setVisible(count > 0)
        self.faults.setFixedHeight(8 + _FAULT_HEIGHT * min(count, _FAULTS_SHOWN))
        if faults:
            self.state.say(counted(len(faults), "1 fault", "{n} faults"), Tone.BAD)
        elif document.notes:
            self.state.say(counted(len(document.notes), "valid, 1 note", "valid, {n} notes"), Tone.WARN)
        else:
            self.state.say(tr("valid"), Tone.GOOD)

    def _in_words(self, fault: Fault) -> str:
        by_form = self.form is not None and not self.as_text.isChecked()
        return self.form.in_words(fault) if self.form and by_form and self.document.is_mine(fault) else str(fault)

    # What is done

    def _turn_view(self) -> None:
        if self.document.file is not None:
            self._show()

    def _typed(self) -> None:
        self.document.write(self.text.toPlainText())

    def _narrow(self, words: str) -> None:
        if self.form is not None:
            self.form.narrow(words)

    def _save(self, document: Document, then: Callable[[], object]) -> None:
        file, text, workspace = document.file, document.text, self._desk.workspace
        if file is None:
            return

        def saved(written: FileText) -> None:
            document.saved(written)
            self._desk.say(tr("{file} is saved.", file=document.name))
            self._desk.inventory_changed.emit()
            then()

        def refused(trouble: Trouble) -> None:
            self._desk.show_trouble(trouble)

        what = tr("Saving {file}", file=document.name)
        self._desk.jobs.start(what, lambda _: save(workspace, file, text), saved, refused)

    def _go_to(self, item: QListWidgetItem) -> None:
        fault = item.data(_FAULT)
        if not self.document.is_mine(fault):
            self._open_other(fault)
        elif self.as_text.isChecked() or self.form is None:
            self._go_to_line(fault)
        else:
            self.seek.clear()
            self.form.go_to(fault)

    def _open_other(self, fault: Fault) -> None:
        other = next((one.name for one in self.documents if one.is_mine(fault)), None)
        if other is not None:
            self.open(other)

    def _go_to_line(self, fault: Fault) -> None:
        """To the last key of the fault's path, after those that the path counts before."""
        place = self.document.place_of(fault)
        keys = [one for one in place if isinstance(one, str)]
        counts = [one for one in place if isinstance(one, int)]
        cursor = QTextCursor(self.text.document())
        at = _place(self.document.text, keys[-1] if keys else "", counts[0] if counts else 0)
        cursor.setPosition(max(0, at))
        self.text.setTextCursor(cursor)
        self.text.centerCursor()
        self.text.setFocus()


def _why_not_saved(document: Document) -> str:
    if not document.is_changed:
        return tr("Nothing was changed since it was read.")
    if document.proof is None:
        return tr("What was typed is being proven.")
    faults = document.own_faults
    if not faults:
        return ""
    return tr(
        "{faults} to mend first; the list below names each.", faults=counted(len(faults), "1 fault", "{n} faults")
    )


def _text_view() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setAccessibleName(tr("Text of the file"))
    made.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    made.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    made.setTabChangesFocus(True)
    return made


def _place(text: str, key: str, count: int) -> int:
    """Where the key stands for the time that is meant."""
    places = [found.start() for found in re.finditer(rf'"{re.escape(key)}"', text)]
    return places[min(count, len(places) - 1)] if places else 0
