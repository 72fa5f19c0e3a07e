"""status."""

from __future__ import annotations

import click

from core.app.status import RunStatus
from core.app.status import status as status_of
from core.cli.answering import Answer, Options, command
from core.cli.telling import in_words, next_of, standing_of
from core.model.document import to_document
from core.model.record import TargetRecord


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
    if found.driven and record.held:
        lines.append(f"no host is begun: {record.held}")
    if found.words == "interrupted":
        lines.append(f"next: drydock deploy --resume {record.run_id}")
    lines += [str(one) for one in found.patched_since]
    lines += next_of(record, frozenset(one.host for one in found.patched_since))
    return "\n".join(lines)


def _standing(target: TargetRecord) -> str:
    """The phase matters only while a host is on its way."""
    if target.patch_blocked is not None:
        return f"{standing_of(target)} [patch-blocked]"
    if target.ended_at is not None or target.phase is None:
        return standing_of(target)
    return f"{standing_of(target)} ({in_words(target.phase.name.lower())})"
