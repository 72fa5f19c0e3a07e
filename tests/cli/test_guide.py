"""The operator's guide names every command, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from core.cli.main import drydock

_GUIDE = (Path(__file__).parents[2] / "docs" / "operator.md").read_text("utf-8")


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


_ALL = tuple(_commands(drydock))


@pytest.mark.parametrize("path", _ALL, ids=" ".join)
def test_every_command_is_in_the_guide(path: tuple[str, ...]) -> None:
    rows = [line for line in _GUIDE.splitlines() if line.startswith("| `")]
    assert any(all(re.search(rf"\b{name}\b", row) for name in path) for row in rows)


def test_the_guide_shows_no_command_that_is_not_there() -> None:
    shown = {found.group(1) for found in re.finditer(r"`drydock ([a-z-]+)", _GUIDE)}
    assert shown <= {path[0] for path in _ALL}
    assert len(shown) > 10
