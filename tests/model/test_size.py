"""Sizes are told as Windows tells them."""

import pytest

from core.model.size import part_in_words, size_in_words


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(0, "0.0 MB"), (600149, "0.6 MB"), (2**30 - 2**20, "1023.0 MB"), (2**30, "1.00 GB"), (5368709120, "5.00 GB")],
)
def test_a_size_is_told_in_mb_and_from_one_gb_on_in_gb(size_bytes: int, words: str) -> None:
    assert size_in_words(size_bytes) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (412 * 2**20, 912 * 2**20, "412 of 912 MB"),
        (2**20, 4 * 2**20, "1.0 of 4.0 MB"),
        (2**29, 3 * 2**30, "0.50 of 3.00 GB"),
    ],
)
def test_a_part_is_told_in_the_unit_of_its_whole(part: int, whole: int, words: str) -> None:
    assert part_in_words(part, whole) == words
