"""targets."""

from pathlib import Path

import click

from core.app.targets import Import, carry_out, list_targets, prepare_import
from core.cli.answering import Answer, Options, command
from core.cli.selecting import selecting
from core.inventory.changes import Change, Kind
from core.model.count import counted
from core.model.document import to_document
from core.model.host import Host
from core.model.selection import Selection

_KINDS: dict[Kind, str] = {
    "added": "added",
    "changed": "changed",
    "unchanged": "unchanged",
    "not_listed": "not in the list, kept",
}


@click.group()
def targets() -> None:
    """See which hosts there are; take lists of servers in."""


@targets.command(name="list")
@selecting
@command("targets list")
def show(options: Options, selection: Selection) -> Answer:
    """List the hosts that are worked on."""
    found = list_targets(options.workspace, selection)
    return Answer({"hosts": [to_document(host) for host in found]}, "\n".join([*map(_line, found), _count(found)]))


def _line(host: Host) -> str:
    place = host.place
    instances = ", ".join(one.name for one in host.instances) or "instances as found"
    where = "/".join((place.tenant, place.client, place.site))
    extra = [" ".join(host.tags), f"group {host.group}" if host.group else ""]
    return "  ".join([f"{host.name}: {instances}", where, *(one for one in extra if one)])


def _count(found: tuple[Host, ...]) -> str:
    return counted(len(found), "host")


@targets.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change, and write nothing.")
@command("targets import")
def take_in(options: Options, file: Path, dry_run: bool) -> Answer:
    """Take servers from FILE into sql_targets.json: CSV, or AutoDBAudit's database.

    Targets that FILE does not list stay as they are.
    """
    workspace = options.workspace
    prepared = prepare_import(workspace, file)
    text = in_words(prepared)
    if not dry_run:
        options.say(text)
        carry_out(workspace, prepared)
    written = prepared.changes_something and not dry_run
    data = {
        "source": prepared.source,
        "written": written,
        "changes": [to_document(one) for one in prepared.changes],
        "notes": list(prepared.notes),
    }
    told = "" if options.progress and not dry_run else text + "\n"
    return Answer(data, told + _ending(prepared, written))


def in_words(prepared: Import) -> str:
    lines = [line for one in prepared.changes if one.kind != "unchanged" for line in _told(one)]
    return "\n".join([*(f"note: {note}" for note in prepared.notes), *lines, _sum(prepared.changes)])


def _told(change: Change) -> list[str]:
    first = f"{_KINDS[change.kind]}: {change.what} ({change.target_id})"
    if change.kind == "added":
        return ["; ".join([first, *(f"{one.field}: {one.after}" for one in change.fields)])]
    fields = [f"    {one.field}: {_before(one.before)} -> {one.after}" for one in change.fields]
    return [first, *fields]


def _before(value: str | None) -> str:
    return "(nothing)" if value is None else value


def _sum(changes: tuple[Change, ...]) -> str:
    kinds = [one.kind for one in changes]
    return ", ".join(f"{kinds.count(kind)} {words}" for kind, words in _KINDS.items())


def _ending(prepared: Import, written: bool) -> str:
    if written:
        return "sql_targets.json is written"
    return "nothing is written" if prepared.changes_something else "nothing to write: the file says all this already"
