"""What was not patched, and why: left out by the plan, or on the way."""

from collections.abc import Iterator

from core.model.failure import NOT_REACHED
from core.model.plan import Plan, Skipped
from core.model.record import RunRecord, TargetRecord
from core.model.run_report import LeftOutReport
from core.model.state import TargetState
from core.model.vocabulary import TARGET_WORDS
from core.reports.words import begun, sentence, told_of, tone


def left_out_by_plan(plan: Plan) -> Iterator[LeftOutReport]:
    for one in plan.left_alone:
        yield LeftOutReport(
            host=one.host,
            instance=one.instance or "",
            when="by the plan",
            words="up to date" if one.code == "up_to_date" else "not planned",
            sentence=skip_sentence(one, "was", "needed"),
            needs_attention=one.code in NOT_REACHED,
        )


def skip_sentence(one: Skipped, verb: str, needs: str) -> str:
    """Before a run the verbs are of the present, after it of the past."""
    thing = one.host if one.instance is None else f"{one.host}\\{one.instance}"
    reason = told_of(one.reason, one.host)
    if one.code == "up_to_date":
        return f"{thing} {needs} nothing: {reason}"
    return f"{thing} {verb} not patched because {reason}"


def left_out_on_the_way(record: RunRecord) -> Iterator[LeftOutReport]:
    for target in record.targets:
        if _left_out(target):
            yield LeftOutReport(target.host, "", "in the run", TARGET_WORDS[target.state].text, sentence(target), True)


def _left_out(target: TargetRecord) -> bool:
    """Also what was held before anything was begun on it, as for want of a backup."""
    if target.state is TargetState.SKIPPED:
        return target.failure is not None
    return tone(target.state) == "open" or (target.state is TargetState.BLOCKED and not begun(target))
