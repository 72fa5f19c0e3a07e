"""mapping: lint its statements, check its packages."""

from __future__ import annotations

import click

from core.app.mapping import Looked
from core.app.mapping import check as check_packages
from core.app.mapping import lint as lint_mapping
from core.cli.answering import Answer, Options, command
from core.model.count import counted
from core.model.document import to_document
from core.model.size import size_in_words


@click.group()
def mapping() -> None:
    """The hotfix mapping: which installer brings which build."""


@mapping.command()
@command("mapping lint")
def lint(options: Options) -> Answer:
    """Hold the mapping against itself and the build reference; packages are not read. Exit 1 if anything is wrong."""
    proof = lint_mapping(options.workspace)
    count = len(proof.faults)
    text = counted(count, "fault") if count else "no faults"
    lines = [*(f"note: {one}" for one in proof.notes), text]
    data = {"faults": count, "notes": [str(one) for one in proof.notes]}
    return Answer(data, "\n".join(lines), flawed=bool(count), faults=proof.faults)


@mapping.command()
@command("mapping check")
def check(options: Options) -> Answer:
    """Look at the packages on disk: there, readable, size, SHA-256, name against KB. Exit 1 if anything is wrong."""
    looked = check_packages(options.workspace)
    faults = tuple(fault for one in looked for fault in one.faults)
    bad = sum(1 for one in looked if one.faults)
    text = "\n".join(
        [*map(_line, looked), f"as the mapping says: {len(looked) - bad} of {counted(len(looked), 'installer')}"]
    )
    return Answer({"packages": to_document(looked)}, text, flawed=bool(faults), faults=faults)


def _line(one: Looked) -> str:
    if one.size_bytes is None:
        return f"  {one.filename}: not usable"
    state = "wrong" if one.faults else "good"
    return f"  {one.filename}: {state}, {size_in_words(one.size_bytes)}, SHA-256 {one.sha256}"
