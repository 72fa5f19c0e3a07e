"""The logs of an imaginary host."""

from collections.abc import Iterator
from datetime import datetime

from core.contract.library import COLLECT_DIAGNOSTICS
from core.contract.looking import CollectDiagnostics, DiagnosticPart, DiagnosticsResult
from core.practice.answers.answer import RefusalError, to
from core.practice.host.event_log import LoggedEvent
from core.practice.host.machine import Machine

# Somebody wrote a password where none belongs: a log that nobody may show as it is.
_LINKED_SERVER = "2026-01-01 00:00:00.00 spid51      Linked server: Server=OTHER;UID=app;PWD=pr4ctice-pw;\r\n"


def _collect_diagnostics(machine: Machine, wanted: CollectDiagnostics) -> DiagnosticsResult:
    """Cut as the script cuts: the newest part stays, and what found no room is named all the same."""
    if machine.fault("verify", "logs_denied") is not None:
        raise RefusalError("script_failed", "Access to the path is denied.")
    room = wanted.max_chars
    parts = []
    logs = tuple(_logs(machine, wanted))
    share = room // len(logs) if wanted.kind == "errorlog" and logs else room
    for name, text in logs:
        most = min(room, share)
        kept = text[-most:] if most > 0 else ""
        parts.append(DiagnosticPart(name=name, text=kept, cut=len(kept) < len(text)))
        room -= len(kept)
    return DiagnosticsResult(schema_version=1, parts=tuple(parts))


def _logs(machine: Machine, wanted: CollectDiagnostics) -> Iterator[tuple[str, str]]:
    match wanted.kind:
        case "setup_log":
            for log in reversed(machine.setup_logs):
                if any(f"\\{folder}\\" in log.folder for folder in wanted.folders):
                    yield f"{log.folder}\\Summary.txt", log.summary
                    yield f"{log.folder}\\Detail.txt", log.detail
        case "errorlog":
            for instance in machine.instances:
                yield f"{instance.folder}\\Log\\ERRORLOG", _LINKED_SERVER + instance.error_log.text()
                yield f"{instance.folder}\\Log\\ERRORLOG.1", instance.error_log.text(1)
        case "event_log":
            told = machine.events.since(datetime.fromisoformat(wanted.since), ("Critical", "Error", "Warning"))
            for name in ("System", "Application", "Microsoft-Windows-WindowsUpdateClient/Operational"):
                yield name, "\n".join(_line(one) for one in reversed(told) if one.log == name)
        case "servicing_log":
            yield "C:\\Windows\\Logs\\CBS\\CBS.log", "Info CBS Starting TrustedInstaller initialization.\r\n"
        case "cluster_log":
            return
        case "state":
            yield "state", "\n".join(f"{drive}: {free} bytes free" for drive, free in machine.free.items())


def _line(event: LoggedEvent) -> str:
    return f"{event.at:%Y-%m-%dT%H:%M:%SZ} {event.level} {event.source} {event.number}: {event.message}"


ANSWERS = dict((to(COLLECT_DIAGNOSTICS, _collect_diagnostics),))
