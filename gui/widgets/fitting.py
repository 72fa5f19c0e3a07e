"""What fits: columns give way by their weight, what is left goes to sentences, no dialog is larger than a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from PySide6.QtWidgets import QWidget

# What is elided is said in full beside the pointer: so much of it is enough to know what it is about.
_SCRAP, _SHARE = 56, 0.6
# For the frame that the system draws around a window.
_FRAME = 40
# From here on a column holds sentences: no width is too much for it.
_SENTENCE = 280


def least_width(wanted: int, told: int | None, *, keeps: bool) -> int:
    """What names the row, or tells its state, keeps its width unless its column says otherwise."""
    if told is not None:
        return min(told, wanted)
    return wanted if keeps else min(wanted, max(_SCRAP, round(_SHARE * wanted)))


def fitted(columns: Sequence[tuple[int, int]], room: int, whole: Callable[[], Sequence[int]] = tuple) -> list[int]:
    """For each its width, from the wanted and the least one: what is missing is taken from what each can spare. Whole
    tells, for each, what none of its words would be cut in: it is asked only where there is room for that."""
    missing = sum(wanted for wanted, _ in columns) - room
    if missing <= 0:
        return _widened([wanted for wanted, _ in columns], -missing, whole)
    spare = sum(wanted - least for wanted, least in columns)
    share = min(1.0, missing / spare) if spare else 0.0
    # Rounded to the other side, some pixels too much would call for a scroll bar.
    return [wanted - ceil(share * (wanted - least)) for wanted, least in columns]


def _widened(widths: list[int], left: int, whole: Callable[[], Sequence[int]]) -> list[int]:
    """Without sentences the last column takes what is left, as it always does, once no other needs it."""
    sentences = sum(one for one in widths if one >= _SENTENCE)
    if not sentences:
        return _completed(widths, left, whole())
    return [one + (left * one // sentences if one >= _SENTENCE else 0) for one in widths]


def _completed(widths: list[int], left: int, whole: Sequence[int]) -> list[int]:
    """Each gets as much as every other until its words are whole."""
    made = list(widths)
    needs = enumerate(zip(widths, whole, strict=False))
    lacking = sorted((need - width, number) for number, (width, need) in needs if need > width)
    for done, (lack, number) in enumerate(lacking):
        given = min(lack, left // (len(lacking) - done))
        made[number] += given
        left -= given
    return made


def resize_within_screen(window: QWidget, width: int, height: int) -> None:
    """Its buttons are at its lower end: at 200 % they would lie below the screen."""
    room = window.screen().availableGeometry()
    window.resize(min(width, room.width()), min(height, room.height() - _FRAME))
