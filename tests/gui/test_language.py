"""No text reaches the screen past the translator."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.state import StepState, TargetState
from gui.language import in_sentences
from gui.words import outcome_word, phase_word, step_word, target_word

_GUI = Path(__file__).parents[2] / "gui"
_MODULES = sorted(_GUI.rglob("*.py"))
_LABELS = {"label", "button", "Column", "QAction", "QCheckBox", "QLabel", "QPushButton"}
_SETTERS = {"setText", "setToolTip", "setAccessibleName", "setWindowTitle", "setPlaceholderText", "showMessage"}
_SHOWN_BY = _LABELS | _SETTERS | {"addAction", "addMenu", "addTab", "show_empty", "say"}


def _texts(module: Path) -> Iterator[tuple[int, str]]:
    """Literals with letters, handed straight to something that shows them."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in _SHOWN_BY or not node.args:
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and any(map(str.isalpha, first.value)):
            yield node.lineno, first.value


@pytest.mark.parametrize("module", _MODULES, ids=lambda path: str(path.relative_to(_GUI)))
def test_shown_texts_pass_through_tr(module: Path) -> None:
    assert list(_texts(module)) == []


def test_every_state_has_its_word() -> None:
    assert all(target_word(one) for one in TargetState)
    assert all(step_word(one) for one in StepState)
    assert all(outcome_word(one) for one in Outcome)
    assert all(phase_word(one) for one in Phase)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("failed", "setup ended with 1603.", "", "To do: look"), "failed. Setup ended with 1603. To do: look"),
        (("",), ""),
        ((), ""),
    ],
)
def test_parts_become_sentences(parts: tuple[str, ...], said: str) -> None:
    assert in_sentences(parts) == said
