"""What all commands share: one document, two tables of exit codes, progress on stderr alone."""

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from core.cli.answering import Answer, Options, command
from core.model.fault import Fault, RefusedError
from core.model.outcome import EXIT_CODES, Outcome
from tests.cli.drydock import drydock


def _run(answer: Answer | Exception, *arguments: str) -> tuple[int, str, str]:
    @click.command()
    @command("thing")
    def thing(options: Options) -> Answer:
        """Say something."""
        options.say("on the way")
        if isinstance(answer, Exception):
            raise answer
        return answer

    done = CliRunner().invoke(thing, list(arguments), standalone_mode=False, catch_exceptions=False)
    return done.return_value, done.stdout, done.stderr


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcome_is_its_exit_code_in_the_table_asked_for(outcome: Outcome) -> None:
    basic, rmm, _ = EXIT_CODES[outcome]
    assert _run(Answer({}, outcome=outcome))[0] == basic
    assert _run(Answer({}, outcome=outcome), "--exit-codes", "rmm")[0] == rmm


def test_the_document_carries_the_data_and_progress_goes_to_stderr() -> None:
    code, out, err = _run(Answer({"hosts": 3}, "three hosts"), "--json")
    assert json.loads(out) == {"schema_version": 1, "command": "thing", "ok": True, "data": {"hosts": 3}, "faults": []}
    assert (code, err) == (0, "on the way\n")


def test_progress_can_be_silenced() -> None:
    assert _run(Answer({}, "done"), "--no-progress") == (0, "done\n", "")


def test_a_refusal_is_a_document_with_all_its_faults() -> None:
    faults = (Fault("a", "x", "wrong", found="1", expected="2"), Fault("b", "y", "wrong, too"))
    code, out, _ = _run(RefusedError(faults), "--json")
    told: dict[str, Any] = json.loads(out)
    assert (code, told["ok"], told["data"]) == (2, False, {})
    assert told["faults"][0] == {"path": "a", "code": "x", "message": "wrong", "found": "1", "expected": "2"}
    assert len(told["faults"]) == 2


def test_the_tables_of_exit_codes_are_shown_as_they_are() -> None:
    rows = drydock("exit-codes", "--json").document["data"]["exit_codes"]
    assert {row["outcome"]: (row["basic"], row["rmm"], row["meaning"]) for row in rows} == EXIT_CODES


def test_version_says_which(tmp_path: Path) -> None:
    said = drydock("version", "--json", cwd=tmp_path)
    assert said.document["data"]["drydock"]
    assert drydock("--version", cwd=tmp_path).out == f"Drydock {said.document['data']['drydock']}\n"


def test_a_disk_that_takes_nothing_is_told_like_any_other_bad_input() -> None:
    code, out, _ = _run(OSError(errno.ENOSPC, "No space left on device", "/w/output/x"), "--json")
    (fault,) = json.loads(out)["faults"]
    assert (code, fault["path"], fault["code"]) == (2, "/w/output/x", "not_writable")
    assert "No space left on device" in fault["message"]


def test_trouble_of_no_file_is_a_bug_and_stays_loud() -> None:
    with pytest.raises(ConnectionResetError):
        _run(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a file that is always full")
def test_a_file_that_did_not_take_the_whole_answer_is_no_success(tmp_path: Path) -> None:
    """A reader that is gone is none either way; a file is read later by somebody who trusts it."""
    command = [sys.executable, "-m", "core.cli", "exit-codes", "--exit-codes", "rmm", "--json"]
    with Path("/dev/full").open("w") as full:
        assert subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False).returncode == 240
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) == 0
