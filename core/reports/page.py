"""The HTML report of a run: one file, no network."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from core.model.failure import NOT_REACHED
from core.model.plan import Plan
from core.model.record import RunRecord
from core.reports.words import STEP_WORDS, TARGET_WORDS, duration, outcome_words, reason, times, tone, utc, what_of


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("core.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"utc": utc, "tone": tone}
    environment.globals |= {
        "duration": duration,
        "reason": reason,
        "times": times,
        "what_of": what_of,
    }
    return environment.get_template("run.html.j2")


def write_page(record: RunRecord, plan: Plan, path: Path) -> None:
    """Replaces the file only when it is whole."""
    counted: dict[str, tuple[str, int]] = {}
    for target in record.targets:
        words = TARGET_WORDS[target.state]
        counted[words] = (tone(target.state), counted.get(words, ("", 0))[1] + 1)
    text = _template().render(
        record=record,
        plan=plan,
        outcome=outcome_words(record.outcome),
        counted=counted,
        target_words=TARGET_WORDS,
        step_words=STEP_WORDS,
        unreached=[one for one in plan.skipped if one.code in NOT_REACHED],
        attention=[target for target in record.targets if tone(target.state) != "good"],
    )
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
