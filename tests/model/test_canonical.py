"""The fast way to canonical JSON gives the very bytes of RFC 8785."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from core.model.document import canonical

_SAFE = 2**53 - 1
_TEXT = st.text(st.characters(codec="utf-8"))
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-_SAFE, _SAFE) | _TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner),
    max_leaves=20,
)


@given(documents)
def test_every_document_has_the_bytes_of_the_reference_implementation(document: Any) -> None:
    assert canonical(document) == rfc8785.dumps(document)


def test_control_characters_and_quotes_are_written_as_the_standard_says() -> None:
    every = {"text": "".join(map(chr, range(0x80))) + '"\\/\u2028\u00e4\U0001f600'}
    assert canonical(every) == rfc8785.dumps(every)


def test_keys_outside_ascii_are_sorted_by_utf_16() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize("document", [1.5, {"a": [1.0]}, [float("nan")]])
def test_floats_are_refused_however_deep(document: Any) -> None:
    with pytest.raises(TypeError, match="no floats"):
        canonical(document)


def test_numbers_that_other_readers_would_round_are_refused() -> None:
    with pytest.raises(rfc8785.IntegerDomainError):
        canonical({"n": _SAFE + 1})
