"""What one host goes through, a step under the other; command lines and hashes only when asked for."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from core.app.review import group_outages
from core.model.plan import Plan, PlannedTarget
from core.model.size import size_in_words
from core.model.step import OsUpdateStep, PatchStep, RebootStep, Step
from gui.builds import NO_TITLES, Titles, change_in_words
from gui.language import counted, tr
from gui.times import about
from gui.widgets.text import across, boxed, down, label


class StepList(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: Plan | None = None
        self._target: PlannedTarget | None = None
        self._titles: Titles = NO_TITLES
        self._title = label("", "heading")
        self._commands = QCheckBox(tr("Command lines and hashes"))
        self._commands.toggled.connect(self._write)
        self._text = QPlainTextEdit(readOnly=True)
        self._text.setAccessibleName(tr("Steps of the chosen host"))
        self._text.setTabChangesFocus(True)
        self.setLayout(down(boxed(across(self._title, None)), self._commands, self._text, gap=4))

    def show_target(self, plan: Plan, target: PlannedTarget | None, titles: Titles = NO_TITLES) -> None:
        self._plan, self._target, self._titles = plan, target, titles
        self._write()

    @property
    def text(self) -> str:
        return self._text.toPlainText()

    def _write(self) -> None:
        if self._plan is None or self._target is None:
            self._title.setText(tr("Choose a host"))
            self._text.setPlainText("")
            return
        self._title.setText(self._target.host)
        self._text.setPlainText("\n".join(self._lines(self._plan, self._target)))

    def _lines(self, plan: Plan, target: PlannedTarget) -> list[str]:
        lines = [f"{one.name}: {change_in_words(one.before, one.after, self._titles)}" for one in target.instances]
        lines += [tr("While the host is down, {group}.", group=group) for group in group_outages(plan, target)]
        lines += [tr("Held at its turn: {role}. Fail over first.", role=role) for role in target.held_for]
        lines += [tr("Needs {size} free", size=size_in_words(target.required_free_bytes)), ""]
        for step in target.steps:
            lines += [*self._step(plan, step), ""]
        return lines

    def _step(self, plan: Plan, step: Step) -> list[str]:
        lines = [f"{step.order}  {step_title(plan, step)}"]
        lines.append("    " + tr("takes about {time} ({source})", time=about(step.expected_seconds),
                                 source=step.expectation.source))  # fmt: skip
        if step.expectation.outage:
            outage = about(step.expectation.outage_seconds)
            lines.append("    " + tr("outage: {time}, {words}", time=outage, words=step.expectation.outage))
        lines.append("    " + tr("why: {why}", why=step.why))
        if not isinstance(step, RebootStep):
            undo = tr("can be undone: {how}") if step.undo.possible else tr("cannot be undone: {how}")
            lines.append("    " + undo.format(how=step.undo.how))
        if isinstance(step, PatchStep) and step.touches:
            lines.append("    " + tr("also changes: {what}", what=", ".join(step.touches)))
        return [*lines, *(self._command(plan, step) if self._commands.isChecked() else ())]

    def _command(self, plan: Plan, step: Step) -> list[str]:
        match step:
            case PatchStep():
                package = plan.package(step.package)
                return [
                    f"    {package.filename} {' '.join(step.arguments)}",
                    f"    SHA-256 {package.sha256}",
                    "    " + tr("rule: {rule}; limit {time}", rule=step.rule, time=about(step.timeout_seconds)),
                ]
            case OsUpdateStep() | RebootStep():
                return ["    " + tr("rule: {rule}; limit {time}", rule=step.rule, time=about(step.timeout_seconds))]


def step_title(plan: Plan, step: Step) -> str:
    match step:
        case PatchStep():
            package = plan.package(step.package)
            kb = f" (KB{package.kb})" if package.kb else ""
            size = size_in_words(package.size_bytes)
            return tr("Copy and run {file}{kb}, {size}", file=package.filename, kb=kb, size=size)
        case OsUpdateStep():
            return tr("Install {n}", n=counted(len(step.updates), "1 system update", "{n} system updates"))
        case RebootStep():
            return tr("Restart, prove it, look again")
