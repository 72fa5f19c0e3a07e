"""What somebody else needs to help, as plain text: the run, the host, what happened and what was found."""

from __future__ import annotations

from collections.abc import Iterator

from core.app.run_sheet import RunSheet
from core.model.check import CheckResult
from gui.language import tr
from gui.pages.runs.lines import builds_in_words, moment, step_lines, words_of
from gui.pages.runs.step_text import step_text
from gui.words import run_word, target_word


def case_of_run(sheet: RunSheet) -> str:
    """The hosts that need somebody, each with its reason."""
    lines = [*_head(sheet), ""]
    for told in sheet.report.attention:
        lines.append(f"{told.host}: {target_word(told.state)}. {told.sentence}")
        if told.hint:
            lines.append("  " + tr("To do: {hint}", hint=told.hint))
    if not sheet.report.attention:
        lines.append(tr("No host needs attention."))
    return "\n".join(lines)


def case_of_host(sheet: RunSheet, host: str) -> str:
    return "\n".join((*_head(sheet), "", *_host(sheet, host)))


def _head(sheet: RunSheet) -> Iterator[str]:
    record = sheet.record
    yield tr("Drydock, run {id}", id=record.run_id)
    ended = tr(", ended {at}", at=moment(record.ended_at)) if record.ended_at is not None else ""
    yield tr("begun {at}", at=moment(record.started_at)) + ended + f": {run_word(record, sheet.driven)[0]}"
    yield tr("by {who} at {where}: {why}", who=record.operator, where=record.console, why=record.reason)
    if record.change:
        yield tr("change {id}", id=record.change)
    yield tr("plan {id}, digest {digest}", id=record.plan_id, digest=record.plan_digest)


def _host(sheet: RunSheet, host: str) -> Iterator[str]:
    told = sheet.told(host)
    record = sheet.record.target(host)
    yield f"{host}: {target_word(record.state)}. {told.sentence}"
    if told.hint:
        yield tr("To do: {hint}", hint=told.hint)
    yield tr("Builds: {builds}", builds=builds_in_words(told, sheet.titles))
    bad = [one for one in told.checks if one.result != CheckResult.PASSED]
    yield from (f"{one.moment}: {one.name} {one.subject}: {one.result}, {one.expected} / {one.found}" for one in bad)
    for line in step_lines(sheet, host):
        yield ""
        yield step_text(line)
    yield ""
    yield from (f"{moment(one.at)}  {words_of(one)}" for one in sheet.entries_of(host))
