"""Tells the trend over runs: what each of them adds, added up."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from statistics import median

from core.model.run_report import RunReport
from core.model.state import TargetState
from core.model.trend import CauseCount, Installed, Month, Tally, TimeToPatch, Trend
from core.reports.words import local

SQL_SERVER = "SQL Server update"
_SEVERITIES = (SQL_SERVER, "critical", "important", "moderate", "low", "unrated")

# When a build of SQL Server came out, as the build reference has it.
Released = Callable[[str], date | None]


def tally_of(report: RunReport) -> Tally:
    restarts = [seconds for host in report.hosts for seconds in host.restarts_seconds]
    return Tally(
        run_id=report.run_id,
        started_at=report.started_at,
        hosts=tuple(sorted(Counter(host.state for host in report.hosts).items())),
        restarts_proven=sum(host.restarts_proven for host in report.hosts),
        restarts_seconds=tuple(sorted(restarts)),
        installed=tuple(_installed(report)),
        causes=tuple(sorted(Counter(one.cause for one in report.failures).items())),
        zones=report.site_zones,
    )


def _installed(report: RunReport) -> Iterator[Installed]:
    """An instance counts when it was seen on the build that was planned."""
    builds: Counter[tuple[date, str]] = Counter()
    updates: Counter[tuple[date, str, date]] = Counter()
    for host in report.hosts:
        if host.state is not TargetState.SUCCESS or host.ended_at is None:
            continue
        on = host.ended_at.date()
        builds.update((on, one.planned) for one in host.instances if one.after == one.planned)
        updates.update(
            (on, one.severity, one.released) for one in host.updates if one.tone == "good" and one.released is not None
        )
    for (on, build), number in sorted(builds.items()):
        yield Installed(on, number, build=build)
    for (on, severity, released), number in sorted(updates.items()):
        yield Installed(on, number, severity=severity, released=released)


def trend_of(
    tallies: Iterable[Tally],
    released: Released,
    made_at: datetime,
    zone: str | None,
    tenant: str | None = None,
) -> Trend:
    by_month: dict[str, list[Tally]] = {}
    for one in sorted(tallies, key=lambda tally: (tally.started_at, tally.run_id)):
        by_month.setdefault(local(one.started_at, zone).strftime("%Y-%m"), []).append(one)
    return Trend(
        tenant=tenant,
        zone=zone,
        months=tuple(_month(month, some) for month, some in sorted(by_month.items())),
        time_to_patch=_time_to_patch([one for some in by_month.values() for one in some], released),
        causes=tuple(_causes(by_month)),
        made_at=made_at,
    )


_NAMED = (TargetState.SUCCESS, TargetState.BLOCKED, TargetState.DEFERRED, TargetState.UNKNOWN)
_FAILED = (TargetState.FAILED, TargetState.PARTIAL)


def _month(month: str, tallies: Sequence[Tally]) -> Month:
    states: Counter[TargetState] = Counter()
    for one in tallies:
        states.update(dict(one.hosts))
    restarts = [seconds for one in tallies for seconds in one.restarts_seconds]
    named = {state: states[state] for state in _NAMED}
    failed = sum(states[state] for state in _FAILED)
    return Month(
        month=month,
        runs=len(tallies),
        hosts=states.total(),
        patched=named[TargetState.SUCCESS],
        failed=failed,
        blocked=named[TargetState.BLOCKED],
        deferred=named[TargetState.DEFERRED],
        unknown=named[TargetState.UNKNOWN],
        other=states.total() - sum(named.values()) - failed,
        restarts_proven=sum(one.restarts_proven for one in tallies),
        restart_seconds=round(median(restarts)) if restarts else None,
    )


def _time_to_patch(tallies: Sequence[Tally], released: Released) -> tuple[TimeToPatch, ...]:
    days: dict[str, list[int]] = {}
    for tally in tallies:
        for one in tally.installed:
            day = one.released if one.build is None else released(one.build)
            if day is not None:
                severity = SQL_SERVER if one.build is not None else one.severity
                days.setdefault(severity, []).extend([(one.on - day).days] * one.number)
    return tuple(
        TimeToPatch(severity, len(some), round(float(median(some)), 1), max(some))
        for severity, some in sorted(days.items(), key=lambda found: (_rank(found[0]), found[0]))
    )


def _rank(severity: str) -> int:
    """SQL Server first, then the gravest."""
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)


def _causes(by_month: Mapping[str, Sequence[Tally]]) -> Iterator[CauseCount]:
    """The most frequent of a month first."""
    for month, tallies in sorted(by_month.items()):
        causes: Counter[str] = Counter()
        for one in tallies:
            causes.update(dict(one.causes))
        for cause, number in sorted(causes.items(), key=lambda found: (-found[1], found[0])):
            yield CauseCount(month, cause, number)
