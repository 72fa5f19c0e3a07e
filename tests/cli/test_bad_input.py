"""Bad input: refused with exit code 2, all faults at once, and one document on stdout where it was asked for."""

import json
from pathlib import Path

import pytest

from core.app.workspace import make_workspace
from core.cli.main import _COMMANDS, main
from tests.cli.drydock import drydock


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new workspace with the sample configuration, nothing assessed."""
    return make_workspace(tmp_path_factory.mktemp("workspace")).path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["coffee"], "usage"),
        ([], "usage"),
        (["config"], "usage"),
        (["status", "--coffee"], "usage"),
        (["withdraw", "last"], "usage"),
        (["authorise", "last"], "usage"),
        (["report"], "usage"),
        (["report", "last", "--coffee"], "usage"),
        (["status", "--exit-codes", "mine"], "usage"),
        (["status", "--log-level", "LOUD"], "usage"),
        (["plan", "--max-age", "-1"], "usage"),
        (["plan", "coffee"], "usage"),
        (["practice", "start"], "missing"),
        (["status", "--workspace", "/nowhere/at/all"], "no_workspace"),
        (["init", "/dev/null/workspace"], "not_writable"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else part,
)
def test_input_that_cannot_be_understood_is_refused(arguments: list[str], code: str, tmp_path: Path) -> None:
    said = drydock(*arguments, "--json", cwd=tmp_path)
    assert said.code == 2
    assert said.codes == [code]
    assert said.document["faults"][0]["message"]
    assert "Traceback" not in said.err


def test_a_window_that_nobody_could_see_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    said = drydock("gui", "--json", cwd=tmp_path)
    assert (said.code, said.codes) == (2, ["no_display"])


def test_a_command_that_is_misspelt_is_answered_with_the_one_that_was_meant(tmp_path: Path) -> None:
    said = drydock("depoly", "--json", cwd=tmp_path)
    assert said.document["faults"][0]["message"] == "No such command 'depoly'; did you mean 'deploy'?"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["status"], "not_found"),
        (["status", "%"], "not_found"),
        (["status", ""], "empty"),
        (["deploy", " ", "--yes"], "empty"),
        (["report", ""], "empty"),
        (["stop", "", "--reason", "x"], "empty"),
        (["deploy", "--resume", ""], "empty"),
        (["deploy"], "not_found"),
        (["deploy", "--resume"], "not_found"),
        (["plan", "show", "0"], "not_found"),
        (["report", "last"], "not_found"),
        (["report", "plan", "last"], "not_found"),
        (["stop", "last", "--reason", "x"], "not_found"),
        (["authorise", "last", "--reason", "x"], "not_found"),
        (["authorise", "last", "--reason", " "], "empty"),
        (["authorise", "last", "--reason", "x", "--expires", "tomorrow"], "not_a_time"),
        (["authorise", "last", "--reason", "x", "--expires", "2099-01-01T00:00"], "not_a_time"),
        (["authorise", "last", "--reason", "x", "--expires", "2020-01-01T00:00+01:00"], "past"),
        (["assess", "--server", "SQL99"], "unknown_server"),
        (["facts", "show", "SQL99"], "unknown_server"),
        (["assess"], "no_hosts"),
        (["plan"], "no_hosts"),
        (["plan", "--out", "/dev/null/plan.json"], "not_writable"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else part,
)
def test_what_the_workspace_does_not_have_is_refused(workspace: Path, arguments: list[str], code: str) -> None:
    said = drydock(*arguments, "--json", "--workspace", str(workspace))
    assert said.code == 2
    assert said.codes == [code]
    assert "Traceback" not in said.err


def test_facts_show_names_the_host_as_it_was_asked_for(workspace: Path) -> None:
    (fault,) = drydock("facts", "show", "SQL99", "--json", "--workspace", str(workspace)).document["faults"]
    assert fault["path"] == "HOST SQL99"


def test_tags_and_places_that_fit_nobody_together_are_refused(workspace: Path) -> None:
    targets = [
        {"id": "1", "server": "SQL01", "site": "north", "metadata": {"tags": ["prod"]}},
        {"id": "2", "server": "SQL02", "site": "south"},
    ]
    (workspace / "config" / "sql_targets.json").write_text(json.dumps({"targets": targets}), encoding="utf-8")
    said = drydock("assess", "--tag", "prod", "--site", "south", "--json", "--workspace", str(workspace))
    assert (said.code, said.codes) == (2, ["no_hosts"])


def test_a_plan_that_cannot_be_written_where_it_was_asked_for_is_not_kept(workspace: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text("[]", encoding="utf-8")
    here = ["--json", "--workspace", str(workspace)]
    assert drydock("plan", "--facts", str(facts), "--out", str(tmp_path / "no" / "plan.json"), *here).code == 2
    assert drydock("plan", "show", "last", *here).codes == ["not_found"]


def test_a_plan_that_is_refused_leaves_no_empty_file_and_touches_none_that_is_there(
    workspace: Path, tmp_path: Path
) -> None:
    facts, fresh, old = tmp_path / "facts.json", tmp_path / "fresh.json", tmp_path / "old.json"
    facts.write_text("{}", encoding="utf-8")
    old.write_text("an older plan", encoding="utf-8")
    for out in (fresh, old):
        assert drydock("plan", "--facts", str(facts), "--out", str(out), "--workspace", str(workspace)).code == 2
    assert not fresh.exists()
    assert old.read_text(encoding="utf-8") == "an older plan"


def test_two_unknown_servers_are_two_faults(workspace: Path) -> None:
    said = drydock("assess", "--server", "A", "--server", "B", "--json", "--workspace", str(workspace))
    assert said.codes == ["unknown_server", "unknown_server"]


def test_without_json_the_faults_are_sentences_on_stderr(workspace: Path) -> None:
    said = drydock("assess", "--server", "A", "--workspace", str(workspace))
    assert (said.code, said.out) == (2, "")
    assert "--server A: no enabled target has this server" in said.err


def test_every_fault_of_every_file_comes_at_once(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "w")
    (made.config / "audit_config.json").write_text('{"schema_version": 1, "concurency": {}}', encoding="utf-8")
    (made.config / "sql_targets.json").write_text("{ not json", encoding="utf-8")
    (made.config / "hotfix_mapping.json").unlink()
    said = drydock("config", "check", "--json", "--workspace", str(made.path))
    assert said.code == 2
    faults = {fault["path"].split(":")[0] for fault in said.document["faults"]}
    assert faults == {"config/audit_config.json", "config/sql_targets.json", "config/hotfix_mapping.json"}


def test_bytes_that_are_no_text_are_refused(workspace: Path) -> None:
    said = drydock("authorise", "last", "--reason", "caf\udce9", "--json", "--workspace", str(workspace))
    assert (said.code, said.codes) == (2, ["usage"])
    assert "another encoding" in said.document["faults"][0]["message"]


@pytest.mark.parametrize(
    ("place", "arguments"),
    [
        ("config/schemas", ("config", "schema")),
        ("output/logs", ("deploy", "last", "--detach", "--yes")),
        ("output/practice", ("practice", "start")),
    ],
    ids=lambda part: part if isinstance(part, str) else " ".join(part),
)
def test_a_folder_that_cannot_be_written_to_is_no_bug(tmp_path: Path, place: str, arguments: tuple[str, ...]) -> None:
    """A file lies where the folder should be: not even an administrator can write into that."""
    made = make_workspace(tmp_path / "w")
    config = made.config / "audit_config.json"
    config.write_text('{"schema_version": 1, "practice": true}', encoding="utf-8")
    where = made.path / place
    if where.is_dir():
        for one in where.iterdir():
            one.unlink()
        where.rmdir()
    where.write_text("in the way", encoding="utf-8")
    said = drydock(*arguments, "--json", "--workspace", str(made.path))
    assert (said.code, said.codes) == (2, ["not_writable"])
    assert "Traceback" not in said.err


def test_a_broken_database_is_refused(tmp_path: Path) -> None:
    made = make_workspace(tmp_path / "w")
    made.database.write_bytes(b"this is no database" * 100)
    said = drydock("status", "--json", "--workspace", str(made.path))
    assert (said.code, said.codes) == (2, ["unusable"])
    assert "Traceback" not in said.err


@pytest.mark.parametrize(("table", "code"), [([], 1), (["--exit-codes", "rmm"], 210), (["--exit-codes=rmm"], 210)])
def test_a_bug_is_loud_still_one_document_and_has_a_code_of_the_table(
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    table: list[str],
    code: int,
) -> None:
    monkeypatch.setattr("core.app.lookup.find_runs", None)
    monkeypatch.setattr("sys.argv", ["drydock", "status", "--json", "--workspace", str(workspace), *table])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == code
    assert [fault["code"] for fault in json.loads(said.out)["faults"]] == ["internal"]
    assert "TypeError" in said.err


def test_a_question_that_is_broken_off_is_cancelled(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("core.app.lookup.find_runs", interrupted)
    said = drydock("status", "--json", "--workspace", str(workspace))
    assert (said.code, said.codes) == (130, ["cancelled"])


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    said = drydock(command, "--help")
    assert said.code == 0
    assert said.out.startswith("Usage: drydock ")
    assert said.err == ""
