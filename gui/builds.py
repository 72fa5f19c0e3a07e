"""Builds as people call them: the product's year and the update's name, with the number beside it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.model.build import Build
from core.model.compliance import PatchLevel
from gui.language import tr

Titles = Mapping[str, str]
NO_TITLES: Titles = MappingProxyType({})


def build_in_words(build: str, title: str | None) -> str:
    """2019 CU28 (15.0.4385.2)"""
    return build if title is None else f"{Build.parse(build).family or ''} {title} ({build})".strip()


def change_in_words(before: str, after: str, titles: Titles, *, numbered: bool = True) -> str:
    """2019 CU28 → CU30 (15.0.4430.1): where there is little room the number goes first."""
    if before == after:
        return build_in_words(before, titles.get(before))
    family = Build.parse(before).family or ""
    old, new = titles.get(before, before), titles.get(after, after)
    if old == new:
        # Two security updates of one service pack bear one name: here the numbers tell them apart.
        return f"{family} {old} {before} → {after}".strip()
    number = f" ({after})" if numbered and new != after else ""
    return f"{family} {old} → {new}{number}".strip()


def became_in_words(before: str, planned: str, seen: str | None, titles: Titles) -> str:
    """What it has now as far as that was seen, else what it was to get: said first, so that a narrow column which
    cuts the end off does not show a host that nothing was done to as one that was changed."""
    change = change_in_words(before, seen or planned, titles)
    return change if seen is not None or before == planned else tr("planned: {change}", change=change)


def present_in_words(level: PatchLevel) -> str:
    return build_in_words(level.current, level.title)


def wanted_in_words(level: PatchLevel) -> str:
    """CU30 (15.0.4430.1); nothing where it is there already. An update changes no year."""
    if level.target is None or level.target == level.current:
        return ""
    return level.target if level.target_title is None else f"{level.target_title} ({level.target})"
