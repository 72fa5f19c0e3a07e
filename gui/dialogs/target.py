"""Adds or edits a target, with every fault said beside its field as one types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QLabel, QLineEdit, QWidget

from core.app.target_editing import Book, Draft, drafted, keep
from core.model.fault import Fault
from gui.desk import Desk
from gui.dialogs.credential import CredentialDialog
from gui.jobs import Job, Trouble
from gui.language import counted, tr
from gui.options import option_words
from gui.widgets.allowing import allow
from gui.widgets.choice import ChoiceBox
from gui.widgets.fitting import resize_within_screen
from gui.widgets.text import across, boxed, button, down, label, scrolled

_PAUSE_MS = 250


@dataclass(frozen=True, slots=True)
class Field:
    """A key of the target, by its path in the file, and how it is written there. With a heading it begins a group."""

    path: str
    title: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    number: bool = False
    words: bool = False
    usual: str = ""
    names: tuple[str, ...] = ()
    heading: str = ""


def _fields() -> tuple[Field, ...]:
    return (
        Field("server", tr("Server"), tr("a host name or an address")),
        Field("instance", tr("Instance"), tr("empty: all that are found")),
        Field("port", tr("SQL port"), tr("empty: asked for"), number=True),
        Field("metadata.ip_address", tr("Address"), tr("empty: by its name")),
        Field(
            "os_credential_ref",
            tr("Windows account"),
            tr("a name in the vault; empty: who runs Drydock"),
            heading=tr("Windows: everything that is done there goes this way"),
        ),
        Field(
            "remoting.auth", tr("Windows logon by"), choices=("", "kerberos", "negotiate", "ntlm", "basic", "credssp")
        ),
        Field("remoting.transport", tr("Transport"), choices=("", "https", "http")),
        Field("remoting.port", tr("Remoting port"), tr("empty: 5986 or 5985"), number=True),
        Field(
            "auth",
            tr("SQL Server logon by"),
            choices=("", "sql"),
            usual=tr("the Windows account that runs Drydock"),
            names=(tr("a SQL login, with a password"),),
            heading=tr("SQL Server: its engine is asked this way, too"),
        ),
        Field("credential_ref", tr("SQL login"), tr("a name in the vault")),
        Field("tenant", tr("Tenant"), heading=tr("Where it belongs")),
        Field("client", tr("Client")),
        Field("site", tr("Site")),
        Field("metadata.tags", tr("Tags"), tr("words or key=value, with spaces between"), words=True),
        Field("group", tr("Group"), tr("its availability group or cluster")),
        Field("failure_domain", tr("Fails with"), tr("hypervisor, storage or rack")),
        Field("criticality", tr("Criticality"), choices=("", "low", "high"), usual=tr("normal")),
        Field("owner", tr("Owner")),
        Field("service", tr("Service")),
        Field("metadata.description", tr("Description")),
    )


class TargetDialog(QDialog):
    def __init__(self, desk: Desk, book: Book, host: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._book = desk, book
        self._places: tuple[int | None, ...] = (None,) if host is None else (*book.of_server(host), None)
        self._place: int | None = None
        self._target: dict[str, object] = {}
        self._draft: Draft | None = None
        self.setWindowTitle(tr("A new target") if host is None else tr("The targets of {host}", host=host))
        self.which = ChoiceBox()
        self.which.setAccessibleName(tr("Which target"))
        self.which.view().setAccessibleName(tr("Which target"))
        self.which.addItems([self._title(place) for place in self._places])
        self.which.setVisible(len(self._places) > 1)
        self.inputs: dict[str, QLineEdit | QComboBox] = {}
        self.said: dict[str, QLabel] = {}
        self.enabled = QCheckBox(tr("Enabled: assessed and patched"))
        self.others = label("", "bad", wrap=True)
        self.keep = button(tr("Save"), self._keep, "primary")
        self.keep.setDefault(True)
        secret = button(tr("Credential…"), self._put_credential, hint=tr("Puts an account into the vault"))
        buttons = across(secret, None, button(tr("Cancel"), self.reject), self.keep)
        form = scrolled(boxed(self._form()), tr("Fields of the target"))
        self.setLayout(down(self.which, form, self.others, buttons, edge=16))
        resize_within_screen(self, 640, 620)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._check)
        self._judging: Job[Draft] | None = None
        self.finished.connect(lambda _result: self._let_go())
        self.enabled.toggled.connect(lambda _on: self._changed())
        self.which.currentIndexChanged.connect(lambda number: self._turn(self._places[number]))
        self._turn(self._places[0])
        if host is None:
            self.inputs["server"].setFocus()

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.addRow("", self.enabled)
        for field in _fields():
            if field.heading:
                form.addRow(label(field.heading, "strong"))
            self.inputs[field.path] = _input(field)
            self.said[field.path] = label("", "bad", wrap=True)
            self.said[field.path].hide()
            form.addRow(field.title, boxed(down(self.inputs[field.path], self.said[field.path], gap=2)))
        for one in self.inputs.values():
            changed = one.currentTextChanged if isinstance(one, QComboBox) else one.textChanged
            changed.connect(lambda _text: self._changed())
        return form

    def _title(self, place: int | None) -> str:
        if place is None:
            return tr("one more instance of it…") if len(self._places) > 1 else tr("a new target")
        target = self._book.targets[place]
        return " · ".join(str(one) for one in (target.get("id"), target.get("instance") or "") if one)

    def _turn(self, place: int | None) -> None:
        self._place = place
        self._target = dict(self._book.targets[place]) if place is not None else self._fresh()
        for field in _fields():
            _put(self.inputs[field.path], _text(_at(self._target, field.path)))
        self.enabled.setChecked(bool(self._target.get("enabled", True)))
        self._suit()
        self._check()

    def _fresh(self) -> dict[str, object]:
        """A further instance lies on the same server."""
        first = next((self._book.targets[one] for one in self._places if one is not None), {})
        shared = ("server", "tenant", "client", "site", "remoting", "os_credential_ref", "group", "failure_domain")
        return {"id": self._book.fresh_id()} | {key: first[key] for key in shared if key in first}

    def _suit(self) -> None:
        """A SQL login is needed by who chose one; a name that was left over can still be taken away."""
        name = self.inputs["credential_ref"]
        needed = _said(self.inputs["auth"]) == "sql" or bool(_said(name))
        allow(name, "" if needed else tr('Not needed: choose "a SQL login" above first.'))

    def _changed(self) -> None:
        self._suit()
        allow(self.keep, tr("What was typed is being checked."))
        self._let_go()
        self._pause.start()

    def _written(self) -> dict[str, object]:
        target = dict(self._target)
        for field in _fields():
            _set(target, field.path, _value(field, _said(self.inputs[field.path])))
        if "enabled" in target or not self.enabled.isChecked():
            target["enabled"] = self.enabled.isChecked()
        return target

    def _check(self) -> None:
        self._let_go()
        workspace, book, place, target = self._desk.workspace, self._book, self._place, self._written()
        self._judging = self._desk.jobs.start_quietly(
            lambda _: drafted(workspace, book, place, target), self._judged, self._not_judged
        )

    def _let_go(self) -> None:
        """Of what was typed before, or is typed no more: nobody waits for a word on it."""
        self._pause.stop()
        if self._judging is not None:
            self._judging.stop()

    def _judged(self, draft: Draft) -> None:
        self._draft = draft
        here = {fault.path: fault for fault in draft.faults}
        for path, said in self.said.items():
            fault = next((one for key, one in here.items() if _is_of(key, path)), None)
            said.setText("" if fault is None else fault.message)
            said.setVisible(fault is not None)
            _mark(self.inputs[path], fault)
        elsewhere = [one for one in draft.faults if not any(_is_of(one.path, path) for path in self.said)]
        untouched = not _said(self.inputs["server"])
        self.others.setText("" if untouched else "\n".join(str(one) for one in elsewhere[:5]))
        wrong = counted(len(draft.faults), "1 thing is still wrong", "{n} things are still wrong")
        allow(self.keep, f"{wrong}: {draft.faults[0].message}" if draft.faults else "")

    def _keep(self) -> None:
        draft = self._draft
        if draft is None:
            return
        workspace = self._desk.workspace
        allow(self.keep, tr("The targets are being written."))
        self._desk.jobs.start(
            tr("Writing the targets"), lambda _: keep(workspace, draft), lambda _: self._kept(), self._not_kept
        )

    def _kept(self) -> None:
        self._desk.say(tr("{server} is kept in the list of targets.", server=_said(self.inputs["server"])))
        self._desk.inventory_changed.emit()
        self.accept()

    def _not_judged(self, trouble: Trouble) -> None:
        self.others.setText(trouble.text)
        allow(self.keep, tr("It could not be checked: {why}", why=trouble.title))

    def _not_kept(self, trouble: Trouble) -> None:
        """What was typed stays, to be saved once there is room again."""
        self.others.setText(trouble.text)
        allow(self.keep)

    def _put_credential(self) -> None:
        wanted = _said(self.inputs["os_credential_ref"]) or _said(self.inputs["credential_ref"])
        asked = CredentialDialog(self._desk, wanted, self)
        asked.accepted.connect(lambda: self._name_account(asked.reference.text().strip()))
        asked.open()

    def _name_account(self, name: str) -> None:
        """What was just put into the vault is the account to go with, unless one is named already."""
        account = self.inputs["os_credential_ref"]
        if isinstance(account, QLineEdit) and name not in (_said(account), _said(self.inputs["credential_ref"])):
            account.setText(_said(account) or name)


def _input(field: Field) -> QLineEdit | QComboBox:
    made: QLineEdit | QComboBox
    if field.choices:
        made = ChoiceBox()
        made.addItem(field.usual or tr("as for all"), field.choices[0])
        for one, name in zip_longest(field.choices[1:], field.names):
            made.addItem(name or option_words(field.path, one), one)
        made.view().setAccessibleName(field.title)
    else:
        made = QLineEdit(placeholderText=field.hint)
    made.setAccessibleName(field.title)
    made.setMinimumWidth(260)
    return made


def _said(one: QLineEdit | QComboBox) -> str:
    return str(one.currentData()) if isinstance(one, QComboBox) else one.text().strip()


def _put(one: QLineEdit | QComboBox, text: str) -> None:
    if isinstance(one, QLineEdit):
        one.setText(text)
        return
    if one.findData(text) < 0:
        one.addItem(text, text)
    one.setCurrentIndex(one.findData(text))


def _mark(one: QLineEdit | QComboBox, fault: Fault | None) -> None:
    one.setProperty("wrong", "true" if fault else "false")
    if one.isEnabled():
        one.setToolTip("" if fault is None else fault.message)
    one.style().unpolish(one)
    one.style().polish(one)


def _is_of(path: str, field: str) -> bool:
    """A fault of one of the tags is a fault of the tags."""
    return path == field or path.startswith((f"{field}[", f"{field}."))


def _at(target: Mapping[str, object], path: str) -> object:
    section, _, key = path.rpartition(".")
    if not section:
        return target.get(key)
    inner = target.get(section)
    return inner.get(key) if isinstance(inner, Mapping) else None


def _set(target: dict[str, object], path: str, value: object) -> None:
    """Nothing is written for what is left empty and was not there."""
    section, _, key = path.rpartition(".")
    if section:
        before = target.get(section)
        inner = dict(before) if isinstance(before, Mapping) else {}
        _set(inner, key, value)
        if inner or section in target:
            target[section] = inner
    elif value is None:
        target.pop(key, None)
    else:
        target[key] = value


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def _value(field: Field, text: str) -> object:
    """Text that is no number stays text, so that the judgement can say so."""
    if not text:
        return None
    if field.words:
        return text.split()
    return int(text) if field.number and text.isascii() and text.isdigit() else text
