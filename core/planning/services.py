"""Which services of a host are stopped before its first step: those that policy names and that run there."""

from collections.abc import Iterator

from core.model.facts import Facts
from core.model.host import Host
from core.model.ids import folded
from core.model.plan import PlannedTarget
from core.model.policy import Policy
from core.model.verdict import Remark

_DEFAULT_AGENT, _NAMED_AGENT = "SQLSERVERAGENT", "SQLAgent$"
_DEFAULT_INSTANCE = "MSSQLSERVER"


def services_to_stop(host: Host, facts: Facts, instances: tuple[str, ...], policy: Policy) -> tuple[str, ...]:
    """As the host itself spells them. What does not run is not stopped, and so not started either."""
    running = {folded(one.name): one.name for one in facts.services if one.state == "Running"}
    found = (running.get(folded(one)) for one in _wanted(host, instances, policy))
    return tuple(dict.fromkeys(one for one in found if one is not None))


def about_services(host: Host, facts: Facts, target: PlannedTarget, policy: Policy) -> Iterator[Remark]:
    if target.services:
        names = ", ".join(target.services)
        yield Remark(
            "services_stopped", f"{names} and what depends on it is stopped first, and started after the last step"
        )
    known = {folded(one.name) for one in facts.services}
    for one in policy.services.stop:
        if one.applies_to.covers(host) and folded(one.what) not in known:
            message = f"{one.what} is no automatic service of the host, so that it is not stopped"
            yield Remark("service_unknown", message)


def _wanted(host: Host, instances: tuple[str, ...], policy: Policy) -> Iterator[str]:
    """Agents first: whoever needs an engine is stopped by it anyway."""
    if policy.services.stop_agent:
        yield from (_DEFAULT_AGENT if one == _DEFAULT_INSTANCE else f"{_NAMED_AGENT}{one}" for one in instances)
    yield from (one.what for one in policy.services.stop if one.applies_to.covers(host))
