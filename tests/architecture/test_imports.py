"""The import contracts bite: violations planted in a copy of the tree are reported, and the copy alone is clean."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_LINT = Path(sys.executable).parent / "lint-imports"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree that is checked, without anything else."""
    folder = tmp_path_factory.mktemp("tree")
    for tree in ("core", "gui"):
        shutil.copytree(_ROOT / tree, folder / tree, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(_ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture
def planted(copy: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The copy with one line added to one module; taken out again afterwards."""
    name, line = request.param
    path = copy / name
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text((before or '"""A stray."""\n') + f"\n{line}\n", encoding="utf-8")
    yield copy
    if before is None:
        path.unlink()
    else:
        path.write_text(before, encoding="utf-8")


def _lint(folder: Path) -> tuple[int, str]:
    done = subprocess.run(
        [_LINT, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, env=_here(folder)
    )
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def _here(folder: Path) -> dict[str, str]:
    """Only the copy is to be found."""
    return {"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "COLUMNS": "200"}


def test_the_tree_keeps_its_contracts(copy: Path) -> None:
    code, said = _lint(copy)
    assert (code, "0 broken" in said) == (0, True), said


_VIOLATIONS = {
    "the model uses a machine": (("core/model/build.py", "import core.store.journal"), "core.model.build"),
    "a stage uses a later one": (("core/detection/sql.py", "import core.policy.judging"), "core.detection.sql"),
    "a machine uses its sibling": (("core/engine/walk.py", "import core.remote.session"), "core.engine.walk"),
    "the core uses a face": (("core/app/plan.py", "import core.cli.main"), "core.app.plan"),
    "a stage asks the database": (("core/planning/steps.py", "import sqlalchemy"), "core.planning.steps"),
    "the engine speaks on a wire": (("core/engine/errand.py", "import pypsrp.client"), "core.engine.errand"),
    "the store renders": (("core/store/runs.py", "import openpyxl"), "core.store.runs"),
    "the app borrows a practice library": (("core/app/status.py", "import sqlglot"), "core.app.status"),
    "the app opens the vault itself": (("core/app/facts.py", "import keyring"), "core.app.facts"),
    "the core knows windows": (("core/app/report.py", "import PySide6.QtCore"), "PySide6"),
    "the core uses the window": (("core/app/plan.py", "import gui.words"), "gui"),
    "the window asks the database": (("gui/desk.py", "import core.store.runs"), "gui.desk"),
    "a part of the window uses a page": (("gui/widgets/rail.py", "import gui.pages.runs"), "gui.widgets.rail"),
    "a stray module of the window": (("gui/odds.py", ""), "odds"),
    "a stray module": (("core/utils.py", ""), "utils"),
}


@pytest.mark.parametrize(("planted", "named"), _VIOLATIONS.values(), ids=_VIOLATIONS, indirect=["planted"])
def test_a_planted_violation_is_reported_by_name(planted: Path, named: str) -> None:
    code, said = _lint(planted)
    assert code == 1, said
    assert "BROKEN" in said or "Missing layers" in said or "exhaustive" in said
    assert named in said
