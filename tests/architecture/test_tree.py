"""The tree explains itself: a sentence opens each module, every floor has its tests, names say what things are."""

import ast
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_MODULES = sorted(
    path.relative_to(_ROOT)
    for folder in ("core", "config", "gui", "tests", "bench")
    for path in (_ROOT / folder).rglob("*.py")
)
_FLOORS = sorted(path.name for path in (_ROOT / "core").iterdir() if (path / "__init__.py").is_file())
_EMPTY_NAMES = re.compile(r"manager|helper|util|common|handler|misc", re.IGNORECASE)


@pytest.mark.parametrize("module", _MODULES, ids=str)
def test_a_sentence_opens_each_module(module: Path) -> None:
    opening = ast.get_docstring(ast.parse((_ROOT / module).read_text(encoding="utf-8")))
    assert opening
    first = opening.splitlines()[0]
    assert len(first) <= 120
    assert first[-1] in ".!?" or module.name == "__main__.py"


@pytest.mark.parametrize("module", [path for path in _MODULES if path.parts[0] in ("core", "gui")], ids=str)
def test_no_name_says_nothing(module: Path) -> None:
    names = [module.stem] + [
        node.name
        for node in ast.walk(ast.parse((_ROOT / module).read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    ]
    assert [name for name in names if _EMPTY_NAMES.search(name)] == []


@pytest.mark.parametrize("floor", _FLOORS)
def test_every_floor_has_tests(floor: str) -> None:
    assert any((_ROOT / "tests").glob(f"{floor}/**/test_*.py")), f"tests/{floor} holds no test"
