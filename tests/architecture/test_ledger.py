"""What the practice fleet writes of itself is out of the product's reach: a run that lied could not copy from it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
# The fleet, who starts it, and who shows what it wrote.
_MAY = {"core/app/practice.py", "core/app/demo.py", "core/cli/commands/practice.py"}
_PRODUCT = sorted(
    path.relative_to(_ROOT)
    for folder in ("core", "gui")
    for path in (_ROOT / folder).rglob("*.py")
    if "core/practice/" not in path.as_posix() and path.relative_to(_ROOT).as_posix() not in _MAY
)


def _mentions(source: str) -> Iterator[str]:
    """Everything by which code could get at the file: names, imports, texts that are no docstrings."""
    tree = ast.parse(source)
    told = {id(node.body[0].value) for node in ast.walk(tree) if _opens_with_text(node)}  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Constant(value=str(text)) if id(node) not in told:
                yield text
            case ast.ImportFrom(module=str(name)):
                yield name
            case _:
                pass


def _opens_with_text(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr)


@pytest.mark.parametrize("module", _PRODUCT, ids=str)
def test_the_product_cannot_read_the_ledger(module: Path) -> None:
    found = _mentions((_ROOT / module).read_text(encoding="utf-8"))
    assert [one for one in found if "ledger" in one.lower()] == []


@pytest.mark.parametrize(
    "code",
    [
        "from core.practice.ledger import Ledger",
        "from core.app import ledger",
        "from core.practice.handover import LEDGER",
        "open('output/practice/ledger.jsonl')",
        "practice.ledger(workspace)",
    ],
)
def test_each_way_to_it_is_noticed(code: str) -> None:
    assert any("ledger" in one.lower() for one in _mentions(code))
