"""Finds the one plan or run that a user means: by id, by a unique beginning, or as the last."""

from typing import TypeVar

from core.model.fault import Fault, RefusedError
from core.model.plan import Plan
from core.store.database import Database
from core.store.plans import find_plans
from core.store.runs import RunRow, find_runs, open_runs

Thing = TypeVar("Thing")


def the_plan(database: Database, reference: str) -> Plan:
    _refuse_nothing("plan", reference)
    return _the_one(find_plans(database, reference), "plan", reference, "make one first")


def the_run(database: Database, reference: str) -> RunRow:
    _refuse_nothing("run", reference)
    return _the_one(find_runs(database, reference), "run", reference, "a deployment begins one")


def the_run_to_resume(database: Database, reference: str) -> RunRow:
    """The last one is the last that has not ended, whatever came after it."""
    unended = open_runs(database)
    return unended[0] if reference == "last" and unended else the_run(database, reference)


def _refuse_nothing(kind: str, reference: str) -> None:
    """A script's empty variable begins every id, and would mean the only one there is."""
    if not reference.strip():
        raise RefusedError((Fault(kind, "empty", 'name it: by its id, the beginning of one, or as "last"'),))


def _the_one(found: tuple[Thing, ...], kind: str, reference: str, hint: str) -> Thing:
    if len(found) == 1:
        return found[0]
    message = f"{len(found)} {kind}s begin so; write more of the id" if found else f"there is no such {kind}; {hint}"
    raise RefusedError((Fault(f"{kind} {reference}", "ambiguous" if found else "not_found", message, found=reference),))
