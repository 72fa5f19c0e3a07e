"""The trend as a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.model.run_report import Tone
from core.model.trend import Month, Trend
from core.reports.rendering import render
from core.reports.words import zone_words

_WIDTH, _FLOOR, _TALLEST = 800, 196, 160
_NAMED_MONTHS = 12
_WIDEST = 70.0


@dataclass(frozen=True, slots=True)
class _Part:
    words: str
    tone: Tone
    number: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class _Bar:
    month: str
    total: int
    x: float
    width: float
    height: float
    named: bool
    parts: tuple[_Part, ...]


def write_trend_page(trend: Trend, path: Path) -> None:
    render(
        "trend.html.j2",
        path,
        trend=trend,
        bars=list(_bars(trend.months)),
        mine_words=zone_words(trend.zone, trend.made_at),
    )


def _bars(months: tuple[Month, ...]) -> Iterator[_Bar]:
    tallest = max((one.hosts for one in months), default=1) or 1
    room = _WIDTH / max(len(months), 1)
    # With many months every second or third one is named, so that names don't run into each other.
    each = -(-len(months) // _NAMED_MONTHS)
    for place, one in enumerate(months):
        width = round(min(_WIDEST, room * 0.7), 1)
        height = round(_TALLEST * one.hosts / tallest, 1)
        x = round(room * place + (room - width) / 2, 1)
        yield _Bar(one.month, one.hosts, x, width, height, place % each == 0, tuple(_parts(one, tallest)))


def _parts(month: Month, tallest: int) -> Iterator[_Part]:
    bottom = float(_FLOOR)
    told: tuple[tuple[str, Tone, int], ...] = (
        ("patched and verified", "good", month.patched),
        ("failed, held or unknown", "bad", month.failed + month.blocked + month.unknown),
        ("deferred or other", "open", month.deferred + month.other),
    )
    for words, tone, number in told:
        if number:
            height = round(_TALLEST * number / tallest, 1)
            bottom -= height
            yield _Part(words, tone, number, round(bottom, 1), height)
