"""Where the workspace is. Light, so that a face is there before the configuration is read."""

import os
from dataclasses import dataclass
from pathlib import Path

from core.model.fault import Fault, RefusedError
from core.settings.names import AUDIT_CONFIG

_VARIABLE = "DRYDOCK_WORKSPACE"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with config/, hotfixes/ and output/."""

    path: Path

    @property
    def config(self) -> Path:
        return self.path / "config"

    @property
    def output(self) -> Path:
        return self.path / "output"

    @property
    def database(self) -> Path:
        return self.output / "history.db"

    @property
    def logs(self) -> Path:
        return self.output / "logs"

    @property
    def packages(self) -> Path:
        return self.path / "hotfixes"

    @property
    def locks(self) -> Path:
        return self.output / "State"

    def run_folder(self, run_id: str) -> Path:
        return self.output / "Runs" / run_id


def is_workspace(path: Path) -> bool:
    return (path.expanduser() / AUDIT_CONFIG).exists()


def find_workspace(named: Path | None) -> Workspace:
    """The one that was named, else the environment's, else this folder, else the user's own."""
    if named is None and os.environ.get(_VARIABLE):
        named = Path(os.environ[_VARIABLE])
    if named is None:
        here = Path.cwd()
        named = here if is_workspace(here) else _of_the_user()
    path = named.expanduser().resolve()
    if not is_workspace(path):
        message = "there is no workspace here; make one, or name another folder"
        raise RefusedError((Fault(str(path), "no_workspace", message, expected=AUDIT_CONFIG),))
    return Workspace(path)


def _of_the_user() -> Path:
    from platformdirs import user_data_path

    return user_data_path("drydock", appauthor=False)


def is_practice(workspace: Workspace) -> bool:
    """Whether the workspace says of itself that its servers are imaginary."""
    import json

    try:
        document = json.loads((workspace.path / AUDIT_CONFIG).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and document.get("practice") is True
