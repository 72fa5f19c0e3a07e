"""Reads a journal as an auditor would: each host that was begun must have been allowed to begin at that moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from core.model.events import Entry, RequestTaken, TargetMoved
from core.model.plan import Plan, Wave
from core.model.record import TargetRecord
from core.model.requests import Action
from core.model.state import TARGET_RESTS, TargetState
from core.planning.windows import next_opening
from tests.simulation.schedule import Schedule
from tests.simulation.world import BEGINNING, domain_of, seconds, tenant_of, window_of

_WELL = frozenset({TargetState.SUCCESS, TargetState.CANCELLED})


class Watch:
    """Knows what is asked and how everybody stands, and nothing of how the engine decides."""

    def __init__(self, schedule: Schedule, plan: Plan) -> None:
        self._schedule = schedule
        self._plan = plan
        self._stands = {target.host: TargetRecord(target.host) for target in plan.targets}
        self._begun: dict[str, datetime] = {}
        self._ended: dict[str, datetime] = {}
        self._paused = False

    def told(self, entry: Entry) -> Iterator[str]:
        body, host = entry.event.body, entry.event.target
        match body:
            case RequestTaken(action=Action.PAUSE, accepted=True):
                self._paused = True
            case RequestTaken(action=Action.RESUME, accepted=True):
                self._paused = False
            case TargetMoved(before=before, after=after, failure=failure) if host is not None:
                if (before, after) == (TargetState.PENDING, TargetState.IN_PROGRESS):
                    yield from (f"{host}: begun {why}" for why in self._wrong(host, entry.at))
                    self._begun[host] = entry.at
                self._stands[host] = TargetRecord(host, after, failure=failure)
                if after in TARGET_RESTS:
                    self._ended[host] = entry.at
                yield from self._crowds(host)
            case _:
                pass

    def _wrong(self, host: str, at: datetime) -> Iterator[str]:
        limiting = self._schedule.limiting
        if self._paused:
            yield "while the run was paused"
        expires = self._schedule.expires_after
        if expires is not None and at > BEGINNING + seconds(expires):
            yield "after the authorisation had expired"
        failed = sum(one.failed for one in self._stands.values())
        if limiting.failures is not None and failed > limiting.failures:
            yield f"after {failed} hosts had failed, {limiting.failures} may"
        last = max(self._begun.values(), default=None)
        if last is not None and at < last + seconds(limiting.stagger):
            yield "too soon after another"
        yield from self._too_early(host, at)
        yield from self._outside(host, at)

    def _too_early(self, host: str, at: datetime) -> Iterator[str]:
        own = next(wave for wave in self._plan.waves if host in wave.hosts)
        for wave in (one for one in self._plan.waves if one.order < own.order):
            worked_on = [self._ended[one] for one in wave.hosts if one in self._begun and one in self._ended]
            if worked_on and at < max(worked_on) + seconds(self._schedule.limiting.soak):
                yield "before the hosts of an earlier wave were watched"
            yield from self._unproven(host, wave)

    def _unproven(self, host: str, wave: Wave) -> Iterator[str]:
        groups = [group.hosts for group in self._plan.groups if host in group.hosts]
        for one in wave.hosts:
            stand = self._stands[one]
            well = stand.state in _WELL or (stand.state is TargetState.SKIPPED and stand.failure is None)
            if wave.canary and not well:
                yield f"while the canary {one} is {stand.state}"
            partner = any(one in group for group in groups)
            if partner and (not well or stand.state is TargetState.CANCELLED):
                yield f"while its partner {one} is {stand.state}"

    def _outside(self, host: str, at: datetime) -> Iterator[str]:
        window = window_of(self._schedule)
        if window is None:
            return
        opening = next_opening(window, at)
        needed = timedelta(seconds=self._plan.target(host).expected_seconds)
        if at < opening.opens_at or at + needed > opening.closes_at:
            yield "outside of its window, or too late in it"

    def _crowds(self, host: str) -> Iterator[str]:
        """More at work than may be. A host that is looked at again counts as well."""
        at_work = [name for name, one in self._stands.items() if one.state not in TARGET_RESTS and name in self._begun]
        limiting = self._schedule.limiting
        if len(at_work) > self._schedule.workers:
            yield f"{len(at_work)} hosts at work, {self._schedule.workers} may"
        tenant = [one for one in at_work if tenant_of(self._schedule, one) == tenant_of(self._schedule, host)]
        if limiting.per_tenant is not None and len(tenant) > limiting.per_tenant:
            yield f"{tenant} of one tenant are at work, {limiting.per_tenant} may"
        own = domain_of(self._schedule, host)
        domain = [one for one in at_work if own is not None and domain_of(self._schedule, one) == own]
        if len(domain) > 1:
            yield f"{domain} of one failure domain are at work"
