"""Sizes are told as Windows tells them."""

import pytest

from core.model.size import size_in_words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(0, "0.0 MB"), (600149, "0.6 MB"), (2**30 - 2**20, "1023.0 MB"), (2**30, "1.00 GB"), (5368709120, "5.00 GB")],
)
def test_a_size_is_told_in_mb_and_from_one_gb_on_in_gb(size_bytes: int, words: str) -> None:
    assert size_in_words(size_bytes) == words
