"""Nouns as documents: there and back without loss, and hashed in one form alone."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.model.document import canonical, digest, from_document, from_json, json_schema, to_document
from core.model.events import Body
from core.model.facts import Facts, SqlSilence
from core.model.failure import Failure
from core.model.plan import Plan
from core.model.verdict import HostVerdict
from tests.samples import BODIES, LOST, PLAN, VERDICTS, facts

# Of a union mypy makes no type that a function could take.
_BODY: Any = Body
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.kind)
def test_every_event_is_read_back_as_it_was_told(body: Body) -> None:
    document = to_document(body)
    assert from_document(_BODY, document) == body
    assert from_json(_BODY, canonical(document)) == body


def test_there_is_a_sample_of_every_event() -> None:
    told = {body.kind for body in BODIES}
    assert told == set(json_schema(Body)["discriminator"]["mapping"])


def test_facts_plan_and_verdicts_are_read_back_as_they_were() -> None:
    taken = facts()
    silent = Facts(**{name: getattr(taken, name) for name in Facts.__slots__} | {"sql": (SqlSilence("X", LOST),)})
    for one in (taken, silent):
        assert from_json(Facts, canonical(to_document(one))) == one
    assert from_json(Plan, canonical(to_document(PLAN))) == PLAN
    verdict = HostVerdict("SQL01", VERDICTS, ())
    assert from_document(HostVerdict, to_document(verdict)) == verdict


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValidationError):
        from_document(Failure, {"cause": "bad mood", "detail": "x"})
    with pytest.raises(ValidationError):
        from_document(_BODY, {"kind": "coffee_made"})


@pytest.mark.parametrize("document", [1.5, {"a": [1, {"b": 0.0}]}, [[2.0]], {"a": float("nan")}])
def test_floats_are_never_hashed(document: Any) -> None:
    with pytest.raises(TypeError, match="no floats"):
        canonical(document)


@given(_JSON)
def test_the_order_of_keys_never_changes_a_digest(document: Any) -> None:
    text = json.dumps(document)
    turned = json.loads(text, object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    assert digest(turned) == digest(document) == hashlib.sha256(canonical(document)).hexdigest()
    assert json.loads(canonical(document)) == document


def test_the_canonical_form_is_that_of_rfc_8785() -> None:
    assert canonical({"b": 1, "a": [1, 2]}) == b'{"a":[1,2],"b":1}'
    assert list(json.loads(canonical({"\u20ac": 1, "\r": 2, "1": 3, "\U0001f600": 4, "\ufb33": 5}))) == [
        "\r",
        "1",
        "\u20ac",
        "\U0001f600",
        "\ufb33",
    ]
    assert canonical('\u20ac$\u000f\nA\'B"\\\\"/') == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


def test_a_byte_more_is_another_digest() -> None:
    assert digest({"reason": "patch"}) != digest({"reason": "patch "})
