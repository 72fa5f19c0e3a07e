"""Parameters and results around application checks and diagnostics: what is only read."""

from typing import ClassVar, Literal

from core.contract.message import MostChars, Parameters, Part, Result, Text

DiagnosticKind = Literal["setup_log", "errorlog", "event_log", "servicing_log", "cluster_log", "state"]


class CheckApplications(Parameters):
    processes: tuple[Text, ...]
    services: tuple[Text, ...]


class ProcessPart(Part):
    name: str
    running: bool


class ServiceStatePart(Part):
    """State is empty where there is no such service."""

    name: str
    state: str


class ApplicationsResult(Result):
    processes: tuple[ProcessPart, ...]
    services: tuple[ServiceStatePart, ...]


class CollectDiagnostics(Parameters):
    """Since is a time in ISO 8601; folders are the versions' numbers in setup's paths."""

    kind: DiagnosticKind
    since: Text
    folders: tuple[Text, ...]
    max_chars: MostChars


class DiagnosticPart(Part):
    """One log. Cut: its older part was left out."""

    name: str
    text: str
    cut: bool


class DiagnosticsResult(Result):
    longest: ClassVar[int] = 1_048_576

    parts: tuple[DiagnosticPart, ...]
