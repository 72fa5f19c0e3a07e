"""Python's garbage is collected in the window's thread alone: a widget that another thread destroyed would crash Qt."""

from __future__ import annotations

import gc
from time import monotonic

from PySide6.QtCore import QObject, QTimer

_TURN_MS = 500
_OLDEST = 2
_WHOLE_SECONDS = 600.0


class Sweeper(QObject):
    """Takes over from the automatic collection, which runs in whatever thread happens to allocate."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._whole_at = monotonic()
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
        if due[-1] == _OLDEST:
            self._sweep_oldest()
        else:
            gc.collect(due[-1])
        return due[-1]

    def _sweep_oldest(self) -> None:
        """What has outlived a sweep is not gone through again for a while: a run's story is a million objects, and to
        look at each of them would hold up a key."""
        if monotonic() - self._whole_at > _WHOLE_SECONDS:
            self._whole_at = monotonic()
            gc.unfreeze()
        gc.collect(_OLDEST)
        gc.freeze()
