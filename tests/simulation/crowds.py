"""Who was worked on when, and how many at once: by the journal and by the hosts' own ledger."""

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from core.model.events import RebootPutOff, TargetMoved
from core.model.state import TARGET_RESTS, TargetState
from tests.simulation.evidence import Evidence
from tests.simulation.watch import Watch


def pool(evidence: Evidence) -> Iterator[str]:
    if evidence.story.most_at_once > evidence.story.schedule.workers:
        yield f"{evidence.story.most_at_once} hosts at once, {evidence.story.schedule.workers} allowed"


def waves(evidence: Evidence) -> Iterator[str]:
    """A wave begins when the one before it is done."""
    wave_of = {host: wave.order for wave in evidence.story.plan.waves for host in wave.hosts}
    states = dict.fromkeys(wave_of, TargetState.PENDING)
    put_off: set[str] = set()
    for entry in evidence.entries:
        body, host = entry.event.body, entry.event.target
        if isinstance(body, RebootPutOff) and host is not None:
            put_off.add(host)
        if not isinstance(body, TargetMoved) or host is None:
            continue
        if body.before is TargetState.PENDING and body.after is TargetState.IN_PROGRESS:
            done = {one for one, state in states.items() if state in TARGET_RESTS} - put_off
            early = [one for one in states if wave_of[one] < wave_of[host] and one not in done]
            if early:
                yield f"{host}: begun while {early} of an earlier wave is not done"
        states[host] = body.after
        if body.after is TargetState.IN_PROGRESS:
            put_off.discard(host)


def limits(evidence: Evidence) -> Iterator[str]:
    """At each moment at which a host is begun: was it allowed to, by all that the plan and the operator said?"""
    watch = Watch(evidence.story.schedule, evidence.story.plan)
    for entry in evidence.entries:
        yield from watch.told(entry)


def partners(evidence: Evidence) -> Iterator[str]:
    """By the hosts' own ledger: while one installs or restarts, its partner does neither."""
    spans = {host: tuple(_down(evidence, host)) for host in evidence.story.world.machines}
    for group in evidence.story.plan.groups:
        for one, other in combinations(group.hosts, 2):
            for start, end in spans[one]:
                if any(start < until and since < end for since, until in spans[other]):
                    yield f"{one} and {other} of {group.name} were worked on together"


def restarts_at_once(evidence: Evidence) -> Iterator[str]:
    allowed, down = evidence.story.plan.rules.pace.max_reboots, set()
    for one in evidence.story.world.ledger:
        if one.host in evidence.story.world.by_hand:
            continue
        if one.kind == "reboot":
            down.add(one.host)
        elif one.kind in ("boot", "reboot_cancelled"):
            down.discard(one.host)
        if len(down) > allowed:
            yield f"{sorted(down)} restarted at once, {allowed} may"


def outsiders(evidence: Evidence) -> Iterator[str]:
    planned = {target.host for target in evidence.story.plan.targets}
    for one in evidence.story.world.executed:
        if one.host not in planned:
            yield f"{one.host}: {one.script} ran on a host that is in no plan"


def _down(evidence: Evidence, host: str) -> Iterator[tuple[datetime, datetime]]:
    """When an installer or a restart went on there; what somebody did by hand is his own affair."""
    if host in evidence.story.world.by_hand:
        return
    ends = {"installer_start": "installer_end", "reboot": "boot"}
    begun: dict[str, datetime] = {}
    for one in evidence.noted(host, *ends, *ends.values(), "reboot_cancelled"):
        if one.kind == "reboot_cancelled":
            begun.pop("boot", None)
        elif one.kind in ends:
            begun[ends[one.kind]] = one.at
        elif one.kind in begun:
            yield begun.pop(one.kind), one.at
