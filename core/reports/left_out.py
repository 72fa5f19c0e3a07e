"""What was not patched, and why: left out by the plan, or on the way."""

from collections.abc import Iterator

from core.model.failure import NOT_REACHED
from core.model.plan import Plan, Skipped
from core.model.record import RunRecord
from core.model.run_report import LeftOutReport
from core.model.state import TargetState
from core.model.vocabulary import TARGET_WORDS
from core.reports.words import sentence, told_of, tone


def left_out_by_plan(plan: Plan) -> Iterator[LeftOutReport]:
    for one in plan.skipped:
        yield LeftOutReport(
            host=one.host,
            instance=one.instance or "",
            when="by the plan",
            words="up to date" if one.code == "up_to_date" else "not planned",
            sentence=_sentence(one),
            needs_attention=one.code in NOT_REACHED,
        )


def _sentence(one: Skipped) -> str:
    thing = one.host if one.instance is None else f"{one.host}\\{one.instance}"
    if one.code == "up_to_date":
        return f"{thing} needed nothing: {one.reason}"
    return f"{thing} was not patched because {told_of(one.reason, one.host)}"


def left_out_on_the_way(record: RunRecord) -> Iterator[LeftOutReport]:
    for target in record.targets:
        if tone(target.state) == "open" or (target.state is TargetState.SKIPPED and target.failure is not None):
            yield LeftOutReport(target.host, "", "in the run", TARGET_WORDS[target.state].text, sentence(target), True)
