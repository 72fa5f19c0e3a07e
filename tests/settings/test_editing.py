"""One value of a file is changed, and every other character stays as somebody wrote it."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings.editing import put, remove, span, value_at

_TEXT = """{
  "$schema": "schemas/audit_config.schema.json",
  "schema_version": 1, "_comment": "ask \\u00c4nne, not Bob",
  "concurrency": { "max_concurrent_servers": 3 },
  "list": [
    { "name": "a",   "days": ["monday"] },
    { "name": "b" }
  ],
  "empty": {}
}
"""


def test_only_the_value_changes() -> None:
    changed = put(_TEXT, ("concurrency", "max_concurrent_servers"), 12)
    assert changed == _TEXT.replace('servers": 3 }', 'servers": 12 }')


def test_a_new_key_stands_behind_the_others_as_they_stand() -> None:
    one_line = put(_TEXT, ("concurrency", "stagger_seconds"), 5)
    assert '{ "max_concurrent_servers": 3, "stagger_seconds": 5 }' in one_line
    lines = put(_TEXT, ("organization",), "Hafen")
    assert lines.endswith('  "empty": {},\n  "organization": "Hafen"\n}\n')


def test_what_is_missing_on_the_way_is_made() -> None:
    assert json.loads(put(_TEXT, ("retries", "factor"), 2))["retries"] == {"factor": 2}
    assert '"empty": {\n    "a": 1\n  }' in put(_TEXT, ("empty", "a"), 1)


def test_an_entry_is_added_to_a_list_and_taken_out_again() -> None:
    added = put(_TEXT, ("list", 2), {"name": "c"})
    assert '    { "name": "b" },\n    {"name": "c"}\n  ]' in added
    assert remove(added, ("list", 2)) == _TEXT
    assert remove(_TEXT, ("list", 0)) == _TEXT.replace('{ "name": "a",   "days": ["monday"] },\n    ', "")


def test_what_is_not_there_is_not_taken_out() -> None:
    assert remove(_TEXT, ("list", 7)) == _TEXT
    assert remove(_TEXT, ("nothing", "at", "all")) == _TEXT


def test_a_value_that_has_no_entries_gives_way() -> None:
    assert json.loads(put('{"a": null}', ("a", "b"), 1)) == {"a": {"b": 1}}


def test_a_value_is_cut_out_as_it_is_written() -> None:
    found = span(_TEXT, ("list", 0))
    assert found is not None
    assert _TEXT[slice(*found)] == '{ "name": "a",   "days": ["monday"] }'
    assert span(_TEXT, ("list", 5)) is None
    assert span(_TEXT, ("list", "name")) is None


_KEYS = st.sampled_from(["a", "b", "ä", 'qu"ote', "back\\slash"])
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)


def _expected(document: Any, path: tuple[str, ...], value: Any) -> Any:
    document = copy.deepcopy(document)
    at = document
    for key in path[:-1]:
        if not isinstance(at.get(key), dict):
            at[key] = {}
        at = at[key]
    at[path[-1]] = value
    return document


@given(
    st.dictionaries(_KEYS, _VALUES, max_size=4),
    st.lists(_KEYS, min_size=1, max_size=3).map(tuple),
    _VALUES,
    st.sampled_from([None, 0, 2, 3]),
    st.booleans(),
)
def test_whatever_is_put_is_there_and_nothing_else_is_different(
    document: dict[str, Any], path: tuple[str, ...], value: Any, indent: int | None, plain: bool
) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=plain)
    changed = put(text, path, value)
    assert json.loads(changed) == _expected(document, path, value)
    assert value_at(json.loads(changed), path) == value
    taken_out = json.loads(remove(changed, path))
    assert value_at(taken_out, path) is None


@pytest.mark.parametrize("text", ['{"a": [1, 2, 3]}', '{\n\t"a": [\n\t\t1,\n\t\t2,\n\t\t3\n\t]\n}'])
def test_any_entry_of_a_list_is_taken_out(text: str) -> None:
    for place in range(3):
        left = [one for one in (1, 2, 3) if one != place + 1]
        assert json.loads(remove(text, ("a", place))) == {"a": left}
