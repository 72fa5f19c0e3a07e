"""python -m tests.gui.pictures [DIR]: each page in its states, light and dark, small and large, and at 200 %."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

_SCREEN = Path(__file__).parents[1] / "data" / "screen.json"
_DEFAULT = Path("output") / "pictures"
_LOOKS = ("light", "dark")
_SIZES = ((1366, 768), (1920, 1080))
# What a screen has room for at 200 %.
_DOUBLE = {(960, 540): "200%", (683, 384): "1366x768-200%"}


def main(arguments: list[str]) -> int:
    if len(arguments) > 1 or (arguments[:1] and arguments[0].startswith("-")):
        print(f"pictures: name one folder, or none for {_DEFAULT}", file=sys.stderr)
        return 2
    folder = Path(arguments[0] if arguments else _DEFAULT).resolve()
    if "DRYDOCK_PICTURES_SCALE" not in os.environ:
        environment = os.environ | {"QT_QPA_PLATFORM": f"offscreen:configfile={_SCREEN}"}
        codes = [
            subprocess.run(
                [sys.executable, "-m", "tests.gui.pictures", str(folder)],
                env=environment | {"DRYDOCK_PICTURES_SCALE": scale, "QT_SCALE_FACTOR": scale},
                check=False,
            ).returncode
            for scale in ("1", "2")
        ]
        return max(codes)
    double = os.environ["DRYDOCK_PICTURES_SCALE"] == "2"
    with tempfile.TemporaryDirectory(prefix="drydock-pictures-") as temporary:
        _draw(folder, Path(temporary), double=double)
    return 0


def _draw(folder: Path, temporary: Path, *, double: bool) -> None:
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from core.app.practice import stop
    from core.app.practising import practise
    from gui.desk import Desk
    from gui.theme import wear
    from gui.window import Window
    from tests.gui.touring import tour

    application = QApplication([])
    wear(application, dark=False)
    folder.mkdir(parents=True, exist_ok=True)
    workspace = practise(temporary / "practice")
    try:
        settings = QSettings(str(temporary / "window.ini"), QSettings.Format.IniFormat)
        window = Window(Desk(workspace, practice=True, settings=settings))
        window.show()
        tour(window, _camera(application, window, folder, double=double))
        window.close()
    finally:
        stop(workspace)


def _camera(application: object, window: object, folder: Path, *, double: bool) -> Callable[[str], None]:
    from PySide6.QtWidgets import QApplication, QWidget

    from gui.theme import wear

    assert isinstance(application, QApplication)
    assert isinstance(window, QWidget)

    def take(name: str) -> None:
        for width, height in _DOUBLE if double else _SIZES:
            for look in _LOOKS:
                wear(application, dark=look == "dark")
                window.resize(width, height)
                for _ in range(3):
                    application.processEvents()
                size = _DOUBLE[width, height] if double else f"{width}x{height}"
                window.grab().save(str(folder / f"{name}-{look}-{size}.png"))
        wear(application, dark=False)

    return take


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
