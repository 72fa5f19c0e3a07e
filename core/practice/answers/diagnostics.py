"""The logs of an imaginary host."""

from core.contract.library import COLLECT_DIAGNOSTICS
from core.contract.looking import CollectDiagnostics, DiagnosticPart, DiagnosticsResult
from core.practice.answers.answer import RefusalError, to
from core.practice.host.machine import Machine


def _collect_diagnostics(machine: Machine, wanted: CollectDiagnostics) -> DiagnosticsResult:
    """Cut as the script cuts: the newest part stays, and what found no room is named all the same."""
    if machine.fault("verify", "logs_denied") is not None:
        raise RefusalError("script_failed", "Access to the path is denied.")
    room = wanted.max_chars
    parts = []
    for name, text in _logs(machine, wanted):
        kept = text[-room:] if room > 0 else ""
        parts.append(DiagnosticPart(name=name, text=kept, cut=len(kept) < len(text)))
        room -= len(kept)
    return DiagnosticsResult(schema_version=1, parts=tuple(parts))


def _logs(machine: Machine, wanted: CollectDiagnostics) -> list[tuple[str, str]]:
    match wanted.kind:
        case "setup_log":
            log = "C:\\Program Files\\Microsoft SQL Server\\{}\\Setup Bootstrap\\Log\\Summary.txt"
            return [(log.format(folder), machine.summary) for folder in wanted.folders if machine.summary]
        case "errorlog":
            return [
                (f"{one.instance_id}\\MSSQL\\Log\\ERRORLOG", _errorlog(machine, one.name)) for one in machine.instances
            ]
        case "event_log":
            return [("System", f"The system started: {machine.boot_id}."), ("Application", "")]
        case "servicing_log":
            return [("C:\\Windows\\Logs\\CBS\\CBS.log", "Info CBS Starting TrustedInstaller initialization.")]
        case "cluster_log":
            return []
        case "state":
            return [("state", f"C: {machine.free['C']} bytes free")]


def _errorlog(machine: Machine, name: str) -> str:
    """A connection string in a log is what nobody should find in a report."""
    lines = [
        f"{machine.local_time:%Y-%m-%d %H:%M:%S} Server      Starting up instance {name}.",
        f"{machine.local_time:%Y-%m-%d %H:%M:%S} Logon       Linked server: Server=OTHER;UID=app;PWD=pr4ctice-pw;",
    ]
    return "\n".join(lines) + "\n"


ANSWERS = dict((to(COLLECT_DIAGNOSTICS, _collect_diagnostics),))
