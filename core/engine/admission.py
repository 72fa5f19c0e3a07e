"""The one gate: who may start now, who is left out, and why nobody else may."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.engine.limits import Limits
from core.model.failure import Cause, Failure
from core.model.plan import Plan, PlannedTarget, Wave
from core.model.state import TARGET_RESTS, TargetState

# Only after these is it known that a partner is up and patched.
_WELL = frozenset({TargetState.SUCCESS})


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one host stands. Again: it is at rest, and this process is to look at it once more. Well: on second look
    it needed nothing. Leads: it was left as it is because it took the lead of its group since the plan. Urgent: a
    restart of it may be under way. Waits until: its restart is put off, and it is gone on with then.
    Recalled: nobody wants that restart any more."""

    state: TargetState
    again: bool = False
    since: datetime | None = None
    failed: bool = False
    well: bool = False
    leads: bool = False
    urgent: bool = False
    begun_at: datetime | None = None
    waits_until: datetime | None = None
    recalled: bool = False

    @property
    def rests(self) -> bool:
        return self.state in TARGET_RESTS and not self.again and self.waits_until is None

    @property
    def was_begun(self) -> bool:
        return (
            self.again or self.waits_until is not None or self.state in (TargetState.IN_PROGRESS, TargetState.OVERDUE)
        )

    def is_due(self, now: datetime) -> bool:
        """Of one that was begun."""
        return self.waits_until is None or self.waits_until <= now


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the gate looks at. Shut: why nothing new begins in this process any more. Paused may end."""

    now: datetime
    stands: Mapping[str, Stand]
    working: frozenset[str] = frozenset()
    shut: str | None = None
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """Why no further host begins. For good, unless it names a time or what it waits for is sure to end."""

    code: str
    message: str
    for_good: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """Who begins now, who is deferred without having been begun, and what keeps the others."""

    begin: tuple[str, ...] = ()
    deferred: tuple[tuple[str, Failure], ...] = ()
    held: Held | None = None


def admit(plan: Plan, limits: Limits, scene: Scene) -> Admission:
    """What was begun goes on, in whatever wave; then the next fresh hosts of the lowest wave that is not done."""
    gate = _Gate(plan, limits, scene)
    begun = gate.begun()
    wave = _open_wave(plan, scene)
    if wave is None:
        return Admission(begun, (), _waiting(scene))
    held = _held(plan, limits, scene, wave)
    if held is not None:
        return Admission(begun, (), held)
    fresh, deferred, held = gate.fresh(wave)
    return Admission((*begun, *fresh), deferred, held or _waiting(scene))


def _waiting(scene: Scene) -> Held | None:
    """For the windows of those that are patched and not restarted."""
    waiting = {host: one.waits_until for host, one in scene.stands.items() if one.waits_until is not None}
    due = min((one for one in waiting.values() if one > scene.now), default=None)
    if due is None:
        return None
    hosts = ", ".join(sorted(waiting))
    return Held("restart_window", f"the restart of {hosts} waits for its maintenance window", until=due)


def _open_wave(plan: Plan, scene: Scene) -> Wave | None:
    """The lowest that is not done, if anybody in it or behind it is still to begin."""
    if not any(stand.state is TargetState.PENDING for stand in scene.stands.values()):
        return None
    return next((wave for wave in plan.waves if not _is_done(wave, scene)), None)


def _is_done(wave: Wave, scene: Scene) -> bool:
    return all(scene.stands[host].rests for host in wave.hosts if host in scene.stands)


def _held(plan: Plan, limits: Limits, scene: Scene, wave: Wave) -> Held | None:
    """What keeps every fresh host. What ends the run's beginnings for good counts before what passes."""
    if scene.shut is not None:
        return Held("shut", scene.shut, for_good=True)
    return (
        _over_budget(limits, scene)
        or _canary_not_well(plan, scene)
        or (Held("paused", "the run is paused") if scene.paused else None)
        or _soaking(plan, scene, wave)
    )


def _over_budget(limits: Limits, scene: Scene) -> Held | None:
    failed = sorted(host for host, stand in scene.stands.items() if stand.failed)
    allowed = limits.failures_allowed
    if allowed is None or len(failed) <= allowed:
        return None
    message = f"the failure budget is used up: {len(failed)} hosts failed ({', '.join(failed)}), {allowed} may"
    return Held("failure_budget", message, for_good=True)


def _canary_not_well(plan: Plan, scene: Scene) -> Held | None:
    """The others begin only when all canaries have succeeded; one that was withdrawn proves nothing either way."""
    canary = next((one for one in plan.waves if one.canary), None)
    if canary is None or len(plan.waves) == 1 or not _is_done(canary, scene):
        return None
    stands = {host: scene.stands[host] for host in canary.hosts if host in scene.stands}
    if not stands:
        return None
    bad = [f"{host} is {one.state}" for host, one in stands.items() if not _proves(one)]
    left = [one for one in stands.values() if one.state is not TargetState.CANCELLED]
    if not bad and left:
        return None
    return Held("canary", f"the canaries did not all succeed: {', '.join(bad) or 'none is left'}", for_good=True)


def _proves(stand: Stand) -> bool:
    return stand.state in _WELL or stand.well or stand.state is TargetState.CANCELLED


def _soaking(plan: Plan, scene: Scene, wave: Wave) -> Held | None:
    """A wave that is done is watched for a while before the next one begins, so that trouble has time to show."""
    before = [one for one in plan.waves if one.order < wave.order]
    ends = [end for end in (_watched_until(one, scene) for one in before) if end is not None]
    until = max(ends, default=None)
    if until is None or until <= scene.now:
        return None
    return Held("soak", "the hosts that are done are watched before the next ones begin", until=until)


def _watched_until(wave: Wave, scene: Scene) -> datetime | None:
    """Nothing for a wave in which nobody was begun."""
    stands = [scene.stands[host] for host in wave.hosts if host in scene.stands]
    ended = [one.since for one in stands if one.since is not None and one.begun_at is not None]
    if not wave.soak_seconds or not ended:
        return None
    return max(ended) + timedelta(seconds=wave.soak_seconds)


class _Gate:
    """Lets hosts through one by one, and counts who is inside."""

    def __init__(self, plan: Plan, limits: Limits, scene: Scene) -> None:
        self._plan = plan
        self._limits = limits
        self._scene = scene
        self._targets = {one.host: one for one in plan.targets}
        self._partners = _partners_of(plan)
        self._inside = list(scene.working)
        self._tenants: dict[str, int] = {}
        self._domains: dict[str, int] = {}
        for host in scene.working:
            self._count(host)

    def begun(self) -> tuple[str, ...]:
        """Those whose restart may be under way come first: nobody else takes what they hold. The unclear come last."""
        stands = self._scene.stands
        waiting = [host for host in self._in_order() if self._goes_on(host)]
        waiting.sort(key=lambda host: (not stands[host].urgent, stands[host].again))
        return tuple(host for host in waiting if self._enters(host))

    def _goes_on(self, host: str) -> bool:
        stand = self._scene.stands[host]
        return stand.was_begun and stand.is_due(self._scene.now) and host not in self._inside

    def fresh(self, wave: Wave) -> tuple[tuple[str, ...], tuple[tuple[str, Failure], ...], Held | None]:
        begin: list[str] = []
        deferred: list[tuple[str, Failure]] = []
        held: list[Held] = []
        ready_at = self._ready_at()
        for host in wave.hosts:
            stand = self._scene.stands.get(host)
            if stand is None or stand.state is not TargetState.PENDING or host in self._inside:
                continue
            failure = self._partner_not_well(host, wave) or self._too_late(host)
            if failure is not None:
                deferred.append((host, failure))
                continue
            opens_at = self._opens_at(host)
            if opens_at is not None:
                held.append(Held("window", f"the maintenance window of {host} has not opened", until=opens_at))
                continue
            if ready_at is not None:
                held.append(Held("stagger", "the next host begins a little later", until=ready_at))
                break
            if not self._enters(host):
                continue
            begin.append(host)
            if self._limits.stagger:
                ready_at = self._scene.now + self._limits.stagger
        soonest = min(held, key=lambda one: (one.until is None, one.until), default=None)
        return tuple(begin), tuple(deferred), soonest

    def _in_order(self) -> Iterator[str]:
        return (host for wave in self._plan.waves for host in wave.hosts if host in self._scene.stands)

    def _enters(self, host: str) -> bool:
        limits, target = self._limits, self._targets[host]
        domain = limits.domain_of(host)
        if len(self._inside) >= limits.workers or self._partners[host] & set(self._inside):
            return False
        if limits.per_tenant is not None and self._tenants.get(target.place.tenant, 0) >= limits.per_tenant:
            return False
        if domain is not None and self._domains.get(domain, 0) >= limits.per_domain:
            return False
        self._inside.append(host)
        self._count(host)
        return True

    def _count(self, host: str) -> None:
        tenant, domain = self._targets[host].place.tenant, self._limits.domain_of(host)
        self._tenants[tenant] = self._tenants.get(tenant, 0) + 1
        if domain is not None:
            self._domains[domain] = self._domains.get(domain, 0) + 1

    def _partner_not_well(self, host: str, wave: Wave) -> Failure | None:
        """Whoever comes before it in its group must be up and patched: else two of a group could be down. One that took
        the lead since the plan is up, and now comes last: its partner's own look at the roles decides."""
        earlier = {one for before in self._plan.waves if before.order < wave.order for one in before.hosts}
        for partner in sorted(self._partners[host] & earlier):
            stand = self._scene.stands.get(partner)
            if stand is not None and stand.state not in _WELL and not stand.well and not stand.leads:
                detail = f"{partner} of the same group goes before it and is {stand.state}"
                return Failure(Cause.PARTNER, detail, f"see to {partner} first, then plan again")
        return None

    def _ready_at(self) -> datetime | None:
        if not self._limits.stagger:
            return None
        begun = (one.begun_at for one in self._scene.stands.values())
        last = max((at for at in begun if at is not None), default=None)
        ready = None if last is None else last + self._limits.stagger
        return ready if ready is not None and ready > self._scene.now else None

    def _too_late(self, host: str) -> Failure | None:
        """No window of this run is left that the host's whole walk fits in."""
        openings = self._limits.openings(host)
        needed = needed_time(self._targets[host])
        if not openings or any(max(one.opens_at, self._scene.now) + needed <= one.closes_at for one in openings):
            return None
        last = max(openings, key=lambda one: one.closes_at)
        left = max(timedelta(), last.closes_at - max(last.opens_at, self._scene.now))
        detail = (
            f"{last.window.name} closes at {last.closes_at:%Y-%m-%d %H:%M} UTC: {_minutes(left)} are left, "
            f"{_minutes(needed)} are expected to be needed"
        )
        return Failure(Cause.WINDOW, detail, "run it in the next window")

    def _opens_at(self, host: str) -> datetime | None:
        """Nothing if a window that suffices is open now."""
        needed = needed_time(self._targets[host])
        fitting = [
            one for one in self._limits.openings(host) if max(one.opens_at, self._scene.now) + needed <= one.closes_at
        ]
        soonest = min((one.opens_at for one in fitting), default=None)
        return soonest if soonest is not None and soonest > self._scene.now else None


def needed_time(target: PlannedTarget) -> timedelta:
    """Cautious where there is a history."""
    return timedelta(seconds=max(target.expected_seconds, target.p90_seconds or 0))


def _partners_of(plan: Plan) -> dict[str, set[str]]:
    partners: dict[str, set[str]] = {target.host: set() for target in plan.targets}
    for group in plan.groups:
        for host in group.hosts:
            if host in partners:
                partners[host] |= set(group.hosts) - {host}
    return partners


def _minutes(time: timedelta) -> str:
    return f"{time.total_seconds() / 60:.0f} minutes"
