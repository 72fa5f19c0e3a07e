"""report RUN, report year, report trend, report plan: what they write, and what they say when they cannot."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from core.app.workspace import make_workspace
from core.store.database import open_database
from tests.app.test_report import keep_the_run
from tests.cli.drydock import Said, drydock

Asking = Callable[..., Said]


@pytest.fixture
def asked(tmp_path: Path) -> Asking:
    """The report command in a workspace with one journalled run."""
    workspace = make_workspace(tmp_path / "w")
    database = open_database(workspace.database)
    keep_the_run(database)
    database.close()
    return partial(drydock, "report", cwd=workspace.path)


@pytest.mark.parametrize(
    ("arguments", "suffixes"),
    [
        (["last"], [".xlsx", ".html"]),
        (["last", "--excel"], [".xlsx"]),
        (["last", "--html"], [".html"]),
        (["--html", "last"], [".html"]),
        (["trend"], [".xlsx", ".html"]),
        (["year", "2026"], [".xlsx"]),
        (["plan", "last", "--html"], [".html"]),
    ],
)
def test_each_kind_of_report_prints_the_files_that_it_wrote(
    asked: Asking, arguments: list[str], suffixes: list[str]
) -> None:
    said = asked(*arguments)
    files = [Path(line) for line in said.out.splitlines()]
    assert (said.code, [one.suffix for one in files]) == (0, suffixes)
    assert all(one.is_file() for one in files)


def test_with_json_there_is_a_json_report_besides(asked: Asking) -> None:
    files = asked("last", "--json").document["data"]["files"]
    assert [Path(one).suffix for one in files] == [".xlsx", ".html", ".json"]


@pytest.mark.parametrize(("table", "code"), [("basic", 1), ("rmm", 240)])
def test_a_report_that_cannot_be_written_has_an_exit_code_of_its_own(
    asked: Asking, tmp_path: Path, table: str, code: int
) -> None:
    (tmp_path / "file").write_text("in the way")
    said = asked("last", "--out", str(tmp_path / "file" / "x"), "--json", "--exit-codes", table)
    assert (said.code, said.codes) == (code, ["not_writable"])
    assert "--out" in said.document["faults"][0]["message"]


@pytest.mark.parametrize(
    "arguments", [["nobody"], ["plan", "nobody"], ["last", "--tenant", "initech"], ["year", "2019"]]
)
def test_what_is_not_there_is_refused(asked: Asking, arguments: list[str]) -> None:
    said = asked(*arguments, "--json")
    assert (said.code, said.codes) == (2, ["not_found"])
