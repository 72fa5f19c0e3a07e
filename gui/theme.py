"""The look: named colours, light and dark, made into a palette and a small style sheet on Qt's Fusion style."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from string import Template

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

_TEXT_PIXELS = 13
_DARK_BELOW = 0.5
_FAMILIES = ("Segoe UI", "Inter", "Noto Sans")


class Tone(StrEnum):
    """What a colour stands for. It never stands alone: a word is always beside it."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    BUSY = "busy"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Tokens:
    """All colours there are. A "back" is what its colour is read on."""

    back: str
    surface: str
    stripe: str
    line: str
    edge: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_hover: str
    chosen: str
    good: str
    good_back: str
    warn: str
    warn_back: str
    bad: str
    bad_back: str
    busy: str
    busy_back: str
    quiet: str
    quiet_back: str

    def tone(self, tone: Tone) -> QColor:
        return QColor(str(getattr(self, tone.value)))

    def tone_back(self, tone: Tone) -> QColor:
        return QColor(str(getattr(self, f"{tone.value}_back")))


LIGHT = Tokens(
    back="#f3f5f8",
    surface="#ffffff",
    stripe="#f8f9fb",
    line="#dde2e9",
    edge="#7f8b9a",
    text="#1a212b",
    muted="#515c6b",
    accent="#1d5ccf",
    on_accent="#ffffff",
    accent_hover="#174ca8",
    chosen="#d9e6fd",
    good="#136c2e",
    good_back="#dff3e5",
    warn="#7d5000",
    warn_back="#fcefcf",
    bad="#b3202a",
    bad_back="#fde6e6",
    busy="#1a53bb",
    busy_back="#e0eafc",
    quiet="#515c6b",
    quiet_back="#e8ecf1",
)
DARK = Tokens(
    back="#0f141b",
    surface="#171e27",
    stripe="#1a222c",
    line="#2a3441",
    edge="#6c7a8c",
    text="#e6ebf2",
    muted="#9dabbc",
    accent="#6aa6ff",
    on_accent="#0a1322",
    accent_hover="#8fbcff",
    chosen="#20395f",
    good="#63cf84",
    good_back="#15321f",
    warn="#e6b84a",
    warn_back="#372b10",
    bad="#ff8a8a",
    bad_back="#411c1f",
    busy="#84b6ff",
    busy_back="#182c4a",
    quiet="#a3b0c0",
    quiet_back="#242e3a",
)

_current = LIGHT


def tokens() -> Tokens:
    """The colours that are worn now, for what paints by hand."""
    return _current


def is_dark() -> bool:
    return _current is DARK


def follows_dark(application: QApplication) -> bool:
    """Whether the system asks for dark, as far as it tells: by the palette that it gives before we wear our own."""
    return application.palette().color(QPalette.ColorRole.Window).lightnessF() < _DARK_BELOW


def wear(application: QApplication, dark: bool) -> None:
    """Dresses the whole application."""
    global _current  # noqa: PLW0603 - one application wears one look
    _current = DARK if dark else LIGHT
    application.setStyle("Fusion")
    application.setFont(_font())
    application.setPalette(_palette(_current))
    here = Path(__file__).parent
    sheet = Template((here / "style.qss").read_text(encoding="utf-8"))
    pictures = (here / "pictures").as_posix()
    application.setStyleSheet(sheet.substitute(asdict(_current), pictures=pictures, look="dark" if dark else "light"))


def _font() -> QFont:
    """Figures of one width, so that builds and times stand in line."""
    font = QFont()
    font.setFamilies(list(_FAMILIES))
    font.setPixelSize(_TEXT_PIXELS)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _palette(worn: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: worn.back,
        role.WindowText: worn.text,
        role.Base: worn.surface,
        role.AlternateBase: worn.stripe,
        role.Text: worn.text,
        role.PlaceholderText: worn.muted,
        role.Button: worn.surface,
        role.ButtonText: worn.text,
        role.ToolTipBase: worn.surface,
        role.ToolTipText: worn.text,
        role.Highlight: worn.chosen,
        role.HighlightedText: worn.text,
        role.Link: worn.accent,
        role.LinkVisited: worn.accent,
        role.Light: worn.surface,
        role.Midlight: worn.line,
        role.Mid: worn.line,
        role.Dark: worn.edge,
        role.Shadow: worn.edge,
        role.BrightText: worn.bad,
        role.Accent: worn.accent,
    }
    palette = QPalette()
    for place, colour in colours.items():
        palette.setColor(place, QColor(colour))
    for place in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, place, QColor(worn.edge))
    return palette
