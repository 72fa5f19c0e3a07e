"""Logs of a host that did not go well: what was collected, and the first lines that tell of a failure."""

import re
from collections.abc import Callable, Iterable, Iterator

from core.model.diagnostics import DiagnosticText
from core.model.record import StepRecord, TargetRecord
from core.model.run_report import CollectedLog, CollectedReport
from core.model.state import StepState
from core.model.vocabulary import COLLECTED_WORDS, LOG_WORDS
from core.reports.words import tone_of

# The text that is kept under a hash, if it is still there and still is what the journal names.
Texts = Callable[[str], str | None]

_MOST_LINES, _OF_ONE_LOG, _LONGEST = 8, 3, 400

_TELLING = tuple(kind for kind in LOG_WORDS if kind != "state")

_FAILURE = re.compile(
    r"\b(?:errors?|fail(?:ed|ure|s)?|fatal|cannot|unable|denied|corrupt\w*|suspect|terminated|exception)\b"
    r"|0x8[0-9a-f]{7}\b",
    re.IGNORECASE,
)
# Setup writes a restart that is due as an error code, 3010.
_HARMLESS = re.compile(
    r"\b(?:0|no|without) errors?\b|informational|Logging SQL Server messages|error code: 0x0+(?:BC2)?\b", re.IGNORECASE
)


def nothing_kept(_sha256: str) -> None:
    """For whoever has no folder to look into."""


def first_lines(target: TargetRecord, texts: Texts) -> str:
    """What setup wrote about the step that went wrong, then what the collected logs say of failures."""
    said = [line for step in target.steps if _went_wrong(step) for line in _summary(step)]
    taken = () if target.diagnostics is None else target.diagnostics.texts
    for one in sorted(taken, key=lambda text: _order(text.kind)):
        known = bool(said) and one.name.endswith("Summary.txt")
        if one.kind in _TELLING and not known and len(said) < _MOST_LINES:
            said += [f"{_short(one)}: {line}" for line in _failing(texts(one.sha256))]
    return "\n".join(said[:_MOST_LINES])


def _went_wrong(step: StepRecord) -> bool:
    return step.job is not None and step.state not in (StepState.SUCCESS, StepState.RUNNING)


def _summary(step: StepRecord) -> Iterable[str]:
    return summary_lines("" if step.job is None else step.job.summary)[:_OF_ONE_LOG]


def summary_lines(text: str) -> list[str]:
    """Setup says the same for the whole and for each instance: once is enough."""
    lines = [line.strip() for part in text.splitlines() for line in part.split("; ")]
    return list(dict.fromkeys(line for line in lines if line))


def _failing(text: str | None) -> Iterator[str]:
    found = 0
    for line in (text or "").splitlines():
        if _FAILURE.search(line) and not _HARMLESS.search(line):
            yield " ".join(line.split())[:_LONGEST]
            found += 1
            if found == _OF_ONE_LOG:
                return


def _order(kind: str) -> int:
    return list(LOG_WORDS).index(kind) if kind in LOG_WORDS else len(LOG_WORDS)


def _short(text: DiagnosticText) -> str:
    """The file of a Windows path; an event log has a name alone."""
    return f"{text.name} log" if text.kind == "event_log" else text.name.rsplit("\\", 1)[-1]


def collected_of(target: TargetRecord) -> CollectedReport | None:
    taken = target.diagnostics
    if taken is None:
        return None
    word = COLLECTED_WORDS[taken.result]
    return CollectedReport(word.text, tone_of(word), target.diagnosed_at, tuple(map(_log, taken.texts)), taken.trouble)


def _log(text: DiagnosticText) -> CollectedLog:
    return CollectedLog(
        what=LOG_WORDS.get(text.kind, text.kind.replace("_", " ")),
        name=text.name,
        file=f"Artifacts/Output/{text.sha256}.txt",
        chars=text.chars,
        cut=text.cut,
        redactions=text.redactions,
    )
