"""How wide a table's columns are where there is not room for all: the less important give way first."""

from __future__ import annotations

from collections.abc import Sequence

# What is elided is said in full beside the pointer: so much of it is enough to know what it is about.
_SCRAP, _SHARE = 56, 0.6


def least_width(wanted: int, told: int | None, *, keeps: bool) -> int:
    """What names the row, or tells its state, keeps its width unless its column says otherwise."""
    if told is not None:
        return min(told, wanted)
    return wanted if keeps else min(wanted, max(_SCRAP, round(_SHARE * wanted)))


def fitted(columns: Sequence[tuple[int, int]], room: int) -> list[int]:
    """For each its width, from the wanted and the least one: what is missing is taken from what each can spare."""
    missing = sum(wanted for wanted, _ in columns) - room
    spare = sum(wanted - least for wanted, least in columns)
    if missing <= 0 or not spare:
        return [wanted for wanted, _ in columns]
    share = min(1.0, missing / spare)
    return [wanted - round(share * (wanted - least)) for wanted, least in columns]
