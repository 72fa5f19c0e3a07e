"""Faults come all at once."""

from core.model.fault import Fault, RefusedError


def test_a_refusal_names_every_fault_with_its_path() -> None:
    refused = RefusedError((Fault("a.json: x", "missing", "is missing; add it"), Fault("b.json", "empty", "is empty")))
    assert str(refused) == "a.json: x: is missing; add it\nb.json: is empty"
    assert [fault.code for fault in refused.faults] == ["missing", "empty"]
