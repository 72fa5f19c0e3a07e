"""ERRORLOG: the file into which an engine writes what happens to it, and a new one at each start."""

from datetime import datetime

from core.model.build import Build

_KEPT_FILES, _KEPT_LINES = 7, 2_000

# The step in which upgrade scripts fail here, and what it met.
_STEP, _MET_ERROR = "msdb110_upgrade.sql", 574


class ErrorLog:
    """The files of one engine, the present one first."""

    def __init__(self) -> None:
        self._files: list[list[str]] = [[]]

    def begin(self) -> None:
        """What was ERRORLOG becomes ERRORLOG.1, and so on; the oldest is lost."""
        self._files = [[], *self._files[: _KEPT_FILES - 1]]

    def write(self, at: datetime, source: str, *messages: str) -> None:
        """At: the host's own local time."""
        stamp = f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 10_000:02}"
        lines = self._files[0]
        lines.extend(f"{stamp} {source:<11} {message}" for message in messages)
        del lines[:-_KEPT_LINES]

    def lines(self, number: int = 0) -> tuple[str, ...]:
        return tuple(self._files[number]) if number < len(self._files) else ()

    def text(self, number: int = 0) -> str:
        return "".join(f"{line}\r\n" for line in self.lines(number))


def heading(build: str, product: str, edition: str, system: str, folder: str) -> tuple[str, ...]:
    return (
        f"{product} - {build} (X64)",
        f"\t{edition} on {system}",
        "UTC adjustment: 1:00",
        "(c) Microsoft Corporation.",
        "All rights reserved.",
        "Authentication mode is MIXED.",
        f"Logging SQL Server messages in file '{folder}\\Log\\ERRORLOG'.",
    )


def database_started(name: str) -> str:
    return f"Starting up database '{name}'."


def ready() -> tuple[str, ...]:
    return (
        "Recovery is complete. This is an informational message only. No user action is required.",
        "SQL Server is now ready for client connections. This is an informational message; no user action is required.",
    )


def upgrading(before: str, after: str) -> tuple[str, ...]:
    return (
        f"Database 'master' is upgrading script '{_STEP}' from level {_level(before)} to level {_level(after)}.",
        "Starting execution of PRE_MSDB.SQL",
    )


def upgraded() -> tuple[str, ...]:
    return (f"Execution of {_STEP} completed", "SQL Server is now out of script upgrade mode.")


def upgrade_failed() -> tuple[str, ...]:
    """What was met, what that means, and the end."""
    met = (
        f"Script level upgrade for database 'master' failed because upgrade step '{_STEP}' encountered error"
        f" {_MET_ERROR}, state 0, severity 16. This is a serious error condition which might interfere with regular"
        " operation and the database will be taken offline."
    )
    unable = (
        "Cannot recover the master database. SQL Server is unable to run. Restore master from a full backup, repair"
        " it, or rebuild it."
    )
    return (
        f"Error: {_MET_ERROR}, Severity: 16, State: 0.",
        "CONFIG statement cannot be used inside a user transaction.",
        "Error: 912, Severity: 21, State: 2.",
        met,
        "Error: 3417, Severity: 21, State: 3.",
        unable,
        "SQL Server shutdown has been initiated",
    )


def login_refused(user: str, number: int, state: int, reason: str) -> tuple[str, ...]:
    return (
        f"Error: {number}, Severity: 14, State: {state}.",
        f"Login failed for user '{user}'. Reason: {reason} [CLIENT: <practice>]",
    )


def terminating() -> str:
    return "SQL Server is terminating because of a system shutdown. No user action is required."


def suspect(database: str) -> tuple[str, ...]:
    return (
        "Error: 3414, Severity: 21, State: 1.",
        f"An error occurred during recovery, preventing the database '{database}' from restarting.",
    )


def role_changed(group: str, before: str, after: str) -> str:
    return (
        f"The state of the local availability replica in availability group '{group}' has changed from"
        f" '{before}_NORMAL' to '{after}_NORMAL'."
    )


def _level(build: str) -> int:
    """Script levels are builds, written as one number."""
    parsed = Build.parse(build)
    return (parsed.major << 24) + (parsed.minor << 16) + parsed.number
