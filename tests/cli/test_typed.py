"""Refusals in words that hold in the window, too; who types is told the option and the command besides."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cli.typed import COMMANDS, as_typed, commands_for
from core.model.fault import Fault

_CORE = Path(__file__).parents[2] / "core"
# What only the command line says, or hands to one.
_OF_THE_LINE = (
    "cli/",
    "practice/",
    "app/apart.py",
    "app/launch.py",
    "app/facts.py",
    "app/facts_file.py",
    "app/builds.py",
)
_TYPED = re.compile(r"\bdrydock [a-z]|(?<![\w-])--[a-z]")


def _texts(module: Path) -> Iterator[str]:
    """All texts but what documents the code."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    documenting = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documenting:
            yield node.value


def _modules() -> list[Path]:
    found = sorted(_CORE.rglob("*.py"))
    return [one for one in found if not one.relative_to(_CORE).as_posix().startswith(_OF_THE_LINE)]


def test_nothing_that_the_window_can_show_is_a_command_line() -> None:
    typed = {(one.name, text) for one in _modules() for text in _texts(one) if _TYPED.search(text)}
    # A title of the vault's, and what becomes a process's arguments.
    assert {text for _, text in typed} <= {"drydock vault 1"}


def test_each_piece_of_advice_is_one_that_the_core_gives() -> None:
    given = "\n".join(text for one in sorted(_CORE.rglob("*.py")) if "cli" not in one.parts for text in _texts(one))
    assert {advice for advice in COMMANDS if advice not in given} == set()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("server A", "unknown_server", "no"), "--server A: no"),
        (Fault("reason", "empty", "say why"), "--reason: say why"),
        (Fault("failed in last", "none_failed", "no host failed there"), "--failed-in last: no host failed there"),
        (Fault("expiry", "past", "the time lies in the past"), "--expires: the time lies in the past"),
        (Fault("RUN HOST A", "unknown_server", "no"), "RUN HOST A: no"),
        (Fault("config/server.json", "empty", "the file is empty"), "config/server.json: the file is empty"),
    ],
)
def test_an_option_is_called_as_it_is_typed(fault: Fault, words: str) -> None:
    assert as_typed(fault) == words


def test_advice_comes_with_its_command_once_and_not_where_it_stands_already() -> None:
    advice = "put it into the vault; see to it, then unblock the host, with a reason; put them into the vault"
    assert commands_for(advice) == (
        "into the vault: drydock secret set NAME",
        "unblock the host: drydock unblock HOST --reason TEXT",
    )
    assert commands_for("unblock the host: drydock unblock SQL01") == ()
    assert commands_for("nothing is wrong") == ()
