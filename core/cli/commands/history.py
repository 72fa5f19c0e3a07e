"""history, compliance."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import click

from core.app.history import compliance as compliance_of
from core.app.history import of_server, overview
from core.cli.answering import Answer, Options, command
from core.cli.selecting import selecting
from core.cli.telling import in_words, state_in_words
from core.model.compliance import Compliance, ComplianceState
from core.model.document import to_document
from core.model.history import PastStep, Visit
from core.model.selection import Selection


@click.command()
@click.option(
    "--server",
    "servers",
    multiple=True,
    help="All that was done to this server, instead of the last to each; repeat it for more.",
)
@command("history")
def history(options: Options, servers: tuple[str, ...]) -> Answer:
    """Show what was done last to each server, or all that was done to some."""
    if not servers:
        visits = overview(options.workspace)
        lines = [_line(one) for one in visits] or ["no run has touched a server so far"]
    else:
        visits = tuple(visit for name in dict.fromkeys(servers) for visit in of_server(options.workspace, name))
        lines = [line for one in visits for line in _told(one)]
    return Answer({"visits": [to_document(one) for one in visits]}, "\n".join(lines))


def _line(visit: Visit) -> str:
    builds = ", ".join(f"{one.instance} {one.before} -> {one.after or '?'}" for one in visit.builds)
    why = f": {visit.error}" if visit.error else ""
    at = _minute(visit.started_at or visit.run_started_at)
    return f"{visit.host}  {at}  {state_in_words(visit.state)}  {builds}{why}"


def _told(visit: Visit) -> list[str]:
    return [_line(visit), f"    run {visit.run_id} by {visit.operator}", *map(_step, visit.steps)]


def _step(step: PastStep) -> str:
    took = ""
    if step.started_at is not None and step.ended_at is not None:
        took = f", {(step.ended_at - step.started_at).total_seconds():.0f} s"
    code = "" if step.exit_code is None else f", exit code {step.exit_code}"
    return f"    {step.order}. {step.installer or step.what}: {in_words(step.state)}{code}{took}"


@click.command()
@selecting
@click.option(
    "--max-age", type=click.IntRange(min=1), default=30, show_default=True, help="Days that facts may be old."
)
@command("compliance")
def compliance(options: Options, selection: Selection, max_age: int) -> Answer:
    """Show which servers are as policy wants them: derived from facts, rules and journal."""
    found = compliance_of(options.workspace, selection, timedelta(days=max_age))
    counted = Counter(one.state for one in found)
    summary = {str(state): counted[state] for state in ComplianceState}
    data = {"summary": summary, "hosts": [to_document(one) for one in found]}
    ending = ", ".join(f"{count} {state_in_words(state)}" for state, count in summary.items() if count)
    return Answer(data, "\n".join([*map(_standing, found), ending or "no target is enabled"]))


def _standing(one: Compliance) -> str:
    levels = ", ".join(f"{level.instance} {level.current}" for level in one.levels)
    return "  ".join(part for part in (one.host, state_in_words(one.state), levels, one.why) if part)


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
