"""The steps of one host: SQL Server packages and system updates in policy's order, with the fewest restarts."""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, replace

from core.detection.updates import is_system_rollup
from core.model.facts import Facts, OsUpdate
from core.model.fault import Fault
from core.model.ids import folded
from core.model.mapping import HotfixFile
from core.model.policy import Policy
from core.model.step import Expectation, OsUpdateStep, Package, PatchStep, RebootStep, Step, Undo
from core.model.verdict import HostVerdict, LeftOut, Needs, PatchFile
from core.planning import checks
from core.planning.durations import (
    OS_UPDATE,
    OS_UPDATE_SECONDS,
    PATCH_SECONDS,
    REBOOT,
    REBOOT_SECONDS,
    Estimate,
    History,
    estimate,
)
from core.policy.judging import restarts_first

# Where the packages are: by the mapping's path and file name. What is not there has no entry.
Depot = Dictionary[tuple[str, str], Package]

_ALL = "/AllInstances"
_ONE = "/InstanceName="
_REMOVE = ("/quiet", "/Action=RemovePatch")
_SQL_UNDO = Undo(True, "setup's /Action=RemovePatch takes the update back to the build before it", _REMOVE)
_PACK_UNDO = Undo(False, "a service pack is the ground for what follows; back leads only through a restore")
_STACK_UNDO = Undo(False, "a servicing stack update stays for good")
_ROLLUP_UNDO = "DISM's Remove-Package takes the cumulative update back, and a restart finishes that"
_OTHER_UNDO = "DISM takes back the cumulative update of the system alone; this is uninstalled by hand, if at all"
_REBOOT_UNDO = Undo(False, "a restart cannot be taken back")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long steps may take, from the configuration."""

    step_seconds: int
    reboot_seconds: int
    hard_limit_factor: int


@dataclass(frozen=True, slots=True)
class Means:
    """What steps are made with, the same for every host."""

    depot: Depot
    policy: Policy
    limits: Limits
    history: History


def steps_for(facts: Facts, verdict: HostVerdict, means: Means) -> tuple[tuple[Step, ...], tuple[Package, ...]]:
    """In order, numbered from one, and the packages that they use."""
    packages: dict[str, Package] = {}
    sql = _sql(facts, verdict, means, packages)
    system = _os(verdict.wanted, means)
    restart = _Restart(means, sql_needs=_sql_restarts(verdict), os_needs=_os_restarts(verdict.wanted))
    steps = restart.around(sql, system, facts)
    return tuple(replace(step, order=index) for index, step in enumerate(steps, 1)), tuple(packages.values())


def missing(file: HotfixFile) -> Fault:
    return Fault(
        f"config/hotfix_mapping.json: {file.filename}",
        "missing_installer",
        f"the installer is not in {file.path}; copy it there, or correct the path",
        found=None,
        expected=file.filename,
    )


@dataclass(frozen=True, slots=True)
class _Restart:
    """Where the restarts go: as few as the order allows."""

    means: Means
    sql_needs: bool
    os_needs: bool

    def around(self, sql: list[Step], system: list[Step], facts: Facts) -> list[Step]:
        policy = self.means.policy
        if policy.reboot_mode == "leave":
            return [*system, *sql] if policy.order == "os_first" else [*sql, *system]
        needs_sql, needs_os = bool(sql) and self.sql_needs, bool(system) and self.os_needs
        last = self._after(needs_sql, needs_os)
        if policy.order == "os_first" and system and sql:
            between = self._after(False, needs_os)
            return [*system, *between, *sql, *self._after(needs_sql, False)]
        first = self._first(facts) if sql or system else []
        return [*first, *sql, *system, *last]

    def _first(self, facts: Facts) -> list[Step]:
        if not restarts_first(self.means.policy):
            return []
        pending = ", ".join(one.reason for one in facts.pending_reboot)
        why = "policy restarts the host before anything else" + (
            f"; Windows waits for it ({pending})" if pending else ""
        )
        return [_reboot(why, "policy: order reboot_first", self.means)]

    def _after(self, sql: bool, system: bool) -> list[Step]:
        if not sql and not system:
            return []
        asking = ["the mapping asks for a restart"] if sql else []
        asking += ["the system's updates take effect with a restart"] if system else []
        rule = "mapping: requires_restart" if sql else "updates: requires_reboot"
        return [_reboot("; ".join(asking), rule, self.means)]


def _sql_restarts(verdict: HostVerdict) -> bool:
    return any(one.mapping.requires_restart for one in verdict.needs)


def _os_restarts(updates: tuple[OsUpdate, ...]) -> bool:
    return any(one.requires_reboot != "never" for one in updates)


def _sql(facts: Facts, verdict: HostVerdict, means: Means, packages: dict[str, Package]) -> list[Step]:
    """A package runs once per host and version; each instance by itself where one of its version is left out."""
    steps: list[Step] = []
    for group in _by_mapping(verdict.needs):
        apart = bool(left_out_of(facts, verdict, group))
        for file in group[0].mapping.files:
            takers = [(one, taken) for one in group if (taken := _taken(one, file)) is not None]
            if not takers:
                continue
            package = means.depot[(file.path, file.filename)]
            packages[package.sha256] = package
            touched = tuple(sorted(f"{one.kind} {one.name}" for one in facts.components))
            portions = [[one] for one in takers] if apart else [takers]
            steps += [_patch(some, package, apart, touched, means) for some in portions]
    return steps


def left_out_of(facts: Facts, verdict: HostVerdict, group: tuple[Needs, ...]) -> tuple[str, ...]:
    """Instances of the same version that /AllInstances would patch, too, and must not."""
    planned = {folded(one.instance) for one in group}
    others = {folded(one.instance) for one in verdict.needs} - planned
    barred = {folded(one.instance) for one in verdict.verdicts if isinstance(one, LeftOut) and one.instance}
    family = group[0].mapping.version_family
    return tuple(
        one.name
        for one in facts.instances
        if one.patch_level.family == family and folded(one.name) in (barred | others)
    )


def groups_of(needs: tuple[Needs, ...]) -> list[tuple[Needs, ...]]:
    return _by_mapping(needs)


def _by_mapping(needs: tuple[Needs, ...]) -> list[tuple[Needs, ...]]:
    groups: dict[tuple[str, str, str], list[Needs]] = {}
    for one in needs:
        key = (one.mapping.version_family, str(one.mapping.target_build), one.mapping.edition_filter or "")
        groups.setdefault(key, []).append(one)
    return [tuple(groups[key]) for key in sorted(groups)]


def _taken(need: Needs, file: HotfixFile) -> PatchFile | None:
    return next((one for one in need.files if one.file is file or one.file == file), None)


def arguments_for(file: HotfixFile, instance: str | None) -> tuple[str, ...]:
    """As the mapping has them; for one instance alone the switch names it in place of all."""
    if instance is None:
        return file.parameters
    kept = [
        word for word in file.parameters if folded(word) != folded(_ALL) and not folded(word).startswith(folded(_ONE))
    ]
    return (*kept, f"{_ONE}{instance}")


def _patch(
    takers: list[tuple[Needs, PatchFile]], package: Package, apart: bool, touched: tuple[str, ...], means: Means
) -> PatchStep:
    need, taken = takers[0]
    file, mapping = taken.file, need.mapping
    timeout = file.timeout_seconds or means.limits.step_seconds
    expected = estimate(means.history, file.filename, min(PATCH_SECONDS, timeout))
    is_pack = not taken.brings.is_same(mapping.target_build)
    return PatchStep(
        order=0,
        package=package.sha256,
        arguments=arguments_for(file, need.instance if apart else None),
        instances=tuple(one.instance for one, _ in takers),
        version_family=mapping.version_family,
        target_build=str(taken.brings),
        required=file.required,
        timeout_seconds=timeout,
        hard_limit_seconds=timeout * means.limits.hard_limit_factor,
        expected_seconds=expected.median_seconds,
        why=need.rule + (f", first its ground {taken.brings}" if is_pack else ""),
        undo=_PACK_UNDO if is_pack else _removal(file),
        rule=f"config/hotfix_mapping.json: {mapping.version_family} to {mapping.target_build}, file {file.order}",
        expectation=_expectation(expected, "the named instances are down meanwhile"),
        touches=touched,
        checks_before=checks.BEFORE_PATCH,
        checks_after=checks.AFTER_PATCH,
        success_codes=file.success_codes,
        reboot_codes=file.reboot_codes,
    )


def _removal(file: HotfixFile) -> Undo:
    if not file.remove_parameters:
        return _SQL_UNDO
    command = " ".join((file.filename, *file.remove_parameters))
    # Which instances it names is decided when it is needed: one that had the update before the run keeps it.
    kept = tuple(word for word in file.remove_parameters if not _names_instances(word))
    return Undo(True, f"{command} takes the update back to the build before it", kept)


def _names_instances(word: str) -> bool:
    return folded(word) == folded(_ALL) or folded(word).startswith((folded(_ONE), folded("/InstanceID=")))


def _reboot(why: str, rule: str, means: Means) -> RebootStep:
    expected = estimate(means.history, REBOOT, REBOOT_SECONDS)
    return RebootStep(
        order=0,
        timeout_seconds=means.limits.reboot_seconds,
        expected_seconds=expected.median_seconds,
        why=why,
        undo=_REBOOT_UNDO,
        rule=rule,
        when="window" if means.policy.reboot_mode == "window" else "immediate",
        notice_seconds=means.policy.reboot_notice_seconds,
        expectation=_expectation(expected, "the whole host is down meanwhile"),
        checks_before=checks.BEFORE_REBOOT,
        checks_after=checks.AFTER_REBOOT,
    )


def _os(updates: tuple[OsUpdate, ...], means: Means) -> list[Step]:
    """A servicing stack goes alone and first, so that the search before the others already knows of it."""
    stacks = tuple(one for one in updates if one.exclusive)
    others = tuple(one for one in updates if not one.exclusive)
    why = "policy takes them, and nothing newer that is wanted contains them"
    first = [_os_step(stacks, f"servicing stacks go first; {why}", _STACK_UNDO, means)] if stacks else []
    return [*first, _os_step(others, why, _os_undo(others), means)] if others else first


def _os_undo(updates: tuple[OsUpdate, ...]) -> Undo:
    if not any(is_system_rollup(one.title) for one in updates):
        return Undo(False, _OTHER_UNDO)
    stay = ", ".join(f"KB{one.kb}" if one.kb else one.title for one in updates if not is_system_rollup(one.title))
    return Undo(True, f"{_ROLLUP_UNDO}; {stay} stays" if stay else _ROLLUP_UNDO)


def _os_step(updates: tuple[OsUpdate, ...], why: str, undo: Undo, means: Means) -> Step:
    limits = means.limits
    expected = estimate(means.history, OS_UPDATE, OS_UPDATE_SECONDS)
    return OsUpdateStep(
        order=0,
        updates=tuple(sorted(one.patch_id for one in updates)),
        service=means.policy.os.service,
        timeout_seconds=max(limits.step_seconds, OS_UPDATE_SECONDS),
        hard_limit_seconds=max(limits.step_seconds, OS_UPDATE_SECONDS) * limits.hard_limit_factor,
        expected_seconds=expected.median_seconds,
        why=why,
        undo=undo,
        rule="policy: os",
        expectation=_expectation(expected, "the instances keep running until the restart", outage_seconds=0),
        checks_before=checks.BEFORE_OS_UPDATE,
        checks_after=checks.AFTER_OS_UPDATE,
    )


def _expectation(expected: Estimate, outage: str, outage_seconds: int | None = None) -> Expectation:
    seconds = expected.median_seconds if outage_seconds is None else outage_seconds
    return Expectation(expected.source, expected.p90_seconds, seconds, outage)
