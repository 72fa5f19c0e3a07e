"""What one configuration file says of another: whether the things that are named are there."""

from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches

from core.model.fault import Fault
from core.model.ids import folded
from core.settings.audit_config import AuditConfig
from core.settings.policy_file import PolicyFile
from core.settings.same_host import Placed
from core.settings.scope import ScopeSection
from core.settings.targets import Target


def missing_files(
    path: str, audit: AuditConfig | None, targets: Sequence[Placed], present: Callable[[str], bool]
) -> Iterator[Fault]:
    named = [] if audit is None else [(f"{path}: remoting.ca_file", audit.remoting.ca_file)]
    named += [(f"{place}.remoting.ca_file", target.remoting.ca_file) for place, target in targets]
    for where, file in named:
        if file is not None and not present(file):
            message = "there is no such file; put the authority's certificate (PEM) there, or correct the path"
            yield Fault(where, "missing_file", message, found=file)


def unknown_hosts(path: str, policy: PolicyFile, targets: Sequence[Target]) -> Iterator[Fault]:
    """Hosts, places and tags that the policy names and no target has."""
    for index, pin in enumerate(policy.updates.sql.pins):
        yield from _unknown(f"{path}: updates.sql.pins[{index}].applies_to", pin.applies_to, targets)
    for index, window in enumerate(policy.maintenance_windows):
        yield from _unknown(f"{path}: maintenance_windows[{index}].applies_to", window.applies_to, targets)
    for index, check in enumerate(policy.application_checks):
        yield from _unknown(f"{path}: application_checks[{index}].applies_to", check.applies_to, targets)
    if policy.canary.tag is not None:
        known = [tag for target in targets for tag in target.metadata.tags]
        yield from _strange(f"{path}: canary.tag", (policy.canary.tag,), known, "no target carries this tag")


def _unknown(where: str, scope: ScopeSection, targets: Sequence[Target]) -> Iterator[Fault]:
    tags = [tag for target in targets for tag in target.metadata.tags]
    for key, named, known in (
        ("servers", scope.servers, [one.server for one in targets]),
        ("tags", scope.tags, tags),
        ("tenants", scope.tenants, [one.tenant for one in targets]),
        ("clients", scope.clients, [one.client for one in targets]),
        ("sites", scope.sites, [one.site for one in targets]),
    ):
        yield from _strange(f"{where}.{key}", named, known, f"no target has this {key[:-1]}")


def _strange(where: str, named: Sequence[str], known: Sequence[str], message: str) -> Iterator[Fault]:
    there = {folded(one): one for one in known}
    for name in named:
        if folded(name) not in there:
            near = get_close_matches(folded(name), there, n=1, cutoff=0.6)
            remedy = f'did you mean "{there[near[0]]}"?' if near else "correct it, or remove it"
            expected = there[near[0]] if near else None
            yield Fault(where, "unknown_reference", f'"{name}": {message}; {remedy}', found=name, expected=expected)
