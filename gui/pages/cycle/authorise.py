"""Step 4: who allows it, why, for how long; and the act itself, typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import QCheckBox, QDateTimeEdit, QDialog, QFormLayout, QLineEdit, QSizePolicy

from core.app.authorise import authorise
from core.model.authorisation import Authorisation
from core.model.plan import Plan
from gui.desk import Desk
from gui.dialogs.dry_run import DryRunDialog
from gui.jobs import Trouble
from gui.language import counted, tr
from gui.pages.cycle.course import Course
from gui.pages.cycle.plan_words import (
    digest_in_words,
    estimate_in_words,
    held_in_words,
    totals_in_words,
    windows_in_words,
)
from gui.widgets.allowing import allow
from gui.widgets.chip import Chip
from gui.widgets.choice import Moment
from gui.widgets.keyboard import give_keyboard, lead
from gui.widgets.states import States
from gui.widgets.stepper import Answer, Step
from gui.widgets.text import across, boxed, button, card, down, label, scrolled
from gui.words import verdict_in_words

_DEFAULT_HOURS = 24
_WIDEST = 640


class AuthoriseStep(Step):
    def __init__(self, desk: Desk, course: Course) -> None:
        super().__init__()
        self.title, self.onward = tr("Authorise"), tr("&Authorise this plan")
        self._desk, self._course = desk, course
        self._asking = False
        self.verdict = Chip()
        self.held_words = label("", wrap=True)
        self.plan_words = label("", "strong", wrap=True)
        self.window_words = label("", "muted", wrap=True)
        self.digest = label("", "muted", wrap=True)
        self.digest.setToolTip(digest_in_words())
        self.change = QLineEdit(placeholderText=tr("for example CHG-1234; may stay empty"))
        self.reason = QLineEdit(placeholderText=tr("for example monthly patching"))
        self.limited = QCheckBox(tr("It expires"))
        self.limited.setChecked(True)
        self.expires = Moment(calendarPopup=True, displayFormat="yyyy-MM-dd HH:mm")
        self.expires.setToolTip(tr("By this computer's clock"))
        self.typed = QLineEdit()
        self.missing = label("", "muted", wrap=True)
        self._wanted = label("", "strong")
        for field, name in (
            (self.change, tr("Change")),
            (self.reason, tr("Reason")),
            (self.expires, tr("Expires")),
            (self.typed, tr("The act, typed")),
        ):
            field.setAccessibleName(name)
        for edit in (self.reason, self.typed):
            edit.textChanged.connect(self.ready_changed)
        self.ready_changed.connect(self._show_missing)
        self.limited.toggled.connect(self._limit)
        self.limited.toggled.connect(self.ready_changed)
        self.expires.dateTimeChanged.connect(self.ready_changed)
        who = label(tr("{who} at {where}", who=desk.identity.operator, where=desk.identity.console))
        act_typed = across(self._wanted, self.typed)
        act_typed.setStretch(1, 1)
        act_in_words = boxed(act_typed)
        for part in (self.change, self.reason, self.expires, act_in_words):
            part.setMaximumWidth(_WIDEST)
        # A box that keeps its height stands above the middle of its row.
        self.limited.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(10)
        form.addRow(tr("By"), who)
        form.addRow(tr("&Change"), self.change)
        form.addRow(tr("&Reason"), self.reason)
        form.addRow(self.limited, self.expires)
        type_this = label(tr("&Type this"))
        type_this.setBuddy(self.typed)
        form.addRow(type_this, act_in_words)
        form.addRow("", self.missing)
        words = label(
            tr("Bound to exactly this plan, by its fingerprint (digest): a plan changed by a byte is not covered."),
            "muted",
            wrap=True,
        )
        looks = tr("Looks at each host as the run would, and says what would happen; nothing is changed")
        self.rehearse = button(tr("&Dry run…"), self._rehearse, hint=looks)
        self.dialog: QDialog | None = None
        stands = across(self.verdict, self.held_words, self.rehearse)
        stands.setStretch(1, 1)
        told = (self.plan_words, self.window_words, self.digest)
        what = card(down(label(tr("What is authorised"), "heading"), stands, *told))
        act = card(down(label(tr("The authorisation"), "heading"), words, boxed(form)))
        self.states = States(scrolled(boxed(down(what, act, None, gap=12)), tr("Authorise")), self.reason)
        self.setLayout(down(self.states))
        lead(self, self.states)

    @property
    def wanted(self) -> str:
        """What is to be typed: it names how much will be touched."""
        shown = self._course.reviewed
        count = 0 if shown is None else len(shown.plan.targets)
        return counted(count, "patch 1 host", "patch {n} hosts")

    @property
    def why_not(self) -> str:
        return tr("The plan is just being authorised.") if self._asking else self._missing

    @property
    def _reasoned(self) -> bool:
        return bool(self.reason.text().strip())

    @property
    def _meant(self) -> bool:
        return " ".join(self.typed.text().casefold().split()) == self.wanted.casefold()

    @property
    def _missing(self) -> str:
        missing = [] if self._reasoned else [tr("a reason")]
        if not self._meant:
            missing.append(tr('the words "{words}", typed', words=self.wanted))
        if self.limited.isChecked() and _picked(self.expires) <= datetime.now(UTC):
            missing.append(tr("an end that is still to come"))
        return tr("Still missing: {parts}", parts=", ".join(missing)) if missing else ""

    def _limit(self, on: bool) -> None:
        allow(self.expires, "" if on else tr('It does not expire; tick "It expires" to set a time.'))

    def _show_missing(self) -> None:
        """Why the way on is shut."""
        self.missing.setText(self._missing)

    def enter(self) -> None:
        shown = self._course.reviewed
        if shown is not None:
            plan = shown.plan
            self.verdict.say(*verdict_in_words(shown.review))
            self.held_words.setText(held_in_words(shown))
            self.plan_words.setText(totals_in_words(plan))
            self.plan_words.setToolTip(estimate_in_words(plan))
            self.window_words.setText(windows_in_words(plan))
            self.digest.setText(tr("plan {id}  ·  digest {digest}", id=plan.id, digest=plan.digest))
            self.expires.setDateTime(QDateTime.fromSecsSinceEpoch(int(_expiry(plan).timestamp())))
            self._wanted.setText(self.wanted)
            self.typed.clear()
        self._show_missing()
        give_keyboard(self.states)

    def _rehearse(self) -> None:
        """Nobody must have allowed the plan for that: whoever is to sign it looks first."""
        shown = self._course.reviewed
        if shown is not None:
            self.dialog = DryRunDialog(self._desk, shown.plan, self)
            self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.dialog.open()

    def leave(self, answer: Answer) -> None:
        shown = self._course.reviewed
        if shown is None:
            answer(False)
            return
        workspace, plan_id = self._desk.workspace, shown.plan.id
        reason, change = self.reason.text().strip(), self.change.text().strip() or None
        expires = _picked(self.expires) if self.limited.isChecked() else None
        self._asking = True

        def done(granted: Authorisation) -> None:
            self._asking = False
            self._course.authorisation = granted
            answer(True)

        def refused(trouble: Trouble) -> None:
            self._asking = False
            self.states.show_trouble(trouble, self.states.show_content)
            answer(False)

        self._desk.jobs.start(
            tr("Authorising the plan"), lambda _: authorise(workspace, plan_id, reason, change, expires), done, refused
        )


def _picked(edit: QDateTimeEdit) -> datetime:
    return datetime.fromtimestamp(edit.dateTime().toSecsSinceEpoch(), UTC)


def _expiry(plan: Plan) -> datetime:
    """The window's end, if there is one to come; a day else."""
    day = datetime.now(UTC) + timedelta(hours=_DEFAULT_HOURS)
    return max([day, *(window.closes_at for window in plan.windows)])
