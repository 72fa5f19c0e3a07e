"""plan, authorise."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from core.app.authorise import authorise as authorise_plan
from core.app.plan import compare, plan_from_file
from core.app.plan import plan as make_plan
from core.app.plan import show as show_plan
from core.cli.answering import Answer, Options, command, promised, writing
from core.cli.plan_words import difference_in_words, plan_in_words
from core.cli.selecting import selecting
from core.model.document import to_document
from core.model.fault import Fault, RefusedError
from core.model.selection import Selection
from core.planning.reviewing import outcome_before

_DAY_MINUTES = 24 * 60


class _MakesByDefault(click.Group):
    """ "plan" alone makes one; what follows may also be one of its subcommands."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_MakesByDefault)
def plan() -> None:
    """Make a plan from facts, mapping and policy (plan make, or just plan); show one."""


@plan.command()
@selecting
@click.option("--max-age", type=click.IntRange(min=0), default=_DAY_MINUTES, help="Minutes that facts may be old.")
@click.option(
    "--facts",
    "facts_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Plan from this JSON list of facts; no server is asked.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the plan to this file, too.")
@command("plan")
def make(options: Options, selection: Selection, max_age: int, facts_file: Path | None, out: Path | None) -> Answer:
    """Make a plan from facts, mapping and policy."""
    with promised(out):
        if facts_file is None:
            made = make_plan(options.workspace, selection, timedelta(minutes=max_age))
        else:
            made = plan_from_file(options.workspace, selection, facts_file)
    document = to_document(made)
    if out is not None:
        with writing(out):
            out.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return Answer(document, plan_in_words(made), outcome_before(made))


@plan.command()
@click.argument("plan_id", metavar="PLAN")
@command("plan show")
def show(options: Options, plan_id: str) -> Answer:
    """Explain PLAN: every decision and its reason."""
    found = show_plan(options.workspace, plan_id)
    return Answer(to_document(found), plan_in_words(found))


@plan.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@command("plan diff")
def diff(options: Options, first: str, second: str) -> Answer:
    """Compare two plans: hosts, steps, waves, packages, rules, windows, what is skipped, warnings."""
    found = compare(options.workspace, first, second)
    return Answer(to_document(found), difference_in_words(found))


@click.command()
@click.argument("plan_id", metavar="PLAN")
@click.option("--reason", required=True, help="Why this is done; the journal and every report name it.")
@click.option("--change", help="The change request's number.")
@click.option("--expires", help="Until when, as ISO time with a zone: 2026-12-01T22:00+01:00.")
@command("authorise")
def authorise(options: Options, plan_id: str, reason: str, change: str | None, expires: str | None) -> Answer:
    """Allow exactly this PLAN to be carried out."""
    granted = authorise_plan(options.workspace, plan_id, reason, change, _time(expires))
    text = f"authorised plan {granted.plan_id}\ndigest {granted.plan_digest}\nnext: drydock deploy {granted.plan_id}"
    return Answer(to_document(granted), text)


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        message = "write it as ISO time with a zone, like 2026-12-01T22:00+01:00"
        raise RefusedError((Fault("--expires", "not_a_time", message, found=text),))
    return at.astimezone(UTC)
