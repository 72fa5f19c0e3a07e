"""status, withdraw, stop."""

from __future__ import annotations

import click

from core.app.status import RunStatus, request
from core.app.status import status as status_of
from core.cli.answering import Answer, Options, command
from core.cli.telling import in_words, standing_of
from core.model.document import to_document
from core.model.record import TargetRecord
from core.model.requests import Action, Request


@click.command()
@click.argument("run_id", metavar="[RUN]", default="last")
@command("status")
def status(options: Options, run_id: str) -> Answer:
    """Show where RUN stands, the last one without a name."""
    found = status_of(options.workspace, run_id)
    data = {"run_id": found.record.run_id, "status": found.words, "record": to_document(found.record)}
    return Answer(data, _in_words(found))


def _in_words(found: RunStatus) -> str:
    record = found.record
    lines = [f"run {record.run_id}: {in_words(found.words)}", *map(_standing, record.targets)]
    if found.words == "interrupted":
        lines.append(f"next: drydock deploy --resume {record.run_id}")
    return "\n".join(lines)


def _standing(target: TargetRecord) -> str:
    """The phase matters only while a host is on its way."""
    if target.ended_at is not None or target.phase is None:
        return standing_of(target)
    return f"{standing_of(target)} ({in_words(target.phase.name.lower())})"


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("host")
@click.option("--reason", required=True, help="Why; the journal names it.")
@command("withdraw")
def withdraw(options: Options, run_id: str, host: str, reason: str) -> Answer:
    """Take HOST out of RUN, if it was not begun."""
    return _asked(request(options.workspace, run_id, Action.WITHDRAW, host, reason))


@click.command()
@click.argument("run_id", metavar="RUN")
@click.option("--reason", required=True, help="Why; the journal names it.")
@command("stop")
def stop(options: Options, run_id: str, reason: str) -> Answer:
    """Start nothing new in RUN; what runs is finished."""
    return _asked(request(options.workspace, run_id, Action.STOP, None, reason))


def _asked(asked: Request) -> Answer:
    text = f"asked run {asked.run_id} to {asked.action}; its answer is in the journal and in drydock status"
    return Answer({"request_id": asked.id, "run_id": asked.run_id, "action": asked.action}, text)
