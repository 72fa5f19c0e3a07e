"""The Excel report of one run, or of all runs of a year."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.model.run_report import HostReport, RunReport, Tone
from core.model.trend import Trend
from core.model.vocabulary import COLLECTED_WORDS, STEP_WORDS, TARGET_WORDS, UPDATE_WORDS
from core.reports.sheets import BAR_COLOURS, Bars, Cell, Row, Sheet, naive, write_sheets
from core.reports.trend_sheets import trend_sheets
from core.reports.words import OUTAGE_WORDS, outage_words, tone_of, zone_words

_HOST_TONES: dict[str, Tone] = {word.text: tone_of(word) for word in TARGET_WORDS.values()}
_STEP_TONES: dict[str, Tone] = {word.text: tone_of(word) for word in STEP_WORDS.values()}
_OUTAGE_TONES: dict[str, Tone] = dict(OUTAGE_WORDS.values())
_TONES: dict[str, dict[str, Tone]] = {
    "Steps": _STEP_TONES,
    "OS updates": {**_STEP_TONES, **{word.text: tone_of(word) for word in UPDATE_WORDS.values()}},
    "Outages": _OUTAGE_TONES,
    "Collected logs": {word.text: tone_of(word) for word in COLLECTED_WORDS.values()},
}
_LEFT_TONES: dict[str, Tone] = {**_HOST_TONES, "not planned": "open", "up to date": "good"}


@dataclass(frozen=True, slots=True)
class _Times:
    """Columns of times: by the site's clock and by the reader's, or by the reader's alone where that is the same."""

    mine: str | None
    named: str
    both: bool

    def head(self, *names: str) -> tuple[str, ...]:
        mine = tuple(f"{name} ({self.named})" for name in names)
        return (*(f"{name}, site's time" for name in names), "Site's zone", *mine) if self.both else mine

    def cells(self, zone: str | None, *times: datetime | None) -> tuple[Cell, ...]:
        mine = tuple(naive(at, self.mine) for at in times)
        if not self.both:
            return mine
        return (*(naive(at, zone or self.mine) for at in times), zone or "not known", *mine)


Rows = Callable[[RunReport, _Times], Iterable[Row]]


def write_workbook(report: RunReport, trend: Trend, path: Path) -> None:
    title = f"Hotfix deployment {report.run_id}"
    times = _times((report,), report.zone, report.started_at)
    sheets = _sheets((report,), trend, _summary(report), times, several=False)
    write_sheets(path, sheets, title, _whose(report.tenant), report.made_at)


def write_year(reports: Sequence[RunReport], trend: Trend, year: int, path: Path) -> None:
    """All runs of a year in one book."""
    times = _times(reports, trend.zone, trend.made_at)
    sheets = _sheets(reports, trend, _year_summary(reports, times), times, several=True)
    write_sheets(path, sheets, f"Hotfix deployments {year}", _whose(trend.tenant), trend.made_at)


def _times(reports: Sequence[RunReport], mine: str | None, at: datetime) -> _Times:
    abroad = {zone for one in reports for zone in one.site_zones} - {mine}
    return _Times(mine, zone_words(mine, at), both=bool(abroad))


def _whose(tenant: str | None) -> str:
    return "Patching of SQL Server and Windows" + ("" if tenant is None else f" for {tenant}")


def _sheets(
    reports: Sequence[RunReport], trend: Trend, summary: Sheet, times: _Times, *, several: bool
) -> Iterator[Sheet]:
    """A book of several runs names the run in front of each row."""

    def rows(told: Rows) -> Iterator[Row]:
        for one in reports:
            for row in told(one, times):
                yield (one.run_id, *row) if several else row

    def sheet(title: str, head: tuple[str, ...], told: Rows, toned: str = "", wrapped: bool = False) -> Sheet:
        head = ("Run", *head) if several else head
        words = _TONES.get(title, _LEFT_TONES)
        return Sheet(title, head, rows(told), words, (head.index(toned) + 1,) if toned else (), wrapped)

    begun = times.head("Started", "Ended")
    yield summary
    yield sheet("Targets", (*_TARGETS, *begun, *_TARGETS_END), _targets, "State", wrapped=True)
    yield sheet("Steps", (*_STEPS, *begun, "Undo", "Reason"), _steps, "State")
    yield sheet("OS updates", (*_UPDATES, *times.head("Ended")), _updates, "State")
    yield sheet("Skipped and deferred", ("Host", "Instance", "When", "State", "Why"), _left_out, "State", wrapped=True)
    yield sheet(
        "Failures",
        ("Host", "Cause", "What happened", "What to do", "Patch-blocked", "First log lines"),
        _failures,
        wrapped=True,
    )
    yield sheet("Planned and done", _AGAINST, _against)
    yield sheet("Outages", (*_OUTAGES, *times.head("From", "Until")), _outages, "And then")
    yield sheet("Deviations", ("Host", "Otherwise than planned"), _deviations, wrapped=True)
    yield sheet("Notes", ("Host", "From", "Note"), _notes, wrapped=True)
    yield sheet("Collected logs", (*_COLLECTED, *times.head("Collected")), _collected, "Result", wrapped=True)
    yield from trend_sheets(trend)


def _summary(report: RunReport) -> Sheet:
    zones = report.zones
    times: list[Row] = []
    for zone in zones:
        where = zone_words(zone, report.started_at)
        times.append((f"Started ({where})", naive(report.started_at, zone)))
        times.append((f"Ended ({where})", naive(report.ended_at, zone)))
    facts: list[Row] = [
        ("Outcome", report.outcome_words),
        *([("Tenant", report.tenant)] if report.tenant else []),
        ("Run", report.run_id),
        ("Plan", report.plan_id),
        ("Plan digest", report.plan_digest),
        ("Operator", report.operator),
        ("Audit PC", report.console),
        ("Reason", report.reason),
        ("Change", report.change),
        *times,
        ("Hosts and instances left out by the plan", report.left_out_by_plan),
        ("Failures", len(report.failures)),
        ("Longest outage in seconds, at most", max((one.measured_seconds or 0 for one in report.outages), default=0)),
        ("Hosts planned", report.planned_hosts),
    ]
    counted: list[Row] = [(one.words, one.number) for one in report.counted]
    top = len(facts) + 2
    colours = tuple(BAR_COLOURS[one.tone] for one in report.counted)
    bars = Bars("Hosts by outcome", (1, 2), (top, top + len(counted) - 1), "D2", colours=colours)
    return Sheet(
        "Summary",
        ("What", "Value"),
        [*facts, *counted],
        _HOST_TONES,
        (1,),
        wrapped=True,
        bars=(bars,) if counted else (),
    )


def _year_summary(reports: Sequence[RunReport], times: _Times) -> Sheet:
    present = {one.words for report in reports for one in report.counted}
    states = [word.text for word in TARGET_WORDS.values() if word.text in present]
    head = (
        "Run",
        *times.head("Started", "Ended"),
        "Operator",
        "Change",
        "Reason",
        "Outcome",
        "Hosts planned",
        *states,
    )
    rows: list[Row] = []
    for one in reports:
        numbers = {counted.words: counted.number for counted in one.counted}
        begun = times.cells(next(iter(one.site_zones), None), one.started_at, one.ended_at)
        told = (one.operator, one.change, one.reason, one.outcome_words)
        rows.append((one.run_id, *begun, *told, one.planned_hosts, *(numbers.get(words, 0) for words in states)))
    return Sheet("Summary", head, rows, wrapped=True)


_TARGETS = (
    "Host",
    "Tenant",
    "Client",
    "Site",
    "Wave",
    "Instance",
    "State",
    "Build before",
    "Build planned",
    "Build after",
    "Restarts proven",
)
_TARGETS_END = ("Lines lost", "What happened", "What to do", "Warnings")


def _targets(report: RunReport, times: _Times) -> Iterator[Row]:
    for host in report.hosts:
        place = host.place
        names = (host.host, place.tenant, place.client, place.site, host.wave)
        end = (*times.cells(host.zone, host.started_at, host.ended_at), host.connection_losses, host.sentence)
        more = (host.hint, "\n".join(host.warnings))
        for builds in _builds(host):
            yield (*names, builds[0], host.words, *builds[1:], host.restarts_proven, *end, *more)


def _builds(host: HostReport) -> Sequence[tuple[Cell, ...]]:
    return [(one.name, one.before, one.planned, one.after) for one in host.instances] or [(None, None, None, None)]


_STEPS = ("Host", "Step", "What", "Arguments", "State", "Exit code", "Meaning", "Setup's summary")


def _steps(report: RunReport, times: _Times) -> Iterator[Row]:
    for host in report.hosts:
        for one in host.steps:
            yield (
                host.host,
                one.order,
                one.what,
                one.arguments,
                one.state,
                one.exit_code,
                one.meaning,
                one.summary,
                *times.cells(host.zone, one.started_at, one.ended_at),
                one.undo,
                one.reason,
            )


_UPDATES = ("Host", "KB", "Title", "Classification", "Severity", "Released", "State")


def _updates(report: RunReport, times: _Times) -> Iterator[Row]:
    for host in report.hosts:
        for one in host.updates:
            told = (one.kb, one.title, one.classification, one.severity, one.released, one.state)
            yield (host.host, *told, *times.cells(host.zone, one.ended_at))


def _left_out(report: RunReport, _times: _Times) -> Iterator[Row]:
    for one in report.left_out:
        yield one.host, one.instance, one.when, one.words, one.sentence


def _failures(report: RunReport, _times: _Times) -> Iterator[Row]:
    for one in report.failures:
        blocked = "until somebody unblocks it" if one.patch_blocked else "no"
        yield one.host, one.cause, one.sentence, one.hint, blocked, one.log


_AGAINST = ("What", "Planned", "Done", "Taken out", "Not done")


def _against(report: RunReport, _times: _Times) -> Iterator[Row]:
    for one in report.against:
        yield one.what, one.planned, one.done, one.taken_out, one.left


def _notes(report: RunReport, _times: _Times) -> Iterator[Row]:
    """Of people about hosts, and what was asked of the run."""
    for words in report.requests:
        yield "the run", "request", words
    for host in report.hosts:
        for words in host.notes:
            by, _, text = words.partition(": ")
            yield host.host, by, text


_COLLECTED = ("Host", "Result", "Log", "Name on the host", "Characters", "Older part left out", "Secrets blotted out",
              "File in the run's folder", "What is missing")  # fmt: skip


def _collected(report: RunReport, times: _Times) -> Iterator[Row]:
    for host in report.hosts:
        found = host.collected
        if found is None:
            continue
        at = times.cells(host.zone, found.at)
        for one in found.logs:
            cut = "yes" if one.cut else "no"
            yield (host.host, found.words, one.what, one.name, one.chars, cut, one.redactions, one.file, "", *at)
        if found.missing:
            yield (host.host, found.words, *[None] * 6, "\n".join(found.missing), *at)


_OUTAGES = ("Host", "Service", "Planned seconds", "Measured seconds, at most", "And then")


def _outages(report: RunReport, times: _Times) -> Iterator[Row]:
    for host in report.hosts:
        for one in host.outages:
            told = (one.planned_seconds, one.measured_seconds, outage_words(one)[0])
            yield (one.host, one.service, *told, *times.cells(host.zone, one.began_at, one.ended_at))


def _deviations(report: RunReport, _times: _Times) -> Iterator[Row]:
    for host in report.hosts:
        for told in host.deviations:
            yield host.host, told
