"""Makes the plan: pure, and byte for byte the same from the same input."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from core.model.application import ApplicationCheck
from core.model.document import digest, to_document
from core.model.fault import RefusedError
from core.model.host import Host
from core.model.plan import (
    NOT_DIGESTED,
    Plan,
    PlanInputs,
    PlannedInstance,
    PlannedTarget,
    PlannedUpdate,
    PlanWarning,
    Skipped,
    Totals,
    UpdateLeftOut,
)
from core.model.policy import DeskLimits, MaintenanceWindow, Policy, RunRules, Scoped
from core.model.step import Package, RebootStep
from core.model.verdict import LeftOut, Needs, Unwanted, UpToDate
from core.planning.candidates import Candidate
from core.planning.checks import CHECKS
from core.planning.durations import History
from core.planning.groups import Circle, circles_of
from core.planning.names import Directory
from core.planning.ordering import Refusal, bonds_of
from core.planning.services import services_to_stop
from core.planning.steps import Depot, Limits, Means, missing, steps_for
from core.planning.timing import Schedule, schedule
from core.planning.warnings import about_host, about_plan, gathered, spread_backups
from core.planning.wave_names import wave_names
from core.planning.waves import Order, order_of

__all__ = ["Candidate", "Making", "digest_of", "make_plan"]

Named = TypeVar("Named", MaintenanceWindow, ApplicationCheck)


@dataclass(frozen=True, slots=True)
class Making:
    """What names the making of a plan and is not part of its content."""

    id: str
    at: datetime


@dataclass(slots=True)
class _Draft:
    """What gathers while hosts are gone through."""

    targets: dict[str, PlannedTarget] = field(default_factory=dict)
    packages: dict[str, Package] = field(default_factory=dict)
    copied_bytes: int = 0


def make_plan(
    candidates: tuple[Candidate, ...],
    unknown: tuple[Skipped, ...],
    depot: Depot,
    policy: Policy,
    limits: Limits,
    desk: DeskLimits,
    inputs: PlanInputs,
    making: Making,
    history: History | None = None,
) -> Plan:
    """Raises RefusedError when an installer that is needed is missing."""
    _refuse_missing(candidates, depot)
    as_of = max((one.facts.collected_at for one in candidates), default=making.at)
    directory = Directory((one.name, one.facts) for one in candidates)
    circles = circles_of(candidates, directory)
    bonds = bonds_of(candidates, circles, directory)
    order = order_of(tuple(one for one in candidates if one.has_work), bonds, policy)
    draft = _draft(candidates, order, circles, bonds.held_for, Means(depot, policy, limits, history or {}))
    rules = _rules(policy, desk, len(draft.targets))
    members = [[draft.targets[name] for name in wave] for wave in order.waves]
    windows = {one.what.name: one.what for one in policy.windows}
    names = wave_names(order, bonds, circles, {one.name: one for one in candidates})
    times = schedule(members, names, bool(order.canaries), rules.pace, windows, as_of)
    targets = tuple(one for some in members for one in some)
    plan = Plan(
        id=making.id,
        made_at=making.at,
        digest="",
        as_of=as_of,
        inputs=inputs,
        packages=tuple(draft.packages[key] for key in sorted(draft.packages)),
        waves=times.waves,
        targets=targets,
        skipped=unknown + tuple(one for some in candidates for one in _skipped(some, order.refused)),
        warnings=(
            *about_plan(times.windows, times.late, as_of),
            *order.warnings,
            *_about_hosts(candidates, draft, circles, policy),
        ),
        totals=_totals(targets, draft, rules.workers, times),
        rules=rules,
        windows=times.windows,
        groups=tuple(one.rule() for one in circles if set(one.hosts) & draft.targets.keys()),
        updates=_updates(candidates, draft),
        updates_left_out=_updates_left_out(candidates),
        checks=CHECKS if targets else (),
        application_checks=_named(
            policy.application_checks, {name for one in targets for name in one.application_checks}
        ),
    )
    return replace(plan, digest=digest_of(plan))


def digest_of(plan: Plan) -> str:
    """SHA-256 over the RFC 8785 form of all but what names the making."""
    document = to_document(plan)
    return digest({key: value for key, value in document.items() if key not in NOT_DIGESTED})


def _refuse_missing(candidates: tuple[Candidate, ...], depot: Depot) -> None:
    """All that is missing at once, and before anything else is thought about."""
    wanted = {
        (one.file.path, one.file.filename): one.file
        for candidate in candidates
        if candidate.has_work
        for need in candidate.verdict.needs
        for one in need.files
    }
    faults = tuple(missing(wanted[key]) for key in sorted(wanted) if key not in depot)
    if faults:
        raise RefusedError(faults)


def _draft(
    candidates: tuple[Candidate, ...],
    order: Order,
    circles: list[Circle],
    held_for: Mapping[str, list[str]],
    means: Means,
) -> _Draft:
    draft = _Draft()
    titles: dict[str, list[str]] = {}
    for circle in circles:
        for name in circle.hosts:
            titles.setdefault(name, []).append(circle.name)
    for candidate in candidates:
        if candidate.has_work and candidate.name not in order.refused:
            groups, held = titles.get(candidate.name, ()), held_for.get(candidate.name, ())
            target, packages = _target(candidate, means)
            draft.targets[candidate.name] = replace(target, groups=tuple(groups), held_for=tuple(held))
            draft.packages |= {one.sha256: one for one in packages}
            draft.copied_bytes += sum(one.size_bytes for one in packages)
    return draft


def _target(candidate: Candidate, means: Means) -> tuple[PlannedTarget, tuple[Package, ...]]:
    steps, packages = steps_for(candidate.facts, candidate.verdict, means)
    policy = means.policy
    updates = sum(one.size_bytes for one in candidate.verdict.wanted)
    target = PlannedTarget(
        host=candidate.name,
        machine_id=candidate.facts.machine_id,
        place=candidate.host.place,
        instances=tuple(
            PlannedInstance(one.instance, str(one.current), str(one.mapping.target_build))
            for one in candidate.verdict.needs
        ),
        steps=steps,
        required_free_bytes=max(
            policy.minimum_free_bytes, policy.space_factor * (sum(one.size_bytes for one in packages) + updates)
        ),
        failure_domain=candidate.host.failure_domain,
        windows=_names_for(candidate.host, policy.windows),
        application_checks=_names_for(candidate.host, policy.application_checks),
        services=services_to_stop(
            candidate.host, candidate.facts, tuple(one.instance for one in candidate.verdict.needs), policy
        ),
    )
    return target, packages


def _skipped(candidate: Candidate, refused: Mapping[str, Refusal]) -> list[Skipped]:
    """Every instance that is not planned, each once."""
    verdict, place = candidate.verdict, candidate.host.place
    refusal = refused.get(verdict.host)
    skipped = [Skipped(verdict.host, None, one.code, one.reason, place) for one in verdict.obstacles]
    if refusal is not None:
        skipped.append(Skipped(verdict.host, None, refusal.code, refusal.reason, place))
    for one in verdict.verdicts:
        match one:
            case UpToDate(instance=instance, current=current, target=target):
                reason = f"already on {current}" + ("" if current == target else f", and the target is {target}")
                skipped.append(Skipped(verdict.host, instance, "up_to_date", reason, place))
            case LeftOut(instance=instance, code=code, reason=reason):
                skipped.append(Skipped(verdict.host, instance, code, reason, place))
            case Needs(instance=instance) if skipped and skipped[0].instance is None:
                reason = f"it needs an update, but its host is held back: {skipped[0].reason}"
                skipped.append(Skipped(verdict.host, instance, "host_held", reason, place))
            case _:
                pass
    return skipped


def _rules(policy: Policy, desk: DeskLimits, hosts: int) -> RunRules:
    return RunRules(
        pace=policy.pace.within(desk),
        failures_allowed=policy.budget.allowed(hosts),
        jobs=policy.jobs,
        retries=policy.retries,
        undo=policy.undo,
        diagnostics=policy.diagnostics,
    )


def _names_for(host: Host, things: tuple[Scoped[Named], ...]) -> tuple[str, ...]:
    return tuple(one.what.name for one in things if one.applies_to.covers(host))


def _named(things: tuple[Scoped[Named], ...], names: set[str]) -> tuple[Named, ...]:
    return tuple(one.what for one in things if one.what.name in names)


def _totals(targets: tuple[PlannedTarget, ...], draft: _Draft, workers: int, times: Schedule) -> Totals:
    return Totals(
        hosts=len(targets),
        instances=sum(len(one.instances) for one in targets),
        steps=sum(len(one.steps) for one in targets),
        restarts=sum(isinstance(step, RebootStep) for one in targets for step in one.steps),
        os_updates=sum(len(step.updates) for one in targets for step in one.steps if step.kind == "os_update"),
        bytes_to_copy=draft.copied_bytes,
        expected_seconds=times.expected_seconds,
        p90_seconds=times.p90_seconds,
        workers=workers,
        workers_that_fit=times.workers_that_fit,
    )


def _about_hosts(
    candidates: tuple[Candidate, ...], draft: _Draft, circles: list[Circle], policy: Policy
) -> list[PlanWarning]:
    elsewhere = spread_backups(circles, {one.name: one.facts for one in candidates})
    return gathered(
        {
            one.name: about_host(one, draft.targets.get(one.name), policy, elsewhere.get(one.name, {}))
            for one in candidates
        }
    )


def _updates(candidates: tuple[Candidate, ...], draft: _Draft) -> tuple[PlannedUpdate, ...]:
    found: dict[str, PlannedUpdate] = {}
    for candidate in candidates:
        if candidate.name in draft.targets:
            for one in candidate.verdict.wanted:
                if one.patch_id not in found:
                    found[one.patch_id] = PlannedUpdate(
                        one.patch_id,
                        one.kb,
                        one.title,
                        one.classification,
                        one.severity,
                        one.requires_reboot,
                        one.size_bytes,
                        one.released,
                    )
    return tuple(found[key] for key in sorted(found))


def _updates_left_out(candidates: tuple[Candidate, ...]) -> tuple[UpdateLeftOut, ...]:
    hosts: dict[tuple[str, str, str], list[str]] = {}
    words: dict[tuple[str, str, str], Unwanted] = {}
    for candidate in candidates:
        for verdict in candidate.verdict.updates:
            if isinstance(verdict, Unwanted):
                key = (verdict.update.patch_id, verdict.code, verdict.reason)
                words.setdefault(key, verdict)
                hosts.setdefault(key, []).append(candidate.name)
    return tuple(
        UpdateLeftOut(key[0], words[key].update.kb, words[key].update.title, key[1], key[2], tuple(hosts[key]))
        for key in sorted(hosts)
    )
