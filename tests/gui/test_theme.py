"""Every text can be read on what it stands on: 4.5 to 1, as WCAG's AA asks; edges and focus 3 to 1."""

from itertools import product

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from gui.theme import DARK, LIGHT, Tokens, Tone, is_dark, tokens, wear
from gui.widgets.text import button

_TEXTS = [
    *product(("text", "muted", "accent"), ("back", "surface", "stripe", "chosen", "quiet_back")),
    *((tone.value, place) for tone in Tone for place in ("back", "surface", "stripe", "chosen", f"{tone.value}_back")),
    *product(("text", "muted", "accent"), (f"{tone.value}_back" for tone in Tone if tone is not Tone.QUIET)),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
]
_EDGES = [*product(("edge", "accent"), ("back", "surface"))]


def _luminance(colour: str) -> float:
    parts = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(first: str, second: str) -> float:
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "place"), _TEXTS)
def test_text_can_be_read(look: Tokens, text: str, place: str) -> None:
    assert _contrast(getattr(look, text), getattr(look, place)) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "place"), _EDGES)
def test_edges_and_focus_can_be_seen(look: Tokens, edge: str, place: str) -> None:
    assert _contrast(getattr(look, edge), getattr(look, place)) >= 3


def test_a_look_is_worn_by_the_whole_application(qapp: QApplication) -> None:
    wear(qapp, dark=True)
    assert is_dark()
    assert qapp.palette().window().color() == QColor(DARK.back)
    assert DARK.accent in qapp.styleSheet()
    wear(qapp, dark=False)
    assert tokens() is LIGHT
    assert qapp.palette().window().color() == QColor(LIGHT.back)


@pytest.mark.parametrize("tone", [None, *Tone])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_link_can_be_read_wherever_it_stands_also_in_the_tone_of_a_finding(
    qapp: QApplication, dark: bool, tone: Tone | None
) -> None:
    """As the style sheet has it, which a look's own colours do not tell."""
    wear(qapp, dark=dark)
    link = button("3 · no backup", lambda: None, "link")
    if tone is not None:
        link.setProperty("tone", tone.value)
    link.ensurePolished()
    worn = link.palette().color(QPalette.ColorRole.ButtonText).name()
    for place in ("back", "surface", "stripe"):
        assert _contrast(worn, getattr(tokens(), place)) >= 4.5
    loud = {Tone.WARN: tokens().warn, Tone.BAD: tokens().bad}
    assert worn == (tokens().accent if tone is None else loud.get(tone, tokens().accent))
    wear(qapp, dark=False)
