"""Facts and rules in, verdicts out: for the plan, and again just before a host is touched."""

from datetime import date

from core.detection.builds import testimony
from core.model.facts import Facts, RegisteredInstance
from core.model.host import Host, host_named
from core.model.ids import folded
from core.model.mapping import HotfixMapping, Mapping
from core.model.policy import Pin, Policy
from core.model.reference import Reference
from core.model.verdict import HostVerdict, LeftOut, Needs, UpToDate, Verdict
from core.policy.choosing import Barred, Chosen, Reached
from core.policy.rules import NO_REFERENCE, Rules
from core.policy.updates import without_superseded


def judge(
    facts: Facts,
    mapping: HotfixMapping,
    policy: Policy,
    reference: Reference = NO_REFERENCE,
    today: date | None = None,
) -> HostVerdict:
    """What one host needs, and what stands in the way. Ages count to the day of the facts unless told otherwise."""
    return judge_by(
        Rules(mapping, policy, reference, today or facts.collected_at.date()), facts, host_named(facts.host)
    )


def judge_by(rules: Rules, facts: Facts, host: Host) -> HostVerdict:
    """The inventory's host says where a rule holds, and which instances are disabled."""
    verdicts = tuple(_judge_instance(rules, facts, one, host) for one in facts.instances)
    updates = without_superseded(tuple(rules.verdict_of(one) for one in facts.updates))
    if not verdicts:
        verdicts = (LeftOut(None, "no_instance", "no SQL Server instance was found on this host"),)
    return HostVerdict(facts.host, verdicts, obstacles(facts, rules.policy), updates)


def obstacles(facts: Facts, policy: Policy) -> tuple[LeftOut, ...]:
    """What keeps the whole host from being patched until somebody mends it."""
    pending = [one for one in facts.pending_reboot if one.reason not in policy.ignored_pending_reboots]
    if not pending or restarts_first(policy):
        return ()
    names = ", ".join(one.reason.replace("_", " ") for one in pending)
    return (
        LeftOut(None, "pending_reboot", f"Windows waits for a restart ({names}); restart the host, then plan again"),
    )


def restarts_first(policy: Policy) -> bool:
    """A restart that policy leaves to the operator cannot clear the way."""
    return policy.order == "reboot_first" and policy.reboot_mode != "leave"


def _judge_instance(rules: Rules, facts: Facts, instance: RegisteredInstance, host: Host) -> Verdict:
    if folded(instance.name) in map(folded, host.disabled_instances):
        return LeftOut(instance.name, "disabled_target", "its target is disabled in the configuration")
    told = testimony(facts, instance)
    build = told.agreed
    if build is None:
        return LeftOut(instance.name, "witnesses_disagree", f"the witnesses of its build contradict each other: {told}")
    match rules.choice(build, instance.edition):
        case Barred(code=code, reason=reason):
            return LeftOut(instance.name, code, reason)
        case Reached(target=target, remarks=remarks):
            return UpToDate(instance.name, build, target, remarks)
        case Chosen(mapping=mapping, files=files, remarks=remarks):
            pins = [pin for pin in rules.policy.sql.pins if _holds(pin, host, mapping)]
            below = next((pin for pin in pins if not pin.max_build.reaches(mapping.target_build)), None)
            if below is not None:
                return LeftOut(instance.name, "pinned", _pinned(below, mapping, rules.today))
            return Needs(instance.name, build, mapping, _rule(mapping), files, remarks)


def _rule(mapping: Mapping) -> str:
    return f"mapping for {mapping.version_family}: {mapping.description or mapping.target_build}"


def _holds(pin: Pin, host: Host, mapping: Mapping) -> bool:
    return pin.max_build.family == mapping.version_family and pin.applies_to.covers(host)


def _pinned(pin: Pin, mapping: Mapping, today: date) -> str:
    due = "its review is due since" if pin.review_by < today else "to be reviewed by"
    return f"policy holds it at {pin.max_build}, below {mapping.target_build}: {pin.reason}; {due} {pin.review_by}"
