"""Every word that the window shows passes through here, so that it can be said in another language."""

from PySide6.QtCore import QCoreApplication

_CONTEXT = "Drydock"


def tr(text: str, **values: object) -> str:
    """The text in the user's language, with {named} values put in afterwards."""
    said = QCoreApplication.translate(_CONTEXT, text)
    return said.format(**values) if values else said


def counted(count: int, one: str, many: str) -> str:
    """1 host, 3 hosts: both forms are whole phrases, the second with {n}."""
    return tr(one) if count == 1 else tr(many, n=f"{count:,}")
