"""The flags of AutoDBAudit: what contradicts itself or names nothing is refused before anything is done."""

from __future__ import annotations

import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from core.app.workspace import make_workspace
from core.cli.autodbaudit import main


def _said(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["autodbaudit", *arguments])
    monkeypatch.setattr(sys, "stdin", StringIO())
    told = StringIO()
    with redirect_stdout(told), redirect_stderr(told), pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code, told.getvalue()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "either --hotfix-plan or --deploy-hotfixes"),
        (("--hotfix-plan", "--deploy-hotfixes"), "either --hotfix-plan or --deploy-hotfixes"),
        (("--hotfix-plan", "--resume", "--yes"), "--resume, --yes only with --deploy-hotfixes"),
        (("--deploy-hotfixes", "--resume", "--retry-failed"), "choose"),
        (("--deploy-hotfixes", "--resume", "--server", "SQL01"), "has its hosts already"),
        (("--deploy-hotfixes", "--log-level", "LOUD"), "LOUD"),
        (("--hotfix-plan", "--config", "nowhere/audit_config.json"), "name an existing audit_config.json"),
    ],
)
def test_what_contradicts_itself_is_refused(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    code, told = _said(*arguments, monkeypatch=monkeypatch)
    assert (code, words in told) == (2, True), told


def test_the_config_names_the_workspace_around_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "w")
    (made.config / "sql_targets.json").write_text("{", encoding="utf-8")
    code, told = _said("--hotfix-plan", "--config", str(made.config / "audit_config.json"), monkeypatch=monkeypatch)
    assert (code, "config/sql_targets.json" in told) == (2, True), told


@pytest.mark.parametrize("what", ["--hotfix-plan", "--deploy-hotfixes"])
def test_hosts_that_could_not_be_reached_are_a_connectivity_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    made = make_workspace(tmp_path / "w")
    (made.config / "sql_targets.json").write_text('{"targets": [{"id": "1", "server": "nobody.invalid"}]}', "utf-8")
    code, told = _said(what, "--config", str(made.config / "audit_config.json"), monkeypatch=monkeypatch)
    assert (code, "no host could be reached" in told) == (3, True), told
    assert list(made.logs.glob("hotfix_*.log"))
