"""The Excel report of one run, or of all runs of a year."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from core.model.run_report import HostReport, RunReport, Tone
from core.model.trend import Trend
from core.reports.sheets import Bars, Cell, Row, Sheet, naive, write_sheets
from core.reports.trend_sheets import trend_sheets
from core.reports.words import STEP_WORDS, TARGET_WORDS, step_tone, tone, zone_words

_HOST_TONES: dict[str, Tone] = {words: tone(state) for state, words in TARGET_WORDS.items()}
_STEP_TONES: dict[str, Tone] = {words: step_tone(state) for state, words in STEP_WORDS.items()}
_LEFT_TONES: dict[str, Tone] = {**_HOST_TONES, "not planned": "open", "up to date": "good"}

Rows = Callable[[RunReport, str | None], Iterable[Row]]


def write_workbook(report: RunReport, trend: Trend, path: Path) -> None:
    zone = report.zones[0]
    title = f"Hotfix deployment {report.run_id}"
    write_sheets(path, _sheets((report,), trend, _summary(report), zone), title, _whose(report.tenant), report.made_at)


def write_year(reports: Sequence[RunReport], trend: Trend, year: int, path: Path) -> None:
    """All runs of a year in one book. Times are the reader's, because the sites differ."""
    zone = trend.zone
    sheets = _sheets(reports, trend, _year_summary(reports, zone), zone)
    write_sheets(path, sheets, f"Hotfix deployments {year}", _whose(trend.tenant), trend.made_at)


def _whose(tenant: str | None) -> str:
    return "Patching of SQL Server and Windows" + ("" if tenant is None else f" for {tenant}")


def _sheets(reports: Sequence[RunReport], trend: Trend, summary: Sheet, zone: str | None) -> Iterator[Sheet]:
    """A book of several runs names the run in front of each row."""
    several = summary.head[0] == "Run"
    at = f"({zone_words(zone, trend.made_at)})"

    def rows(told: Rows) -> Iterator[Row]:
        for one in reports:
            for row in told(one, zone):
                yield (one.run_id, *row) if several else row

    def sheet(title: str, head: tuple[str, ...], told: Rows, toned: str = "", wrapped: bool = False) -> Sheet:
        head = ("Run", *head) if several else head
        words = _STEP_TONES if title in ("Steps", "OS updates") else _LEFT_TONES
        return Sheet(title, head, rows(told), words, (head.index(toned) + 1,) if toned else (), wrapped)

    yield summary
    yield sheet("Targets", (*_TARGETS, f"Started {at}", f"Ended {at}", *_TARGETS_END), _targets, "State", wrapped=True)
    yield sheet("Steps", (*_STEPS, f"Started {at}", f"Ended {at}", "Undo", "Reason"), _steps, "State")
    yield sheet("OS updates", (*_UPDATES, f"Ended {at}"), _updates, "State")
    yield sheet("Skipped and deferred", ("Host", "Instance", "When", "State", "Why"), _left_out, "State", wrapped=True)
    yield sheet(
        "Failures", ("Host", "Cause", "What happened", "What to do", "First log lines"), _failures, wrapped=True
    )
    yield sheet("Outages", (*_OUTAGES, f"From {at}", f"Until {at}"), _outages)
    yield sheet("Deviations", ("Host", "Otherwise than planned"), _deviations, wrapped=True)
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
    tones = tuple(one.tone for one in report.counted)
    bars = Bars("Hosts by outcome", (1, 2), (top, top + len(counted) - 1), "D2", tones=tones)
    return Sheet(
        "Summary",
        ("What", "Value"),
        [*facts, *counted],
        _HOST_TONES,
        (1,),
        wrapped=True,
        bars=(bars,) if counted else (),
    )


def _year_summary(reports: Sequence[RunReport], zone: str | None) -> Sheet:
    present = {one.words for report in reports for one in report.counted}
    states = [words for words in TARGET_WORDS.values() if words in present]
    at = zone_words(zone, reports[0].started_at) if reports else ""
    head = (
        "Run",
        f"Started ({at})",
        f"Ended ({at})",
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
        times = (naive(one.started_at, zone), naive(one.ended_at, zone))
        told = (one.operator, one.change, one.reason, one.outcome_words)
        rows.append((one.run_id, *times, *told, one.planned_hosts, *(numbers.get(words, 0) for words in states)))
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
_TARGETS_END = ("Lines lost", "What happened", "What to do", "Notes")


def _targets(report: RunReport, zone: str | None) -> Iterator[Row]:
    for host in report.hosts:
        place = host.place
        names = (host.host, place.tenant, place.client, place.site, host.wave)
        end = (naive(host.started_at, zone), naive(host.ended_at, zone), host.connection_losses, host.sentence)
        more = (host.hint, "\n".join(host.notes))
        for builds in _builds(host):
            yield (*names, builds[0], host.words, *builds[1:], host.restarts_proven, *end, *more)


def _builds(host: HostReport) -> Sequence[tuple[Cell, ...]]:
    return [(one.name, one.before, one.planned, one.after) for one in host.instances] or [(None, None, None, None)]


_STEPS = ("Host", "Step", "What", "Arguments", "State", "Exit code", "Meaning", "Setup's summary")


def _steps(report: RunReport, zone: str | None) -> Iterator[Row]:
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
                naive(one.started_at, zone),
                naive(one.ended_at, zone),
                one.undo,
                one.reason,
            )


_UPDATES = ("Host", "KB", "Title", "Classification", "Severity", "Released", "State")


def _updates(report: RunReport, zone: str | None) -> Iterator[Row]:
    for host in report.hosts:
        for one in host.updates:
            told = (one.kb, one.title, one.classification, one.severity, one.released, one.state)
            yield (host.host, *told, naive(one.ended_at, zone))


def _left_out(report: RunReport, _zone: str | None) -> Iterator[Row]:
    for one in report.left_out:
        yield one.host, one.instance, one.when, one.words, one.sentence


def _failures(report: RunReport, _zone: str | None) -> Iterator[Row]:
    for one in report.failures:
        yield one.host, one.cause, one.sentence, one.hint, one.log


_OUTAGES = ("Host", "Service", "Planned seconds", "Measured seconds, at most")


def _outages(report: RunReport, zone: str | None) -> Iterator[Row]:
    for one in report.outages:
        seconds = (one.planned_seconds, one.measured_seconds)
        yield (one.host, one.service, *seconds, naive(one.began_at, zone), naive(one.ended_at, zone))


def _deviations(report: RunReport, _zone: str | None) -> Iterator[Row]:
    for host in report.hosts:
        for told in host.deviations:
            yield host.host, told
