"""What runs did to a host, as lines of a table."""

from __future__ import annotations

from collections.abc import Callable

from core.model.history import BuildChange, Visit
from gui.builds import Titles, build_in_words, change_in_words
from gui.language import tr
from gui.models.table import Column
from gui.times import day_and_time, elapsed
from gui.words import target_tone, target_word


def visit_columns(titles: Callable[[], Titles]) -> tuple[Column[Visit], ...]:
    return (
        Column(tr("Begun"), lambda one: day_and_time(one.run_started_at), lambda one: one.run_started_at, width=140),
        Column(tr("Ended"), lambda one: target_word(one.state), None, lambda one: target_tone(one.state), width=158),
        Column(tr("Builds"), lambda one: _builds(one, titles()), width=330),
        Column(tr("Took"), _took, width=100, least=84),
        Column(tr("What went wrong"), lambda one: one.error or "", width=320),
        Column(tr("Operator"), lambda one: one.operator, width=120),
        Column(tr("Run"), lambda one: one.run_id, width=280),
    )


def _builds(visit: Visit, titles: Titles) -> str:
    return ", ".join(f"{one.instance} {_change(one, titles)}" for one in visit.builds)


def _change(one: BuildChange, titles: Titles) -> str:
    """Where nobody has looked since, nobody knows what it has now."""
    if one.after is None:
        return f"{build_in_words(one.before, titles.get(one.before))} → ?"
    return change_in_words(one.before, one.after, titles)


def _took(visit: Visit) -> str:
    if visit.started_at is None or visit.worked_until is None:
        return ""
    return elapsed(visit.started_at, visit.worked_until)
