"""The scope: which tenants, clients, sites and tags are meant, chosen from those there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from core.model.selection import Selection
from gui.language import tr
from gui.widgets.allowing import allow

if TYPE_CHECKING:
    from core.model.host import Host

_Names = tuple[str, ...]


class ScopeFilter(QPushButton):
    """Shows the scope in words; its menu changes it."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scope = Selection()
        self._hosts: tuple[Host, ...] = ()
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.show_scope(Selection(), ())

    def show_scope(self, scope: Selection, hosts: Iterable[Host]) -> None:
        self._scope = scope
        self.setText(scope_in_words(scope))
        self.setAccessibleName(tr("Scope: {scope}", scope=scope_in_words(scope)))
        self.setToolTip(tr("Which tenants, clients, sites and tags are shown and worked on"))
        self._hosts = tuple(hosts)

    def _fill(self) -> None:
        """Only when somebody opens it: of ten thousand hosts the names are many."""
        self._menu.clear()
        everything = self._menu.addAction(tr("Everything"))
        everything.triggered.connect(lambda: self.changed.emit(Selection()))
        self._menu.addSeparator()
        scope = self._scope
        kinds: tuple[tuple[str, str, _Names, Callable[[Host], _Names]], ...] = (
            ("tenants", tr("Tenant"), scope.tenants, lambda host: (host.place.tenant,)),
            ("clients", tr("Client"), scope.clients, lambda host: (host.place.client,)),
            ("sites", tr("Site"), scope.sites, lambda host: (host.place.site,)),
            ("tags", tr("Tag"), scope.tags, lambda host: host.tags),
        )
        for kind, title, chosen, names in kinds:
            known = sorted({name for host in self._hosts for name in names(host)}, key=str.casefold)
            menu = self._menu.addMenu(title)
            allow(menu, "" if known else tr("No target names one."))
            for name in known:
                action = QAction(name, menu, checkable=True, checked=name in chosen)
                action.triggered.connect(lambda on, kind=kind, name=name: self._choose(kind, name, on))
                menu.addAction(action)

    def _choose(self, kind: str, name: str, on: bool) -> None:
        before: _Names = getattr(self._scope, kind)
        after = (*before, name) if on else tuple(one for one in before if one != name)
        self.changed.emit(replace(self._scope, **{kind: after}))


def scope_in_words(scope: Selection) -> str:
    parts = [*scope.tenants, *scope.clients, *scope.sites, *scope.tags]
    return " · ".join(parts) if parts else tr("Everything")
