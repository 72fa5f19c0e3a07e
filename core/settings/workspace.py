"""All configuration files of a workspace together, checked together."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from core.model.fault import Fault, RefusedError
from core.settings.audit_config import AuditConfig
from core.settings.build_reference import REFERENCE, BuildReferenceFile
from core.settings.content import parsed
from core.settings.hotfix_mapping import MappingFile
from core.settings.logons import handed_over, real_servers, unsafe_logons
from core.settings.names import AUDIT_CONFIG
from core.settings.policy_file import PolicyFile
from core.settings.reading import Section, entries, read_file
from core.settings.references import missing_files, unknown_hosts
from core.settings.same_host import Placed, faults_among
from core.settings.targets import Target, TargetsFile

TARGETS = "config/sql_targets.json"
MAPPING = "config/hotfix_mapping.json"
POLICY = "config/policies/default.json"

FILES: dict[str, type[Section]] = {
    AUDIT_CONFIG: AuditConfig,
    TARGETS: TargetsFile,
    MAPPING: MappingFile,
    REFERENCE: BuildReferenceFile,
    POLICY: PolicyFile,
}

# The targets that a live source adds to those of the file, and what is wrong with it.
Live = Callable[[AuditConfig, tuple[Target, ...]], tuple[tuple[Target, ...], tuple[Fault, ...]]]


@dataclass(frozen=True)
class Settings:
    audit: AuditConfig
    targets: TargetsFile
    mapping: MappingFile
    policy: PolicyFile
    reference: BuildReferenceFile
    notes: tuple[Fault, ...] = ()
    """What is right, but surely not meant."""


def no_live_source(_audit: AuditConfig, _targets: tuple[Target, ...]) -> tuple[tuple[Target, ...], tuple[Fault, ...]]:
    return (), ()


def read_settings(
    contents: Mapping[str, bytes | Fault],
    present: Callable[[str], bool] = lambda _: True,
    live: Live = no_live_source,
) -> Settings:
    """Reads the files from their bytes. Raises RefusedError with every fault of every file."""
    faults: list[Fault] = []
    read: dict[str, Any] = {}
    for path, form in FILES.items():
        value = _read(path, form, contents.get(path))
        if isinstance(value, tuple):
            faults.extend(value)
        else:
            read[path] = value
    targets = _placed(read.get(TARGETS), contents.get(TARGETS))
    if AUDIT_CONFIG in read:
        found, wrong = live(read[AUDIT_CONFIG], tuple(target for _, target in targets))
        faults.extend(wrong)
        targets += [(f"{read[AUDIT_CONFIG].inventory.database}: {one.server}", one) for one in found]
    faults.extend(_across(read, targets, present))
    if faults:
        raise RefusedError(tuple(faults))
    file: TargetsFile = read[TARGETS].model_copy(update={"targets": tuple(target for _, target in targets)})
    audit: AuditConfig = read[AUDIT_CONFIG]
    notes = (*_notes(file, read[POLICY]), *handed_over(AUDIT_CONFIG, audit.remoting, targets))
    return Settings(audit, file, read[MAPPING], read[POLICY], read[REFERENCE], notes)


def _read(path: str, form: type[Section], content: bytes | Fault | None) -> Section | tuple[Fault, ...]:
    match content:
        case None:
            return (Fault(path, "missing_file", "the file is missing; copy the sample of a new workspace"),)
        case Fault():
            return (content,)
        case _:
            return read_file(form, path, content)


def _placed(file: TargetsFile | None, content: bytes | Fault | None) -> list[Placed]:
    """The targets that are right by themselves, even where the file is not."""
    if file is not None:
        return [(f"{TARGETS}: targets[{index}]", target) for index, target in enumerate(file.targets)]
    document = parsed(TARGETS, content)[0] if isinstance(content, bytes) else None
    items = document.get("targets") if isinstance(document, dict) else None
    return [(f"{TARGETS}: targets[{index}]", target) for index, target in entries(Target, items)]


def _across(read: Mapping[str, Any], targets: list[Placed], present: Callable[[str], bool]) -> Iterator[Fault]:
    audit = read.get(AUDIT_CONFIG)
    yield from faults_among(targets, None if audit is None else audit.remoting)
    yield from missing_files(AUDIT_CONFIG, audit, targets, present)
    if audit is not None:
        yield from unsafe_logons(AUDIT_CONFIG, audit.remoting, targets)
        if audit.practice:
            yield from real_servers(AUDIT_CONFIG, audit.remoting, targets)
    if POLICY in read and TARGETS in read:
        yield from unknown_hosts(POLICY, read[POLICY], [target for _, target in targets])


def _notes(file: TargetsFile, policy: PolicyFile) -> Iterator[Fault]:
    common = file.global_settings
    if common.trust_server_certificate and not common.encrypt_connection:
        message = "has no effect while encrypt_connection is false; connections to SQL Server are not encrypted"
        yield Fault(f"{TARGETS}: global_settings.trust_server_certificate", "no_effect", message)
    for index, target in enumerate(file.targets):
        if target.auth == "integrated" and target.credential_ref:
            message = 'is not used with auth "integrated"; write "auth": "sql" to use it'
            yield Fault(f"{TARGETS}: targets[{index}].credential_ref", "no_effect", message)
    yield from _lonely(file)
    hosts = {target.host_key for target in file.targets if target.enabled}
    if not hosts:
        yield Fault(f"{TARGETS}: targets", "no_hosts", "no target is enabled, so there is nothing to work on")
    elif policy.canary.hosts > len(hosts):
        message = f"is {policy.canary.hosts}, but there are only {len(hosts)} enabled: all of them go first"
        yield Fault(f"{POLICY}: canary.hosts", "too_many", message)


def _lonely(file: TargetsFile) -> Iterator[Fault]:
    """A group of one host is mostly another group misspelt."""
    groups: dict[str, set[str]] = defaultdict(set)
    for target in file.targets:
        if target.group is not None:
            groups[target.group].add(target.host_key)
    for index, target in enumerate(file.targets):
        if target.group is not None and groups.get(target.group, set()) == {target.host_key}:
            near = get_close_matches(target.group, groups.keys() - {target.group}, n=1, cutoff=0.6)
            hint = f'did you mean "{near[0]}"?' if near else "its partners are missing, or name another group"
            message = f'no other host is in "{target.group}"; {hint}'
            yield Fault(f"{TARGETS}: targets[{index}].group", "lonely_group", message, found=target.group)
            groups.pop(target.group)
