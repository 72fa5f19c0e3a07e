"""The limits of one run, from the plan's policy and this PC's configuration: where both speak, the stricter counts."""

from datetime import datetime, timedelta

from core.app.workspace import hosts
from core.engine.effects import Token
from core.engine.limits import Limits
from core.model.host import Host
from core.model.plan import Plan
from core.model.policy import MaintenanceWindow
from core.planning.windows import Opening, next_opening
from core.settings.values import policy_of
from core.settings.workspace import Settings


def limits_of(settings: Settings, plan: Plan, now: datetime) -> Limits:
    """The windows of a run are those that are open when its process begins, or open next."""
    policy, desk = policy_of(settings.policy), settings.audit.concurrency
    budget = settings.policy.failure_budget
    known = {host.name: host for host in hosts(settings)}
    planned = [known[target.host] for target in plan.targets if target.host in known]
    workers = min(desk.max_concurrent_servers, policy.pace.max_hosts or desk.max_concurrent_servers)
    return Limits(
        workers=max(1, min(workers, len(plan.targets))),
        per_tenant=desk.max_per_tenant,
        per_domain=policy.pace.max_per_failure_domain,
        domains={host.name: host.failure_domain for host in planned},
        stagger=timedelta(seconds=max(desk.stagger_seconds, policy.pace.stagger_seconds)),
        budget_hosts=budget.hosts,
        budget_percent=budget.percent,
        windows={host.name: _openings(policy.windows, host, now) for host in planned},
    )


def tokens_of(settings: Settings) -> dict[Token, int]:
    return {
        Token.TRANSFER: settings.audit.transfer.max_parallel,
        Token.REBOOT: policy_of(settings.policy).pace.max_reboots,
    }


def _openings(windows: tuple[MaintenanceWindow, ...], host: Host, now: datetime) -> tuple[Opening, ...]:
    return tuple(next_opening(one, now) for one in windows if one.applies_to.covers(host))
