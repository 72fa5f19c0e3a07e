"""However configuration is mutilated, it is read or refused: never a traceback."""

import copy
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.model.fault import RefusedError
from core.settings.build_reference import REFERENCE
from core.settings.names import AUDIT_CONFIG
from core.settings.workspace import FILES, MAPPING, POLICY, TARGETS
from tests.settings import samples

_SMALL = (AUDIT_CONFIG, TARGETS, MAPPING, POLICY)
_SAMPLES: dict[str, Any] = {name: samples.document(name) for name in FILES}
_SAMPLES[REFERENCE]["builds"] = _SAMPLES[REFERENCE]["builds"][:5]
_RICH = {
    "maintenance_windows": [
        {"name": "a", "weekdays": ["sunday"], "start": "22:00", "duration_minutes": 60, "zone": "Europe/Berlin"}
    ],
    "application_checks": [{"name": "b", "kind": "tcp", "port": 80}, {"name": "c", "kind": "http", "url": "http://x"}],
}
_SAMPLES[POLICY] |= _RICH
_FEW = {REFERENCE: json.dumps(_SAMPLES[REFERENCE]).encode()}

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["", "..", "\\", "%"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def _paths(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(path for key, inner in items for path in _paths(inner, (*above, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    """A sample with some values replaced, removed or added."""
    name = draw(st.sampled_from(tuple(FILES)))
    document = copy.deepcopy(_SAMPLES[name])
    for _ in range(draw(st.integers(1, 4))):
        *above, last = draw(st.sampled_from(_paths(document)[1:] or [("x",)]))
        place = document
        for key in above:
            place = place[key]
        if draw(st.booleans()) and isinstance(place, dict):
            place.pop(last)
            place[draw(st.text(max_size=8))] = draw(_VALUES)
        else:
            place[last] = draw(_VALUES)
    return name, document


def _read_or_refused(name: str, content: bytes) -> None:
    try:
        samples.read({**_FEW, name: content})
    except RefusedError as refused:
        assert refused.faults
        for fault in refused.faults:
            assert fault.message
            assert str(fault).isprintable()


@given(mutated())
@example((POLICY, [{"kind": {"a": []}}]))
@example((MAPPING, {"schema_version": 1, "mappings": [{"min_build": "\x1f"}]}))
@example((TARGETS, {"targets": {"a": 1}}))
@example((TARGETS, {"targets": [[], None, 3]}))
def test_mutated_values_are_read_or_refused(change: tuple[str, Any]) -> None:
    name, document = change
    _read_or_refused(name, json.dumps(document).encode())


@given(st.sampled_from(_SMALL), st.data())
def test_cut_and_spoilt_files_are_read_or_refused(name: str, data: st.DataObject) -> None:
    content = bytearray(json.dumps(_SAMPLES[name]).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=5))
    _read_or_refused(name, bytes(content))


@given(st.sampled_from(_SMALL), st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(name: str, content: bytes) -> None:
    with pytest.raises(RefusedError):
        samples.read({**_FEW, name: content})
