"""Checks after the last step: a fresh assessment against the plan and against the baseline."""

from collections.abc import Mapping

from core.detection.builds import Testimony, testimony
from core.model.build import Build
from core.model.check import Check, CheckName, CheckResult
from core.model.facts import Facts, SqlAnswer, UpdateAnswer, UpdateSilence
from core.model.plan import PlannedInstance, PlannedTarget

_NONE: Mapping[str, str] = {}


def verify(
    planned: PlannedTarget, before: Facts, after: Facts, updates: Mapping[str, str] = _NONE
) -> tuple[Check, ...]:
    """Everything that has to hold before anybody may say success, also of updates of the system, by their names."""
    return (
        _machine(before, after),
        *(_build(one, before, after) for one in planned.instances),
        *(_update(patch_id, name, before, after) for patch_id, name in updates.items()),
        *_services(planned, before, after),
        *_databases(before, after),
        _pending_reboot(after),
    )


def reached(facts: Facts, instance: str, target: Build) -> Testimony | None:
    """The testimony, if all who spoke agree on a build that has what the target brings."""
    registered = facts.registered(instance)
    if registered is None:
        return None
    told = testimony(facts, registered)
    return told if told.agreed is not None and told.agreed.reaches(target) else None


def restored(planned: PlannedTarget, before: Facts, after: Facts, gone: Mapping[str, str] = _NONE) -> tuple[Check, ...]:
    """Whether each planned instance is what it was before: the same build, and no witness silent that spoke. The same
    for the system, and for updates of it that are to be gone, by their names."""
    return (
        _machine(before, after),
        *(_former(one, before, after) for one in planned.instances),
        *((_former_revision(before, after),) if gone else ()),
        *(_gone(patch_id, name, after) for patch_id, name in gone.items()),
    )


def is_at(facts: Facts, instance: str, build: Build) -> bool:
    """Whether all who spoke agree on exactly this build."""
    registered = facts.registered(instance)
    agreed = None if registered is None else testimony(facts, registered).agreed
    return agreed is not None and agreed.is_same(build)


def _former(planned: PlannedInstance, before: Facts, after: Facts) -> Check:
    registered = after.registered(planned.name)
    if registered is None:
        return Check(CheckName.BUILD, planned.name, CheckResult.FAILED, planned.before, "the instance is gone")
    told = testimony(after, registered)
    spoke = tuple(told.builds)
    if not is_at(after, planned.name, Build.parse(planned.before)):
        return Check(CheckName.BUILD, planned.name, CheckResult.FAILED, planned.before, str(told), spoke)
    silent = ", ".join(one for one in _witnesses(before, planned.name) if one not in told.builds)
    result = CheckResult.UNKNOWN if silent else CheckResult.PASSED
    found = f"{told}; silent: {silent}" if silent else str(told)
    return Check(CheckName.BUILD, planned.name, result, planned.before, found, spoke)


def _former_revision(before: Facts, after: Facts) -> Check:
    result = CheckResult.PASSED if after.os.revision == before.os.revision else CheckResult.FAILED
    return Check(
        CheckName.REVISION, "the system", result, str(before.os.revision), str(after.os.revision), ("registry",)
    )


def _gone(patch_id: str, name: str, after: Facts) -> Check:
    expected, witness = "no longer installed", after.update_witness
    if not isinstance(witness, UpdateAnswer):
        return Check(CheckName.UPDATE, name, CheckResult.UNKNOWN, expected, "the update service was not heard")
    there = any(one.patch_id == patch_id for one in witness.installed)
    result, found = (CheckResult.FAILED, "it is still installed") if there else (CheckResult.PASSED, expected)
    return Check(CheckName.UPDATE, name, result, expected, found, ("installed",))


def _machine(before: Facts, after: Facts) -> Check:
    """A name may lead elsewhere by now: another machine on the wanted build proves nothing about this one."""
    result = CheckResult.PASSED if after.machine_id == before.machine_id else CheckResult.UNKNOWN
    return Check(CheckName.SAME_MACHINE, before.host, result, before.machine_id, after.machine_id)


def _build(planned: PlannedInstance, before: Facts, after: Facts) -> Check:
    name, expected = CheckName.BUILD, f"{planned.after} or later"
    registered = after.registered(planned.name)
    if registered is None:
        return Check(name, planned.name, CheckResult.FAILED, expected, "the instance is gone")
    told = testimony(after, registered)
    spoke = tuple(told.builds)
    if told.agreed is None:
        return Check(name, planned.name, CheckResult.UNKNOWN, expected, f"the witnesses disagree: {told}", spoke)
    if not told.agreed.reaches(Build.parse(planned.after)):
        return Check(name, planned.name, CheckResult.FAILED, expected, str(told), spoke)
    lost = [one for one in _witnesses(before, planned.name) if one not in told.builds]
    if lost:
        why = "; ".join(f"{one} is silent: {told.missing.get(one, '')}" for one in lost)
        return Check(name, planned.name, CheckResult.UNKNOWN, expected, f"{told}; {why}", spoke)
    return Check(name, planned.name, CheckResult.PASSED, expected, str(told), spoke)


def _update(patch_id: str, name: str, before: Facts, after: Facts) -> Check:
    """Gone from the offers, and a second witness: the list of what is installed, or the system's revision."""
    expected, witness = "installed and no longer offered", after.update_witness
    if not isinstance(witness, UpdateAnswer):
        why = witness.failure.detail if isinstance(witness, UpdateSilence) else "nobody asked"
        return Check(CheckName.UPDATE, name, CheckResult.UNKNOWN, expected, f"the update service was not heard: {why}")
    if any(one.patch_id == patch_id for one in after.updates):
        return Check(CheckName.UPDATE, name, CheckResult.FAILED, expected, "it is still offered", ("offers",))
    if any(one.patch_id == patch_id for one in witness.installed):
        return Check(CheckName.UPDATE, name, CheckResult.PASSED, expected, "it is installed", ("offers", "installed"))
    if not witness.complete:
        return Check(CheckName.UPDATE, name, CheckResult.UNKNOWN, expected, "the update agent met errors", ("offers",))
    if after.os.revision > before.os.revision:
        found = f"no longer offered; the system's revision went from {before.os.revision} to {after.os.revision}"
        return Check(CheckName.UPDATE, name, CheckResult.PASSED, expected, found, ("offers", "revision"))
    found = "no longer offered, but not among what is installed either"
    return Check(CheckName.UPDATE, name, CheckResult.UNKNOWN, expected, found, ("offers", "installed"))


def _witnesses(facts: Facts, instance: str) -> tuple[str, ...]:
    registered = facts.registered(instance)
    return () if registered is None else tuple(testimony(facts, registered).builds)


def _services(planned: PlannedTarget, before: Facts, after: Facts) -> list[Check]:
    """Automatic services that ran before run again, and those that the run itself stopped. Other trigger- and
    manual-start ones come and go by themselves."""
    now = {one.name: one.state for one in after.services}
    return [
        Check(
            CheckName.SERVICE,
            one.name,
            CheckResult.PASSED if found == "Running" else CheckResult.FAILED,
            "Running",
            found,
        )
        for one in before.services
        if (one.start_mode in ("Auto", "Delayed") or one.name in planned.services) and one.state == "Running"
        for found in (now.get(one.name, "gone"),)
    ]


def _databases(before: Facts, after: Facts) -> list[Check]:
    checks: list[Check] = []
    for witness in before.sql:
        if not isinstance(witness, SqlAnswer):
            continue
        online = [one.name for one in witness.databases if one.state == "ONLINE"]
        later = after.witness(witness.instance)
        if not isinstance(later, SqlAnswer):
            found = "the engine did not say"
            checks.append(
                Check(CheckName.DATABASES, witness.instance, CheckResult.UNKNOWN, f"{len(online)} online", found)
            )
            continue
        states = {one.name: one.state for one in later.databases}
        bad = [f"{name} {states.get(name, 'gone')}" for name in online if states.get(name) != "ONLINE"]
        result = CheckResult.FAILED if bad else CheckResult.PASSED
        found = ", ".join(bad) if bad else f"{len(online)} online"
        checks.append(Check(CheckName.DATABASES, witness.instance, result, f"{len(online)} online", found))
    return checks


def _pending_reboot(after: Facts) -> Check:
    found = ", ".join(one.reason for one in after.pending_reboot) or "none"
    result = CheckResult.WARNED if after.pending_reboot else CheckResult.PASSED
    return Check(CheckName.PENDING_RESTART, after.host, result, "none", found)
