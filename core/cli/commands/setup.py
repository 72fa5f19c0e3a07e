"""init, config, version, exit-codes."""

import platform
from dataclasses import asdict
from importlib.metadata import version as version_of
from pathlib import Path

import click

from core.app.place import is_workspace
from core.app.workspace import hosts, make_workspace, settings_of, write_schemas
from core.cli.answering import Answer, Options, command, writing
from core.model.count import counted
from core.model.outcome import EXIT_CODES


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@command("init")
def init(options: Options, folder: Path) -> Answer:
    """Make a workspace in FOLDER from the sample configuration."""
    was_there = is_workspace(folder)
    with writing(folder):
        made = make_workspace(folder)
    servers = made.config / "sql_targets.json"
    head = f"workspace {made.path}"
    if was_there:
        head += ": it was there already; its files are as they were, what was missing was added"
    text = f"{head}\nnext: put your servers into {servers}, or: drydock targets import FILE --workspace {made.path}"
    return Answer({"workspace": str(made.path), "was_there": was_there}, text)


@click.group()
def config() -> None:
    """Check the configuration; help editors with it."""


@config.command()
@command("config check")
def check(options: Options) -> Answer:
    """Read every file and list every fault."""
    workspace = options.workspace
    settings = settings_of(workspace)
    known = hosts(settings)
    mappings, builds = len(settings.mapping.mappings), len(settings.reference.builds)
    data = {
        "workspace": str(workspace.path),
        "hosts": len(known),
        "mappings": mappings,
        "builds": builds,
        "notes": [asdict(note) for note in settings.notes],
    }
    notes = [f"note: {note}" for note in settings.notes]
    summary = (
        ", ".join((counted(len(known), "host"), counted(mappings, "mapping"), counted(builds, "known build")))
        + ": no faults"
    )
    return Answer(data, "\n".join([*notes, summary]))


@config.command()
@command("config schema")
def schema(options: Options) -> Answer:
    """Write the JSON Schemas into the workspace, so that editors complete and check."""
    written = write_schemas(options.workspace)
    return Answer({"written": [str(path) for path in written]}, "\n".join(f"written {path}" for path in written))


@click.command()
@command("version")
def version(options: Options) -> Answer:
    """Say which version this is."""
    data = {"drydock": version_of("drydock"), "python": platform.python_version(), "system": platform.platform()}
    return Answer(data, f"Drydock {data['drydock']} on Python {data['python']}, {data['system']}")


@click.command(name="exit-codes")
@command("exit-codes")
def exit_codes(options: Options) -> Answer:
    """Show both tables of exit codes."""
    rows = [
        {"outcome": outcome, "basic": basic, "rmm": rmm, "meaning": meaning}
        for outcome, (basic, rmm, meaning) in EXIT_CODES.items()
    ]
    lines = [f"{row['basic']:>5}  {row['rmm']:>3}  {row['meaning']}" for row in rows]
    return Answer({"exit_codes": rows}, "\n".join(["basic  rmm  meaning", *lines]))
