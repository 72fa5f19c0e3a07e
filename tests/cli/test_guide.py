"""The operator's guide names every command, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from core.cli.main import drydock
from core.model.state import TargetState
from core.model.vocabulary import TARGET_WORDS

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


def test_the_guide_tells_each_state_by_the_word_that_the_window_and_the_reports_show() -> None:
    rows = [line.split("|") for line in _GUIDE.splitlines() if line.startswith("| ")]
    words = {row[1].strip(): row[2].strip() for row in rows}
    at_rest = [state for state in TargetState if state not in (TargetState.PENDING, TargetState.IN_PROGRESS)]
    assert {str(state): words.get(state) for state in at_rest} == {
        str(state): TARGET_WORDS[state].text for state in at_rest
    }
