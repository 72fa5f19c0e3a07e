"""Plan: facts are judged, verdicts become a plan, and the plan is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType

from core.app import composition
from core.app.assess import assess
from core.app.choosing import meant_by, selected_by
from core.app.facts_file import read_facts
from core.app.lookup import the_plan
from core.app.packages import hash_of, package_path
from core.app.workspace import Workspace, hosts, settings_of
from core.catalog.statements import kb_of
from core.model.document import digest, to_document
from core.model.facts import Facts
from core.model.failure import Failure
from core.model.fault import Fault, RefusedError
from core.model.host import Host, host_named
from core.model.ids import folded
from core.model.mapping import HotfixFile, HotfixMapping
from core.model.plan import Plan, PlanInputs, Skipped
from core.model.policy import Policy
from core.model.selection import Selection
from core.model.step import Package
from core.planning.comparing import Difference, difference
from core.planning.durations import History
from core.planning.planner import Candidate, Making, make_plan
from core.planning.steps import Limits
from core.policy.judging import judge_by
from core.policy.rules import Rules
from core.settings.audit_config import seconds
from core.settings.build_reference import reference_of
from core.settings.values import desk_limits, mapping_of, policy_of
from core.settings.workspace import Settings
from core.store import facts as fact_store
from core.store import plans as plan_store
from core.store.blocks import open_blocks
from core.store.durations import seen_durations


@dataclass(frozen=True, slots=True)
class LeavingOut:
    """What the operator takes out of a plan while reviewing it: hosts by name, updates by their KB, or without one by
    their id or the name of their file."""

    hosts: tuple[str, ...] = ()
    kbs: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()


NOTHING = LeavingOut()
NO_FAILURES: Mapping[str, Failure] = MappingProxyType({})


def plan(workspace: Workspace, selection: Selection, max_age: timedelta, leaving_out: LeavingOut = NOTHING) -> Plan:
    """Uses facts that are not older than max_age and assesses the other hosts first."""
    made = draft(workspace, selection, max_age, leaving_out)
    keep(workspace, made)
    return made


def draft(
    workspace: Workspace,
    selection: Selection,
    max_age: timedelta,
    leaving_out: LeavingOut = NOTHING,
    failed: Mapping[str, Failure] = NO_FAILURES,
) -> Plan:
    """A plan that nobody but the caller knows of, to be thrown away or kept. Who failed is not asked again."""
    settings = settings_of(workspace)
    chosen = meant_by(workspace, hosts(settings), selection)
    asked = tuple(host for host in chosen if host.name not in failed)
    known: dict[str, Facts | Failure] = {host.name: facts for host, facts in _facts(workspace, asked, max_age)}
    everybody = [(host, known.get(host.name) or failed[host.name]) for host in chosen]
    return _made(workspace, settings, everybody, leaving_out)


def keep(workspace: Workspace, made: Plan) -> None:
    """From now on the plan is found by its id, and as the last one. Keeping it again changes nothing."""
    with composition.open_database(workspace) as database:
        if not plan_store.find_plans(database, made.id):
            plan_store.keep_plan(database, made)


def plan_from_file(workspace: Workspace, selection: Selection, file: Path) -> Plan:
    """Makes a plan of facts that somebody brought. Needs no server in reach and nothing in the database."""
    settings = settings_of(workspace)
    inventory = {folded(host.name): host for host in hosts(settings)}
    brought = read_facts(file)
    known = [(inventory.get(folded(facts.host), host_named(facts.host)), facts) for facts in brought]
    wanted = {host.name for host in selected_by(workspace, [host for host, _ in known], selection)}
    made = _made(workspace, settings, [(host, facts) for host, facts in known if host.name in wanted], NOTHING)
    keep(workspace, made)
    return made


def _made(
    workspace: Workspace,
    settings: Settings,
    known: Sequence[tuple[Host, Facts | Failure]],
    leaving_out: LeavingOut,
) -> Plan:
    candidates, unknown, rules = _judged(known, settings, leaving_out)
    clock = composition.SystemClock()
    with composition.open_database(workspace) as database:
        history = seen_durations(database)
        blocked = {folded(one.host) for one in open_blocks(database)}
        candidates = tuple(replace(one, patch_blocked=folded(one.name) in blocked) for one in candidates)
        return make_plan(
            candidates,
            unknown,
            _depot(workspace, rules.mapping, candidates),
            rules.policy,
            _limits(settings),
            desk_limits(settings.audit),
            _inputs(candidates, rules, history),
            Making(composition.fresh_id(clock), clock.now()),
            history,
        )


def show(workspace: Workspace, reference: str) -> Plan:
    with composition.open_database(workspace) as database:
        return the_plan(database, reference)


def compare(workspace: Workspace, first: str, second: str) -> Difference:
    with composition.open_database(workspace) as database:
        return difference(the_plan(database, first), the_plan(database, second))


def _facts(workspace: Workspace, chosen: tuple[Host, ...], max_age: timedelta) -> list[tuple[Host, Facts | Failure]]:
    not_before = composition.SystemClock().now() - max_age
    with composition.open_database(workspace) as database:
        stored = {host.name: fact_store.newest(database, host.name, not_before) for host in chosen}
    stale = tuple(host.name for host in chosen if stored[host.name] is None)
    fresh = {one.host.name: one.result for one in assess(workspace, Selection(stale))} if stale else {}
    return [(host, stored[host.name] or fresh[host.name]) for host in chosen]


def _judged(
    known: Sequence[tuple[Host, Facts | Failure]], settings: Settings, leaving_out: LeavingOut
) -> tuple[tuple[Candidate, ...], tuple[Skipped, ...], Rules]:
    """Ages count to the day of the newest facts, so that the same facts give the same plan tomorrow."""
    today = max((facts.collected_at.date() for _, facts in known if isinstance(facts, Facts)), default=date.min)
    reference = reference_of(settings.reference)
    left_out = frozenset((*leaving_out.kbs, *leaving_out.updates))
    rules = Rules(mapping_of(settings.mapping), policy_of(settings.policy), reference, today, left_out)
    left = {folded(name) for name in leaving_out.hosts}
    candidates: list[Candidate] = []
    unknown: list[Skipped] = []
    for host, facts in known:
        match facts:
            case _ if folded(host.name) in left:
                reason = "it was left out when the plan was reviewed"
                unknown.append(Skipped(host.name, None, "left_out", reason, host.place))
            case Failure():
                reason = f"it could not be assessed: {facts}"
                unknown.append(Skipped(host.name, None, facts.cause, reason, host.place))
            case Facts():
                candidates.append(Candidate(host, facts, judge_by(rules, facts, host)))
    return tuple(candidates), tuple(unknown), rules


def _depot(
    workspace: Workspace, mapping: HotfixMapping, candidates: tuple[Candidate, ...]
) -> dict[tuple[str, str], Package]:
    """The packages that somebody needs, with hash and size as they lie on disk."""
    wanted = {
        (file.path, file.filename): file
        for candidate in candidates
        for need in candidate.verdict.needs
        for file in need.mapping.files
    }
    depot: dict[tuple[str, str], Package] = {}
    for key, file in wanted.items():
        path = package_path(workspace.path, file)
        if path.is_file():
            depot[key] = _package(path, file)
    return depot


def _package(path: Path, file: HotfixFile) -> Package:
    sha256 = hash_of(path)
    size = path.stat().st_size
    where = f"config/hotfix_mapping.json: {file.filename}"
    faults = []
    if file.sha256 is not None and file.sha256 != sha256:
        message = "the file on disk has another hash; download it again, or correct the mapping"
        faults.append(Fault(where, "wrong_hash", message, found=sha256, expected=file.sha256))
    if file.size_bytes is not None and file.size_bytes != size:
        message = "the file on disk has another size; download it again, or correct the mapping"
        faults.append(Fault(where, "wrong_size", message, found=str(size), expected=str(file.size_bytes)))
    if faults:
        raise RefusedError(tuple(faults))
    return Package(sha256, file.filename, str(path), size, kb_of(file))


def digest_of_policy(policy: Policy) -> str:
    return digest(to_document(policy))


def _limits(settings: Settings) -> Limits:
    timeouts = settings.audit.timeouts
    return Limits(seconds(timeouts.step), seconds(timeouts.reboot), timeouts.hard_limit_factor)


def _inputs(candidates: tuple[Candidate, ...], rules: Rules, history: History) -> PlanInputs:
    """What was left out in the review, the plan itself shows."""
    return PlanInputs(
        facts=digest([to_document(one.facts) for one in candidates]),
        mapping=digest(to_document(rules.mapping)),
        reference=digest(to_document(rules.reference)),
        policy=digest_of_policy(rules.policy),
        history=digest([[key, list(history[key])] for key in sorted(history)]),
    )
