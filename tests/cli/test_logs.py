"""The log: fields on every line, a file for a command, nothing of what libraries whisper."""

import logging
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from core.cli.logs import belongs_to, keep_log, keep_traceback, start_logging
from core.model.fault import RefusedError


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Other tests find logging as they left it, and no file stays open."""
    root, ours = logging.getLogger(), logging.getLogger("core")
    handlers, level, own = root.handlers[:], root.level, ours.level
    root.handlers = []
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers = handlers
    root.setLevel(level)
    ours.setLevel(own)
    structlog.reset_defaults()


def test_a_file_is_named_by_its_time_and_holds_what_stderr_leaves_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_logging("WARNING")
    path = keep_log(tmp_path / "logs", 30)
    belongs_to("run-1")
    structlog.get_logger("core.test").info("job_ended", target="SQL01", step=1, exit_code=3010)
    assert re.fullmatch(r"hotfix_\d{8}_\d{6}\.log", path.name)
    line = path.read_text(encoding="utf-8")
    for field in ("timestamp=", "level='info'", "event='job_ended'", "run='run-1'", "target='SQL01'", "step=1"):
        assert field in line
    assert capsys.readouterr().err == ""


def test_a_plain_logger_of_ours_gets_the_same_fields(tmp_path: Path) -> None:
    start_logging("DEBUG")
    path = keep_log(tmp_path, 30)
    logging.getLogger("core.remote.session").debug("script ran", extra={"target": "SQL01", "script": "host_facts"})
    line = path.read_text(encoding="utf-8")
    assert "target='SQL01'" in line
    assert "script='host_facts'" in line


def test_whatever_a_thread_logs_names_the_step_that_it_works_on(tmp_path: Path) -> None:
    start_logging("DEBUG")
    path = keep_log(tmp_path, 30)
    with bound_contextvars(step=2):
        logging.getLogger("core.remote.session").debug("script ran", extra={"target": "SQL01"})
        structlog.get_logger("core").info("connection_lost", target="SQL01")
    logging.getLogger("core.remote.session").debug("session closed", extra={"target": "SQL01"})
    lines = path.read_text(encoding="utf-8").splitlines()
    assert ["step=2" in line for line in lines] == [True, True, False]


def test_what_libraries_tell_below_a_warning_goes_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start_logging("DEBUG")
    path = keep_log(tmp_path, 30)
    logging.getLogger("some.library").info("a whole message, password and all")
    logging.getLogger("some.library").warning("a warning")
    told = path.read_text(encoding="utf-8") + capsys.readouterr().err
    assert "password" not in told
    assert told.count("a warning") == 2


def test_old_logs_are_removed_and_nothing_else(tmp_path: Path) -> None:
    old, other, young = (tmp_path / name for name in ("hotfix_20200101_000000.log", "deploy-1.log", "hotfix_2.log"))
    for path in (old, other, young):
        path.write_text("x", encoding="utf-8")
    ago = (datetime.now(UTC) - timedelta(days=31)).timestamp()
    for path in (old, other):
        os.utime(path, (ago, ago))
    start_logging("WARNING")
    keep_log(tmp_path, 30)
    assert (old.exists(), other.exists(), young.exists()) == (False, True, True)


def test_a_bug_leaves_its_traceback_in_the_file(tmp_path: Path) -> None:
    start_logging("WARNING")
    path = keep_log(tmp_path, 30)
    try:
        raise ZeroDivisionError("a bug")
    except ZeroDivisionError as bug:
        keep_traceback(bug)
    assert "ZeroDivisionError: a bug" in path.read_text(encoding="utf-8").replace("\\n", "\n")


def test_a_log_that_cannot_be_written_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where the folder should be", encoding="utf-8")
    start_logging("WARNING")
    with pytest.raises(RefusedError, match="log cannot be written"):
        keep_log(tmp_path / "logs", 30)
