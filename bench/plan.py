"""Planning against the time that pydantic takes to parse the same facts, its memory, and how both grow."""

import gc
import json
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from typing import TypeVar

from bench._fleet import fleet
from bench.figure import Asking, Figure
from core.model.build import Build
from core.model.document import canonical, from_json, to_document
from core.model.facts import Facts
from core.model.fault import RefusedError
from core.model.host import host_named
from core.model.mapping import HotfixFile, HotfixMapping, Mapping
from core.model.plan import Plan, PlanInputs
from core.model.policy import DeskLimits, Policy
from core.model.reference import Reference
from core.model.step import Package
from core.planning.planner import Candidate, Making, make_plan
from core.planning.steps import Limits
from core.policy.judging import judge_by
from core.policy.rules import Rules
from core.settings.build_reference import BuildReferenceFile, reference_of
from core.settings.reading import read_file

_HOSTS, _INSTANCES = 6_000, 10_000
_TARGETS = {"2017": "14.0.3456.2", "2019": "15.0.4430.1", "2022": "16.0.4255.1"}
_LIMITS = Limits(1800, 1800, 4)
_MAKING = Making("01980000-0000-7000-8000-000000000001", datetime(2026, 8, 20, 12, tzinfo=UTC))
_INPUTS = PlanInputs("facts", "mapping", "reference", "policy", "history")
_POLICY = Policy("bench", "immediate", 3, ("file_rename",), 5)

Result = TypeVar("Result")


def measure(asking: Asking) -> Iterator[Figure]:
    """Each figure is the best of several: what else this PC does can only make it worse."""
    divisor, rounds = (10, 2) if asking.quick else (1, 5)
    text = _text(_HOSTS // divisor, _INSTANCES // divisor, asking.seed)
    parsing, facts = _best(lambda: from_json(tuple[Facts, ...], text), rounds)
    reference = _reference()
    planning, made = _best(lambda: _plan(facts, reference), rounds)
    yield Figure("seconds to parse the facts", parsing, "s")
    yield Figure("seconds to plan", planning, "s")
    yield Figure("planning against parsing", planning / parsing, "ratio", 3)
    yield Figure("size of the plan", len(canonical(to_document(made))) / 1e6, "MB", 10)
    yield Figure("memory of planning, facts included", _memory(text, reference), "MB", 300)
    small, large = 1_000 // divisor, 20_000 // divisor
    yield Figure(
        f"growth from {small} to {large} instances", _growth(small, large, asking.seed, reference), "ratio", 1.3
    )


def _text(hosts: int, instances: int, seed: int) -> bytes:
    return json.dumps(fleet(hosts, instances, seed)).encode()


def _plan(facts: tuple[Facts, ...], reference: Reference) -> Plan:
    """From facts to the digest: judging, waves and canonical JSON included."""
    mapping, depot = _mapping()
    rules = Rules(mapping, _POLICY, reference, _MAKING.at.date())
    hosts = [host_named(one.host) for one in facts]
    candidates = tuple(Candidate(host, one, judge_by(rules, one, host)) for host, one in zip(hosts, facts, strict=True))
    return make_plan(candidates, (), depot, _POLICY, _LIMITS, DeskLimits(50), _INPUTS, _MAKING)


def _mapping() -> tuple[HotfixMapping, dict[tuple[str, str], Package]]:
    words = ("/quiet", "/IAcceptSQLServerLicenseTerms", "/Action=Patch", "/AllInstances")
    mappings = [
        Mapping(family, None, None, Build.parse(target), f"the update for {family}", (file,), requires_restart=True)
        for family, target in _TARGETS.items()
        for file in (HotfixFile(f"{family}.exe", family, 1, True, words, None, None, None, None),)
    ]
    depot = {
        (file.path, file.filename): Package(f"{index:064d}", file.filename, file.path, 700 * 2**20, None)
        for index, one in enumerate(mappings)
        for file in one.files
    }
    return HotfixMapping(tuple(mappings), ()), depot


def _reference() -> Reference:
    name = "build_reference.json"
    read = read_file(BuildReferenceFile, name, (files("config") / name).read_bytes())
    if isinstance(read, tuple):
        raise RefusedError(read)
    return reference_of(read)


def _growth(small: int, large: int, seed: int, reference: Reference) -> float:
    """How much more an instance costs in the large fleet than in the small one: 1 is linear, and caches get colder."""
    costs = []
    for instances in (small, large):
        facts = from_json(tuple[Facts, ...], _text(instances * _HOSTS // _INSTANCES, instances, seed))
        seconds, _ = _best(partial(_plan, facts, reference), 3)
        costs.append(seconds / instances)
    return costs[1] / costs[0]


def _memory(text: bytes, reference: Reference) -> float:
    gc.collect()
    tracemalloc.start()
    try:
        _plan(from_json(tuple[Facts, ...], text), reference)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _best(work: Callable[[], Result], rounds: int) -> tuple[float, Result]:
    """Processor time of this process: colleagues' work on the same PC does not count."""
    best, result = float("inf"), None
    for _ in range(rounds):
        result = None
        gc.collect()
        began = time.process_time()
        result = work()
        best = min(best, time.process_time() - began)
    if result is None:
        raise ValueError("nothing was measured")
    return best, result


if __name__ == "__main__":
    for measured in measure(Asking(quick="--quick" in sys.argv)):
        print(json.dumps(measured.document("plan")))
