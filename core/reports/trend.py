"""Tells the trend over runs: reports in, the trend out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from statistics import median

from core.model.run_report import HostReport, RunReport
from core.model.state import TargetState
from core.model.trend import CauseCount, Month, TimeToPatch, Trend
from core.reports.words import local

SQL_SERVER = "SQL Server update"


def trend_of(
    reports: Sequence[RunReport],
    released: Mapping[str, date],
    made_at: datetime,
    zone: str | None,
    tenant: str | None = None,
) -> Trend:
    """Released: when each build of SQL Server came out, as the build reference has it."""
    by_month: dict[str, list[RunReport]] = {}
    for one in reports:
        by_month.setdefault(local(one.started_at, zone).strftime("%Y-%m"), []).append(one)
    causes = Counter((month, one.cause) for month, some in by_month.items() for run in some for one in run.failures)
    return Trend(
        tenant=tenant,
        zone=zone,
        months=tuple(_month(month, by_month[month]) for month in sorted(by_month)),
        time_to_patch=_time_to_patch([host for one in reports for host in one.hosts], released),
        causes=tuple(CauseCount(*key, causes[key]) for key in sorted(causes)),
        made_at=made_at,
    )


_NAMED = (TargetState.SUCCESS, TargetState.BLOCKED, TargetState.DEFERRED, TargetState.UNKNOWN)
_FAILED = (TargetState.FAILED, TargetState.PARTIAL)


def _month(month: str, reports: Sequence[RunReport]) -> Month:
    hosts = [host for one in reports for host in one.hosts]
    states = Counter(host.state for host in hosts)
    restarts = [seconds for host in hosts for seconds in host.restarts_seconds]
    named = {state: states[state] for state in _NAMED}
    failed = sum(states[state] for state in _FAILED)
    return Month(
        month=month,
        runs=len(reports),
        hosts=len(hosts),
        patched=named[TargetState.SUCCESS],
        failed=failed,
        blocked=named[TargetState.BLOCKED],
        deferred=named[TargetState.DEFERRED],
        unknown=named[TargetState.UNKNOWN],
        other=len(hosts) - sum(named.values()) - failed,
        restarts_proven=sum(host.restarts_proven for host in hosts),
        restart_seconds=round(median(restarts)) if restarts else None,
    )


def _time_to_patch(hosts: Iterable[HostReport], released: Mapping[str, date]) -> tuple[TimeToPatch, ...]:
    days: dict[str, list[int]] = {}
    for host in hosts:
        if host.state is TargetState.SUCCESS and host.ended_at is not None:
            for severity, day in _proven(host, released):
                days.setdefault(severity, []).append((host.ended_at.date() - day).days)
    return tuple(
        TimeToPatch(severity, len(some), round(float(median(some)), 1), max(some))
        for severity, some in sorted(days.items())
    )


def _proven(host: HostReport, released: Mapping[str, date]) -> Iterable[tuple[str, date]]:
    """An instance counts when it was seen on the build that was planned."""
    for one in host.instances:
        if one.after == one.planned and one.planned in released:
            yield SQL_SERVER, released[one.planned]
    for update in host.updates:
        if update.tone == "good" and update.released is not None:
            yield update.severity, update.released
