"""What an ERRORLOG says of an engine that does not come up."""

from core.detection.error_log import fatal_error, last_lines

_STAMP = "2026-03-01 02:00:01.23"


def _log(*lines: str) -> str:
    return "".join(f"{line}\r\n" for line in lines)


def test_the_first_fatal_error_is_the_reason_and_the_later_ones_its_consequences() -> None:
    text = _log(
        f"{_STAMP} Logon       Error: 18456, Severity: 14, State: 8.",
        f"{_STAMP} Logon       Login failed for user 'x'.",
        f"{_STAMP} spid9s      Error: 912, Severity: 21, State: 2.",
        f"{_STAMP} spid9s      Script level upgrade failed.",
        f"{_STAMP} spid9s      Error: 3417, Severity: 21, State: 3.",
        f"{_STAMP} spid9s      Cannot recover the master database.",
    )
    assert fatal_error(text) == "error 912, severity 21: Script level upgrade failed."


def test_a_log_that_ends_in_the_middle_and_one_without_trouble() -> None:
    assert fatal_error(f"{_STAMP} spid9s      Error: 3417, Severity: 21, State: 3.") == "error 3417, severity 21: "
    assert fatal_error(_log(f"{_STAMP} spid9s      Recovery is complete.")) is None
    assert fatal_error("") is None


def test_a_secret_in_the_message_is_taken_out_and_the_message_cut() -> None:
    head = f"{_STAMP} spid9s      Error: 912, Severity: 21, State: 2."
    told = fatal_error(_log(head, f"{_STAMP} spid9s      Server=A;PWD=hidden; {'x' * 1000}"))
    assert told is not None
    assert "hidden" not in told
    assert len(told) < 400


_FOLDER = "C:\\Program Files\\Microsoft SQL Server\\MSSQL{}\\MSSQL\\Log\\ERRORLOG"


def test_of_each_instance_the_newest_line_of_its_logs_is_told_without_secrets() -> None:
    older = _log(f"{_STAMP} spid9s      Starting up database 'crm'.", "    goes on without a time")
    newer = _log(
        "2026-03-01 02:00:05.00 spid9s      Recovery is complete.",
        "2026-03-01 02:00:05.00 spid51      Linked server: UID=app;PWD=hidden;",
    )
    sales = _FOLDER.format("15.SALES")
    found = last_lines(((sales, newer), (f"{sales}.1", older), (_FOLDER.format("10_50.MSSQLSERVER"), older)))
    assert [(one.instance, str(one.wall_time), one.words) for one in found] == [
        ("SALES", "2026-03-01 02:00:05", "Linked server: UID=app;PWD=***;"),
        ("MSSQLSERVER", "2026-03-01 02:00:01", "Starting up database 'crm'."),
    ]


def test_a_log_that_an_operator_has_put_elsewhere_is_told_by_its_place() -> None:
    (found,) = last_lines((("D:\\Logs\\crm\\ERRORLOG", _log(f"{_STAMP} spid9s      Recovery is complete.")),))
    assert found.instance == "D:\\Logs\\crm"


def test_a_log_without_a_line_that_has_a_time_tells_nothing() -> None:
    assert last_lines(((_FOLDER.format("15.SALES"), "no line has a time\n"),)) == ()
