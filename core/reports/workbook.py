"""The Excel report of one run, or of all runs of a year."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from core.model.run_report import HostReport, RunReport, Tone
from core.model.trend import Trend
from core.model.vocabulary import COLLECTED_WORDS, STEP_WORDS, TARGET_WORDS, UPDATE_WORDS
from core.reports.cells import Cell, Row, naive, span
from core.reports.charts import BAR_COLOURS, Bars
from core.reports.sheets import Sheet, write_sheets, writing
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
    times = _times(report.site_zones, report.zone, report.started_at)
    chapters = (one.sheet(one.told(report, times)) for one in _chapters(times))
    sheets = chain((_summary(report),), chapters, trend_sheets(trend))
    write_sheets(path, sheets, title, _whose(report.tenant), report.made_at)


def write_year(reports: Iterable[RunReport], zones: Iterable[str], trend: Trend, year: int, path: Path) -> None:
    """All runs of a year in one book, each told once: a year of them need not fit into memory. The zones are those of
    all their sites."""
    times = _times(zones, trend.zone, trend.made_at)
    with writing(path, f"Hotfix deployments {year}", _whose(trend.tenant), trend.made_at) as book:
        summary, heads = book.leaf("Summary"), list[_Head]()
        chapters = [(book.leaf(one.title), one) for one in _chapters(times)]
        for leaf, chapter in chapters:
            leaf.show(chapter.sheet((), several=True))
        for report in reports:
            heads.append(_head_of(report, times))
            for leaf, chapter in chapters:
                leaf.add((report.run_id, *row) for row in chapter.told(report, times))
        summary.show(_year_summary(heads, times))
        for sheet in trend_sheets(trend):
            book.leaf(sheet.title).show(sheet)


def _times(zones: Iterable[str], mine: str | None, at: datetime) -> _Times:
    return _Times(mine, zone_words(mine, at), both=bool(set(zones) - {mine}))


def _whose(tenant: str | None) -> str:
    return "Patching of SQL Server and Windows" + ("" if tenant is None else f" for {tenant}")


@dataclass(frozen=True, slots=True)
class _Chapter:
    """A sheet that each run adds rows to. In a book of several runs the run stands in front of each row."""

    title: str
    head: tuple[str, ...]
    told: Rows
    toned: str = ""
    wrapped: bool = False

    def sheet(self, rows: Iterable[Row], *, several: bool = False) -> Sheet:
        head = ("Run", *self.head) if several else self.head
        toned = (head.index(self.toned) + 1,) if self.toned else ()
        return Sheet(self.title, head, rows, _TONES.get(self.title, _LEFT_TONES), toned, self.wrapped)


def _chapters(times: _Times) -> Iterator[_Chapter]:
    begun, ended, left = (
        times.head("Started", "Ended"),
        times.head("Ended"),
        ("Host", "Instance", "When", "State", "Why"),
    )
    seen = times.head("Started", "Ended", "Verified again")
    yield _Chapter("Targets", (*_TARGETS, *seen, *_TARGETS_END), _targets, "State", wrapped=True)
    yield _Chapter("Steps", (*_STEPS, *begun, "Undo", "Reason"), _steps, "State")
    yield _Chapter("OS updates", (*_UPDATES, *ended), _updates, "State")
    yield _Chapter("Skipped and deferred", left, _left_out, "State", wrapped=True)
    yield _Chapter("Failures", _FAILURES, _failures, wrapped=True)
    yield _Chapter("Planned and done", _AGAINST, _against)
    yield _Chapter("Outages", (*_OUTAGES, *times.head("From", "Until")), _outages, "And then")
    yield _Chapter("Deviations", ("Host", "Otherwise than planned"), _deviations, wrapped=True)
    yield _Chapter("Notes", ("Host", "From", "Note"), _notes, wrapped=True)
    yield _Chapter("Collected logs", (*_COLLECTED, *times.head("Collected")), _collected, "Result", wrapped=True)


def _summary(report: RunReport) -> Sheet:
    """How it ended and what became of the hosts first, then when, who and why, and last what it is known by."""
    counted: list[Row] = [(one.words, one.number) for one in report.counted]
    longest = max((one.measured_seconds or 0 for one in report.outages), default=0)
    times: list[Row] = []
    for zone in report.zones:
        where = zone_words(zone, report.started_at)
        times.append((f"Started ({where})", naive(report.started_at, zone)))
        times.append((f"Ended ({where})", naive(report.worked_until, zone)))
        if report.taken_up_until is not None:
            times.append((f"Taken up again until ({where})", naive(report.taken_up_until, zone)))
    rows: list[Row] = [
        ("Outcome", report.outcome_words),
        *([("Tenant", report.tenant)] if report.tenant else []),
        ("Hosts planned", report.planned_hosts),
        *counted,
        ("Failures", len(report.failures)),
        ("Hosts and instances left out by the plan", report.left_out_by_plan),
        ("Longest outage, at most (h:mm:ss)", span(longest)),
        *times,
        ("Operator", report.operator),
        ("Audit PC", report.console),
        ("Reason", report.reason),
        ("Change", report.change),
        ("Run", report.run_id),
        ("Plan", report.plan_id),
        ("Plan digest", report.plan_digest),
    ]
    top = 2 + next(place for place, row in enumerate(rows) if row[0] == "Hosts planned") + 1
    colours = tuple(BAR_COLOURS[one.tone] for one in report.counted)
    bars = Bars("Hosts by outcome", (1, 2), (top, top + len(counted) - 1), "D2", colours=colours)
    return Sheet("Summary", ("What", "Value"), rows, _HOST_TONES, (1,), wrapped=True, bars=(bars,) if counted else ())


@dataclass(frozen=True, slots=True)
class _Head:
    """What the summary of a year says of one run."""

    row: Row
    numbers: dict[str, int]


def _head_of(report: RunReport, times: _Times) -> _Head:
    begun = times.cells(next(iter(report.site_zones), None), report.started_at, report.worked_until)
    told = (report.operator, report.change, report.reason, report.outcome_words, report.planned_hosts)
    return _Head((report.run_id, *begun, *told), {one.words: one.number for one in report.counted})


def _year_summary(heads: Sequence[_Head], times: _Times) -> Sheet:
    present = {words for one in heads for words in one.numbers}
    states = [word.text for word in TARGET_WORDS.values() if word.text in present]
    begun = times.head("Started", "Ended")
    head = ("Run", *begun, "Operator", "Change", "Reason", "Outcome", "Hosts planned", *states)
    rows = [(*one.row, *(one.numbers.get(words, 0) for words in states)) for one in heads]
    return Sheet("Summary", head, rows, wrapped=True)


_TARGETS = (
    "Host",
    "Instance",
    "State",
    "Build before",
    "Build planned",
    "Build after",
    "What happened",
    "What to do",
    "Warnings",
)
_TARGETS_END = ("Restarts proven", "Lines lost", "Wave", "Tenant", "Client", "Site")


def _targets(report: RunReport, times: _Times) -> Iterator[Row]:
    """What became of a host is read before what it is filed under."""
    for host in report.hosts:
        place = host.place
        told = (host.sentence, host.hint, "\n".join(host.warnings))
        seen = times.cells(host.zone, host.started_at, host.worked_until, host.verified_again_at)
        end = (host.restarts_proven, host.connection_losses, host.wave, place.tenant, place.client, place.site)
        for name, *builds in _builds(host):
            yield (host.host, name, host.words, *builds, *told, *seen, *end)


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


_FAILURES = ("Host", "Cause", "What happened", "What to do", "Patch-blocked", "First log lines")


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


_OUTAGES = ("Host", "Service", "Its group", "Planned (h:mm:ss)", "Measured, at most (h:mm:ss)", "And then")


def _outages(report: RunReport, times: _Times) -> Iterator[Row]:
    for host in report.hosts:
        for one in host.outages:
            told = (span(one.planned_seconds or None), span(one.measured_seconds), outage_words(one)[0])
            yield (one.host, one.service, one.carried, *told, *times.cells(host.zone, one.began_at, one.ended_at))


def _deviations(report: RunReport, _times: _Times) -> Iterator[Row]:
    for host in report.hosts:
        for told in host.deviations:
            yield host.host, told
