"""Every word that the window shows passes through here, so that it can be said in another language."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

_CONTEXT = "Drydock"


def tr(text: str, **values: object) -> str:
    """The text in the user's language, with {named} values put in afterwards."""
    said = QCoreApplication.translate(_CONTEXT, text)
    return said.format(**values) if values else said


def counted(count: int, one: str, many: str) -> str:
    """1 host, 3 hosts: both forms are whole phrases, the second with {n}."""
    return tr(one) if count == 1 else tr(many, n=f"{count:,}")


def in_sentences(parts: Iterable[str]) -> str:
    """What there is of them, one behind the other. The first stands as it is: it may be a name."""
    first, *others = [part.rstrip(".") for part in parts if part] or [""]
    return ". ".join((first, *(other[:1].upper() + other[1:] for other in others)))
