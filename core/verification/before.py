"""Checks before anything is changed on a host."""

from datetime import timedelta

from core.model.check import Check, CheckName, CheckResult
from core.model.facts import Facts, MemberRole, Topic
from core.model.ids import folded
from core.model.plan import PlannedTarget
from core.model.policy import Policy
from core.model.size import size_in_words
from core.model.verdict import HostVerdict, Needs
from core.policy.backups import in_words, old_backups
from core.policy.gaps import WORDS, Untold, untold
from core.policy.judging import obstacles

# Failed checks that pass by themselves, so that they are waited for.
PASSING = frozenset({CheckName.RUNNING_JOBS, CheckName.OTHER_INSTALLERS})

_WORK: dict[str, str] = {
    "backup": "a backup of",
    "restore": "a restore of",
    "checkdb": "CHECKDB of",
    "agent_job": "the job",
}


def preflight(planned: PlannedTarget, facts: Facts, verdict: HostVerdict, policy: Policy) -> tuple[Check, ...]:
    """Whether the host is still the one that was planned, and ready."""
    return (
        _machine(planned, facts),
        _space(planned, facts),
        _pending_reboot(facts, policy),
        *_backups(facts, policy),
        *_jobs(facts, policy),
        *_installers(facts),
        *_due(planned, facts),
        *_roles(planned, facts),
        *(_still_needed(one.name, one.before, one.after, verdict) for one in planned.instances),
    )


def _machine(planned: PlannedTarget, facts: Facts) -> Check:
    same = planned.machine_id == facts.machine_id
    result = CheckResult.PASSED if same else CheckResult.FAILED
    return Check(CheckName.SAME_MACHINE, planned.host, result, planned.machine_id, facts.machine_id)


def _space(planned: PlannedTarget, facts: Facts) -> Check:
    system = facts.disk("C:")
    free = system.free_bytes if system is not None else 0
    result = CheckResult.PASSED if free >= planned.required_free_bytes else CheckResult.FAILED
    expected = f"at least {size_in_words(planned.required_free_bytes)}"
    return Check(CheckName.FREE_SPACE, "drive C", result, expected, size_in_words(free))


def _pending_reboot(facts: Facts, policy: Policy) -> Check:
    found = ", ".join(one.reason for one in facts.pending_reboot) or "none"
    if obstacles(facts, policy):
        return Check(CheckName.PENDING_RESTART, facts.host, CheckResult.FAILED, "none", found)
    result = CheckResult.WARNED if facts.pending_reboot else CheckResult.PASSED
    return Check(CheckName.PENDING_RESTART, facts.host, result, "none", found)


def _backups(facts: Facts, policy: Policy) -> tuple[Check, ...]:
    """What is not known warns only: the plan has said so before. An availability group's backups may lie elsewhere."""
    if policy.backups.evidence != "msdb":
        return ()
    old, silent = old_backups(facts, policy), untold(facts, "backups")
    spread = any(one.kind == "ag" for one in facts.groups)
    result = CheckResult.FAILED if old and not spread else CheckResult.WARNED if old or silent else CheckResult.PASSED
    found = [in_words(old)] if old else []
    found += [f"the backups of {one.instance} are not known: {one.why}" for one in silent]
    expected = f"full or differential backups within {policy.backups.max_age_hours} hours"
    return (Check(CheckName.BACKUP, facts.host, result, expected, " and ".join(found) or "all are backed up"),)


def _jobs(facts: Facts, policy: Policy) -> tuple[Check, ...]:
    """Work that a patch would cut off."""
    ignored = set(map(folded, policy.jobs.ignored))
    running = [one for one in facts.jobs if one.kind in policy.jobs.kinds and folded(one.name) not in ignored]
    if running:
        found = ", ".join(f"{_WORK[one.kind]} {one.name} on {one.instance}" for one in running)
        return (Check(CheckName.RUNNING_JOBS, facts.host, CheckResult.FAILED, "none", found),)
    unseen = untold(facts, *_work_topics(policy))
    if unseen:
        return (Check(CheckName.RUNNING_JOBS, facts.host, CheckResult.UNKNOWN, "none", _in_words(unseen)),)
    return ()


def _work_topics(policy: Policy) -> tuple[Topic, ...]:
    """What policy does not wait for nobody needs to know."""
    kinds = policy.jobs.kinds
    engine: tuple[Topic, ...] = ("running_work",) if set(kinds) - {"agent_job"} else ()
    return (*engine, "agent_jobs") if "agent_job" in kinds else engine


def _in_words(unseen: tuple[Untold, ...]) -> str:
    return ", ".join(f"{one.instance} does not tell {WORDS[one.about]}: {one.why}" for one in unseen)


def _installers(facts: Facts) -> tuple[Check, ...]:
    """Two installations at once fail at best: setup's own answer would be 1618."""
    if not facts.installers:
        return ()
    found = ", ".join(map(str, facts.installers))
    return (Check(CheckName.OTHER_INSTALLERS, facts.host, CheckResult.FAILED, "none", found),)


def _due(planned: PlannedTarget, facts: Facts) -> tuple[Check, ...]:
    """A job that begins while its engine is down is missed. Nobody knows better than its owner whether that matters."""
    until = facts.collected_at + timedelta(seconds=planned.p90_seconds or planned.expected_seconds)
    due = [one for one in facts.due if one.at < until]
    if not due:
        return ()
    found = ", ".join(f"{one.name} on {one.instance} at {one.at:%H:%M} UTC" for one in due)
    return (Check(CheckName.JOBS_DUE, facts.host, CheckResult.WARNED, "none while the host is worked on", found),)


def _roles(planned: PlannedTarget, facts: Facts) -> tuple[Check, ...]:
    """A host that leads a group is held for the operator's failover; one that was to lead and cannot say so, too."""
    own = _own_roles(facts)
    leading = _leading(facts, own)
    unseen = untold(facts, "replicas", "mirroring")
    resolving = [name for name, role in own if role == "unknown"]
    if planned.held_for and not leading and (resolving or not (own or facts.links)):
        expected, found = f"no longer {', '.join(planned.held_for)}", "its roles are not known"
        return (Check(CheckName.ROLES, facts.host, CheckResult.FAILED, expected, found),)
    if not leading and (resolving or (unseen and not planned.held_for)):
        found = f"its role in {', '.join(resolving)} is not known" if resolving else _in_words(unseen)
        return (Check(CheckName.ROLES, facts.host, CheckResult.UNKNOWN, "leads no group", found),)
    if not facts.groups and not facts.links:
        return ()
    result = CheckResult.FAILED if leading else CheckResult.PASSED
    return (Check(CheckName.ROLES, facts.host, result, "leads no group", leading or "leads none"),)


def _own_roles(facts: Facts) -> list[tuple[str, MemberRole]]:
    """In its groups; a node of the cluster below them has none to lead with."""
    own = {folded(facts.host), folded(facts.host.split(".")[0]), folded(facts.computer_name)}
    members = ((one, member) for one in facts.groups for member in one.members)
    return [(one.name, member.role) for one, member in members if one.kind != "cluster" and folded(member.host) in own]


def _leading(facts: Facts, own: list[tuple[str, MemberRole]]) -> str:
    groups = [name for name, role in own if role in ("primary", "active")]
    mirrors = ["a mirrored database" for one in facts.links if one.role == "principal"]
    return ", ".join(f"leads {name}" for name in (*groups, *mirrors))


def _still_needed(instance: str, before: str, after: str, verdict: HostVerdict) -> Check:
    """A build that moved between plan and now is no longer what was reviewed."""
    need = next((one for one in verdict.verdicts if one.instance == instance), None)
    expected = f"{before}, to become {after}"
    if isinstance(need, Needs):
        same = str(need.current) == before and str(need.mapping.target_build) == after
        result = CheckResult.PASSED if same else CheckResult.FAILED
        return Check(
            "build as planned", instance, result, expected, f"{need.current}, to become {need.mapping.target_build}"
        )
    found = "not there" if need is None else getattr(need, "reason", "needs nothing")
    return Check(CheckName.AS_PLANNED, instance, CheckResult.FAILED, expected, found)
