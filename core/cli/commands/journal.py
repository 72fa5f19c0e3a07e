"""journal verify, journal rebuild."""

import click

from core.app import journal as whole
from core.cli.answering import Answer, Options, command
from core.model.document import to_document


@click.group()
def journal() -> None:
    """Check the journal, from which everything else is derived."""


@journal.command()
@command("journal verify")
def verify(options: Options) -> Answer:
    """Follow every run's chain of hashes from its first line to its last, and hold it against the run's own copy."""
    chains = whole.verify(options.workspace)
    broken = [one for one in chains if not one.whole]
    lines = [f"run {one.run_id}: {one.words}" for one in broken]
    lines.append(f"{len(chains) - len(broken)} of {len(chains)} chains are unbroken and complete")
    data = {"chains": [to_document(one) for one in chains]}
    return Answer(data, "\n".join(lines), flawed=bool(broken))


@journal.command()
@command("journal rebuild")
def rebuild(options: Options) -> Answer:
    """Make the tables anew from the journal, and say where they were different."""
    found = whole.rebuild(options.workspace)
    lines = [f"{one.table} {one.key}: was {one.was or 'not there'}, is {one.told or 'not there'}" for one in found]
    lines.append(f"{len(found)} rows were different" if found else "the tables were as the journal tells")
    data = {"differences": [to_document(one) for one in found]}
    return Answer(data, "\n".join(lines), flawed=bool(found))
