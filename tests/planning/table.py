"""Reads the tables of cases: files that a DBA can read, each case a small fleet and what must become of it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from core.model.document import from_document
from core.model.facts import Facts, OsUpdate
from core.model.host import Host
from core.model.mapping import HotfixMapping
from core.model.plan import Plan, PlanInputs, Skipped, Wave
from core.model.policy import DeskLimits, Policy
from core.model.reference import Reference
from core.model.step import OsUpdateStep, Package, PatchStep, Step
from core.model.verdict import HostVerdict, LeftOut, Needs, UpToDate, Verdict, Wanted
from core.planning.durations import History
from core.planning.planner import Candidate, Making, make_plan
from core.planning.steps import Depot, Limits
from core.policy.judging import judge_by
from core.policy.rules import Rules
from core.settings.build_reference import BuildReferenceFile, reference_of
from core.settings.hotfix_mapping import MappingFile
from core.settings.policy_file import PolicyFile
from core.settings.values import mapping_of, policy_of

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "data" / "cases"
TODAY = "2026-08-20T12:00:00Z"
LIMITS = Limits(step_seconds=1800, reboot_seconds=1800, hard_limit_factor=4)
INPUTS = PlanInputs("facts", "mapping", "reference", "policy", "history")
MAKING = Making("01980000-0000-7000-8000-000000000001", datetime(2026, 8, 20, 12, tzinfo=UTC))


@dataclass(frozen=True)
class Case:
    file: str
    name: str
    content: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"

    @property
    def expect(self) -> dict[str, Any]:
        expect: dict[str, Any] = self.content["expect"]
        return expect


def all_cases() -> list[Case]:
    return [
        Case(path.stem, case["name"], case)
        for path in sorted(CASES.glob("*.json"))
        if path.stem != "mappings"
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
    ]


@cache
def reference() -> Reference:
    content = json.loads((ROOT / "config" / "build_reference.json").read_text(encoding="utf-8"))
    content.pop("$schema")
    return reference_of(BuildReferenceFile.model_validate_json(json.dumps(content)))


@cache
def _library() -> dict[str, Any]:
    library: dict[str, Any] = json.loads((CASES / "mappings.json").read_text(encoding="utf-8"))
    return library


def mapping_named(*names: str) -> HotfixMapping:
    library = _library()
    return mapping_of(
        MappingFile.model_validate_json(
            json.dumps(
                {
                    "schema_version": 1,
                    "mappings": [library["mappings"][name] for name in names],
                    "unsupported_versions": library["unsupported_versions"],
                }
            )
        )
    )


def policy_from(content: dict[str, Any]) -> Policy:
    return policy_of(PolicyFile.model_validate_json(json.dumps({"schema_version": 1} | content)))


def facts_from(host: str, instances: dict[str, str], more: dict[str, Any], today: str = TODAY) -> Facts:
    """Instances are written as "15.0.4298.1 Standard Edition"."""
    document = {
        "schema_version": 1,
        "host": host,
        "collected_at": today,
        "host_time": today,
        "machine_id": f"machine-of-{host.casefold()}",
        "computer_name": host.split(".", maxsplit=1)[0].upper()[:15],
        "os": {"caption": "Windows Server 2019", "version": "10.0.17763", "revision": 6659, "time_zone": "UTC"},
        "boot": {"booted_at": "2026-08-01T00:00:00Z", "boot_id": "1"},
        "disks": [{"drive": "C:", "free_bytes": 100 * 2**30, "size_bytes": 200 * 2**30}],
        "services": [],
        "pending_reboot": [],
        "instances": [_instance(name, text) for name, text in sorted(instances.items())],
        "sql": [],
    }
    return from_document(Facts, document | more)


def _instance(name: str, text: str) -> dict[str, Any]:
    build, _, edition = text.partition(" ")
    return {
        "name": name,
        "instance_id": f"MSSQL.{name}",
        "edition": edition or "Enterprise Edition",
        "patch_level": build,
        "binary": build,
        "tcp_port": 1433,
        "service": "MSSQLSERVER" if name == "MSSQLSERVER" else f"MSSQL${name}",
        "clustered": False,
    }


def host_from(name: str, more: dict[str, Any]) -> Host:
    remoting = {"transport": "https", "port": 5986, "auth": "kerberos", "ca_file": None, "credential_ref": None}
    return from_document(Host, {"name": name, "address": name, "remoting": remoting} | more)


def depot_for(mapping: HotfixMapping, missing: tuple[str, ...] = ()) -> Depot:
    return {
        (file.path, file.filename): Package(
            f"{index:02x}{position:02x}" * 16, file.filename, file.filename, 500 * 2**20, file.kb
        )
        for index, one in enumerate(mapping.mappings)
        for position, file in enumerate(one.files)
        if file.filename not in missing
    }


def planned(
    candidates: tuple[Candidate, ...],
    mapping: HotfixMapping,
    policy: Policy,
    workers: int = 3,
    history: History | None = None,
    missing: tuple[str, ...] = (),
    unknown: tuple[Skipped, ...] = (),
) -> Plan:
    depot = depot_for(mapping, missing)
    return make_plan(candidates, unknown, depot, policy, LIMITS, DeskLimits(workers), INPUTS, MAKING, history)


@dataclass(frozen=True)
class Made:
    """A case as it was judged and planned."""

    verdicts: dict[str, HostVerdict]
    plan: Plan


def candidates_of(case: Case, rules: Rules) -> tuple[Candidate, ...]:
    made = []
    for name, instances in case.content["hosts"].items():
        more = dict(case.content.get("facts", {}).get(name, {}))
        facts = facts_from(name, instances, more, case.content.get("today", TODAY))
        host = host_from(name, case.content.get("inventory", {}).get(name, {}))
        made.append(Candidate(host, facts, judge_by(rules, facts, host)))
    return tuple(made)


def carried_out(case: Case) -> Made:
    content = case.content
    mapping, policy = mapping_named(*content.get("mapping", [])), policy_from(content.get("policy", {}))
    today = datetime.fromisoformat(content.get("today", TODAY)).date()
    candidates = candidates_of(case, Rules(mapping, policy, reference(), today))
    plan = planned(candidates, mapping, policy, content.get("workers", 3), missing=tuple(content.get("missing", ())))
    return Made({one.name: one.verdict for one in candidates}, plan)


def verdict_words(verdict: Verdict) -> str:
    match verdict:
        case Needs(mapping=mapping):
            return f"needs {mapping.target_build}"
        case UpToDate():
            return "up to date"
        case LeftOut(code=code):
            return f"left out: {code}"


def update_words(verdict: HostVerdict) -> dict[str, str]:
    return {
        _name(one.update): "wanted" if isinstance(one, Wanted) else f"left out: {one.code}" for one in verdict.updates
    }


def _name(update: OsUpdate) -> str:
    return update.patch_id


def step_words(plan: Plan, step: Step) -> str:
    """As an operator would write it down."""
    match step:
        case PatchStep():
            instances = ", ".join(step.instances)
            return f"{plan.package(step.package).filename} {' '.join(step.arguments)} for {instances}"
        case OsUpdateStep():
            return f"system updates {', '.join(step.updates)}"
        case _:
            return "restart"


def time_words(wave: Wave) -> str:
    """As an operator would say it, in UTC: "Thu 22:00 to Thu 22:25"."""
    if wave.begins_at is None or wave.ends_at is None:
        return "any time"
    late = "" if wave.fits is not False else ", too late"
    return f"{wave.begins_at:%a %H:%M} to {wave.ends_at:%a %H:%M}{late}"


def warning_words(plan: Plan) -> set[str]:
    return {f"{one.code}: {host}" for one in plan.warnings for host in (one.hosts or (one.host or "plan",))}
