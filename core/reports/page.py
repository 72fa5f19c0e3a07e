"""The HTML report of a run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path

from core.model.run_report import HostReport, Outage, RunReport, Tone
from core.reports.rendering import render
from core.reports.words import duration, local, zone_words

_MOST_OUTAGES = 50
_MOST_LANES = 60
# More open hosts than these hide the rest.
_MOST_OPEN = 20
_LEFT, _WIDTH = 150, 510
_TICKS = 8
_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200)
# Of a longer note, what comes after is read, not searched.
_LONGEST_NOTE = 500
_MINUTE, _DAY = 60, 86_400


@dataclass(frozen=True, slots=True)
class _Lane:
    """One host's bar in the picture of the whole run."""

    host: str
    words: str
    took: str
    tone: Tone
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class _Tick:
    """A round time on the axis below the lanes."""

    words: str
    yours: str
    x: float


def write_page(report: RunReport, path: Path) -> None:
    span, mine = _span(report), zone_words(report.zone, report.started_at)
    logs: dict[str, list[str]] = {}
    for one in report.failures:
        logs.setdefault(one.host, []).extend([one.log] if one.log else [])
    render(
        "run.html.j2",
        path,
        report=report,
        find=_find,
        mine_words=mine,
        numbers={host.host: number for number, host in enumerate(report.hosts, start=1)},
        states=[one.words for one in report.counted],
        deviating=[host for host in report.hosts if host.deviations],
        warned=[host for host in report.hosts if host.tone == "good" and host.warnings],
        # Of one colour side by side.
        parts=sorted(report.counted, key=lambda one: ("good", "bad", "open").index(one.tone)),
        foreign=any(zone_words(zone, report.started_at) != mine for zone in report.zones),
        ticks=[] if span is None else list(_ticks(span, report.zones[0], report.zone)),
        unreached=[one for one in report.left_out if one.needs_attention and one.when == "by the plan"],
        outages=_longest(report),
        open_bad=sum(host.tone == "bad" for host in report.hosts) <= _MOST_OPEN,
        logs=logs,
        span=span,
        lanes=[] if span is None else _lanes(report, span),
    )


def _longest(report: RunReport) -> list[tuple[HostReport, Outage]]:
    """What is still down, then the longest."""
    measured = [(host, one) for host in report.hosts for one in host.outages if one.measured_seconds is not None]
    return sorted(measured, key=lambda found: (found[1].back is not False, -(found[1].measured_seconds or 0)))[
        :_MOST_OUTAGES
    ]


def _find(host: HostReport) -> str:
    """What a search looks at, folded once here and not at every key."""
    place = host.place
    words = [host.host, host.words, place.tenant, place.client, place.site, host.sentence, host.hint]
    words += [text for one in host.instances for text in (one.name, one.before, one.planned, one.after or "")]
    words += [step.what for step in host.steps] + [update.kb for update in host.updates]
    words += [note[:_LONGEST_NOTE] for note in host.notes]
    return " ".join(words).lower()


def _span(report: RunReport) -> tuple[datetime, datetime] | None:
    started = [host.started_at for host in report.hosts if host.started_at is not None]
    ended = [host.worked_until for host in report.hosts if host.worked_until is not None]
    if not started or not ended or not min(started) < max(ended):
        return None
    return min(started), max(ended)


def _lanes(report: RunReport, span: tuple[datetime, datetime]) -> list[_Lane]:
    """None for a fleet that would not fit on a page."""
    worked = [host for host in report.hosts if host.started_at is not None]
    return [_lane(host, span) for host in worked] if len(worked) <= _MOST_LANES else []


def _ticks(span: tuple[datetime, datetime], zone: str | None, mine: str | None) -> Iterator[_Tick]:
    """At round times of the zone's clock, as many as can be read."""
    first, last = span
    whole = (last - first).total_seconds()
    step = next((one for one in _STEPS if whole / one <= _TICKS), _DAY * ceil(whole / _DAY / _TICKS))
    start = local(first, zone)
    at = first + timedelta(seconds=step - (start - start.replace(hour=0, minute=0, second=0)).total_seconds() % step)
    form = "%H:%M:%S" if step < _MINUTE else "%H:%M"
    while at <= last:
        x = round(_LEFT + _WIDTH * (at - first).total_seconds() / whole, 1)
        yield _Tick(local(at, zone).strftime(form), local(at, mine).strftime(form), x)
        at += timedelta(seconds=step)


def _lane(host: HostReport, span: tuple[datetime, datetime]) -> _Lane:
    first, last = span
    start, end = host.started_at or first, host.worked_until or last
    whole = (last - first).total_seconds()
    # What ended as it began, at the very end, must still be seen.
    x = min(_LEFT + _WIDTH * (start - first).total_seconds() / whole, _LEFT + _WIDTH - 2.0)
    width = min(max(2.0, _WIDTH * (end - start).total_seconds() / whole), _LEFT + _WIDTH - x)
    return _Lane(host.host, host.words, duration(start, end), host.tone, round(x, 1), round(width, 1))
