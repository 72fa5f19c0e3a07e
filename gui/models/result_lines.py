"""How a run ended, host by host, the worst first; and in a sentence, in figures, by whom and how long."""

from __future__ import annotations

from dataclasses import dataclass

from core.model.plan import Plan, PlannedTarget
from core.model.record import RunRecord, TargetRecord
from gui.builds import Titles, became_in_words
from gui.language import tr
from gui.models.table import Column
from gui.order import target_badness, targets_in_charts
from gui.theme import Tone
from gui.times import duration, elapsed, seconds_shown
from gui.words import states_in_words, target_tone, target_word


@dataclass(frozen=True, slots=True)
class ResultLine:
    record: TargetRecord
    change: str

    @property
    def why(self) -> str:
        failure = self.record.failure
        if failure is not None:
            return failure.detail
        warned = "; ".join(self.record.warnings)
        return tr("Warning: {words}", words=warned) if warned else ""

    @property
    def seconds(self) -> int:
        """How long it was worked on; less than none where it was not begun."""
        begun, ended = self.record.started_at, self.record.worked_until
        return -1 if begun is None or ended is None else seconds_shown(begun, ended)

    @property
    def remedy(self) -> str:
        return "" if self.record.failure is None else self.record.failure.hint


def result_lines(record: RunRecord, plan: Plan, titles: Titles) -> tuple[ResultLine, ...]:
    planned = {one.host: one for one in plan.targets}
    return tuple(
        ResultLine(one, _change(one, planned.get(one.host), titles))
        for one in sorted(record.targets, key=lambda one: (target_badness(one.state), one.host))
    )


def _change(record: TargetRecord, planned: PlannedTarget | None, titles: Titles) -> str:
    seen = {} if record.after is None else {one.instance: one.build for one in record.after.builds}
    instances = () if planned is None else planned.instances
    return ", ".join(became_in_words(one.before, one.after, seen.get(one.name), titles) for one in instances)


def result_counts(record: RunRecord) -> list[tuple[str, int, Tone]]:
    """First how many are patched and verified, also where none is."""
    counts = record.states
    found = [(target_word(one), counts.get(one, 0), target_tone(one)) for one in targets_in_charts()]
    return [found[0], *(one for one in found[1:] if one[1])]


def summary_of(record: RunRecord) -> str:
    """Each host under the word of its state; what needed nothing is not counted as patched."""
    return f"{states_in_words(record.states)}."


def facts_of(record: RunRecord) -> str:
    took = "" if record.worked_until is None else elapsed(record.started_at, record.worked_until)
    parts = [tr("run {id}", id=record.run_id), tr("by {who}: {why}", who=record.operator, why=record.reason)]
    return "  ·  ".join([*parts, *([tr("took {time}", time=took)] if took else [])])


def result_columns() -> tuple[Column[ResultLine], ...]:
    return (
        Column(tr("Host"), lambda line: line.record.host, width=150, least=120),
        Column(
            tr("Result"), lambda line: target_word(line.record.state), lambda line: target_badness(line.record.state),
            lambda line: target_tone(line.record.state), width=158, least=154,
        ),
        Column(tr("Builds"), lambda line: line.change, width=310, least=226),
        Column(tr("Took"), _took, lambda line: line.seconds, width=92, least=84, numeric=True),
        Column(tr("Why"), lambda line: line.why, width=340, least=138),
        Column(tr("What to do"), lambda line: line.remedy, width=300, least=138),
    )  # fmt: skip


def _took(line: ResultLine) -> str:
    return "" if line.seconds < 0 else duration(line.seconds)
