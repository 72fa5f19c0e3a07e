"""Python's garbage is collected in the window's thread alone: a widget that another thread destroyed would crash Qt."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

_TURN_MS = 500


class Sweeper(QObject):
    """Takes over from the automatic collection, which runs in whatever thread happens to allocate."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def sweep(self) -> int | None:
        """The oldest generation whose time has come, as the automatic collection would choose it."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(3) if counts[generation] > limits[generation]]
        if not due:
            return None
        gc.collect(due[-1])
        return due[-1]
