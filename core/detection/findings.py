"""What stands out in a host's facts: told with the assessment, so that it is no surprise in the window."""

from collections.abc import Iterator

from core.detection.builds import testimony
from core.model.facts import Facts, SqlAnswer, UpdateAnswer, UpdateSilence
from core.model.finding import Finding

# Kerberos refuses tickets beyond it.
_MOST_SKEW_SECONDS = 300
_FORBIDDING = frozenset({"allsigned", "restricted"})
# A script of ours takes less than 200 MB; Windows PowerShell 2 came with 150.
_LEAST_SHELL_MEMORY_MB = 300
_LEAST_SHELLS = 3
_LEAST_PROCESSES = 10


def findings_of(facts: Facts) -> tuple[Finding, ...]:
    """In the order in which somebody should look at them."""
    return (
        *_witnesses(facts),
        *_updates(facts),
        *_pending_reboots(facts),
        *_others_at_work(facts),
        *_limits(facts),
        *_other_tools(facts),
        *_clock(facts),
        *_cluster(facts),
        *_people(facts),
    )


def _witnesses(facts: Facts) -> Iterator[Finding]:
    for instance in facts.instances:
        told = testimony(facts, instance)
        if told.agreed is None:
            hint = "an update may have stopped half way; look at setup's Summary.txt"
            yield Finding("witnesses", f"the witnesses of {instance.name} disagree: {told}", hint)
    for witness in facts.sql:
        if not isinstance(witness, SqlAnswer):
            continue
        if any(one.in_group and one.name.casefold() == "ssisdb" for one in witness.databases):
            message = f"SSISDB of {witness.instance} is in an availability group"
            hint = "upgrade scripts fail on it; take it out of the group before the update, and back in afterwards"
            yield Finding("ssisdb_in_group", message, hint)


def _updates(facts: Facts) -> Iterator[Finding]:
    match facts.update_witness:
        case UpdateSilence(failure=failure):
            yield Finding("updates_unknown", f"what its system misses is not known: {failure.detail}", failure.hint)
        case UpdateAnswer(complete=False):
            yield Finding("updates_incomplete", "the update agent met errors, so that some updates may be missing")
        case _:
            pass


def _pending_reboots(facts: Facts) -> Iterator[Finding]:
    for one in facts.pending_reboot:
        detail = f" ({one.detail})" if one.detail else ""
        yield Finding("pending_reboot", f"Windows wants a restart: {one.reason}{detail}")


def _others_at_work(facts: Facts) -> Iterator[Finding]:
    if facts.installers:
        told = ", ".join(map(str, facts.installers))
        yield Finding("other_installer", f"something else is being installed: {told}", "it is waited for, never ended")


def _limits(facts: Facts) -> Iterator[Finding]:
    if facts.limits is None:
        return
    for told in facts.limits.execution_policies:
        scope, _, policy = told.partition("=")
        if scope.endswith("Policy") and policy.casefold() in _FORBIDDING:
            message = f"a group policy sets the execution policy to {policy} ({scope}), so that no job can run"
            yield Finding("execution_policy", message, "set it to RemoteSigned for this host")
    if facts.limits.script_control in ("applocker", "wdac"):
        message = f"{facts.limits.script_control.upper()} decides which scripts may run here"
        yield Finding("script_control", message, "let jobs of SYSTEM below ProgramData\\Drydock run")
    quotas = (
        ("memory per shell", facts.limits.shell_memory_mb, _LEAST_SHELL_MEMORY_MB),
        ("shells per user", facts.limits.shells_per_user, _LEAST_SHELLS),
        ("processes per shell", facts.limits.processes_per_shell, _LEAST_PROCESSES),
    )
    for name, found, least in quotas:
        # 0 is no limit.
        if found is not None and 0 < found < least:
            yield Finding("winrm_quota", f"WinRM's quota for {name} is {found}", f"raise it to {least} at least")


def _other_tools(facts: Facts) -> Iterator[Finding]:
    manager = facts.configuration_manager
    if manager is not None:
        if manager.trouble:
            yield Finding("configuration_manager", f"Configuration Manager's client cannot be asked: {manager.trouble}")
        for update in manager.pending:
            due = "without a deadline" if update.deadline is None else f"by {update.deadline:%Y-%m-%d %H:%M} UTC"
            message = f"Configuration Manager installs {update.title} {due}"
            yield Finding("configuration_manager", message, "a restart of its own may fall into the window")
    automatic = facts.automatic_updates
    if automatic is not None and (automatic.mode == "install" or automatic.deadline_days is not None):
        when = "" if automatic.deadline_days is None else f" within {automatic.deadline_days} days"
        message = f"Windows installs updates by itself{when}"
        yield Finding("automatic_updates", message, "it may begin, or restart the host, in the middle of a run")


def _clock(facts: Facts) -> Iterator[Finding]:
    skew = facts.clock_skew_seconds
    if abs(skew) > _MOST_SKEW_SECONDS:
        way = "ahead" if skew > 0 else "behind"
        message = f"the clock is {abs(skew) / 60:.0f} minutes {way}"
        yield Finding("clock_skew", message, "Kerberos refuses more than 5 minutes; mend the host's time source")


def _cluster(facts: Facts) -> Iterator[Finding]:
    if facts.cluster_trouble:
        yield Finding("cluster", f"the cluster service does not say who owns what: {facts.cluster_trouble}")


def _people(facts: Facts) -> Iterator[Finding]:
    if facts.sessions:
        yield Finding("logged_on", f"logged on: {', '.join(facts.sessions)}", "a restart ends their sessions")
    protected = [one.drive for one in facts.disks if one.protection == "on"]
    if protected:
        message = f"BitLocker protects {', '.join(protected)}"
        yield Finding("bitlocker", message, "it is suspended for the one restart that a run makes")
