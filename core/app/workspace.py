"""The workspace: finding it, making it, reading its configuration."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from core.app.config_file import read_bytes
from core.app.place import Workspace, find_workspace
from core.inventory.autodbaudit import read_database
from core.inventory.hosts import hosts_of
from core.inventory.live import added_by
from core.model.fault import Fault, RefusedError
from core.model.host import Host
from core.settings.audit_config import AuditConfig, RemotingSection
from core.settings.names import AUDIT_CONFIG
from core.settings.reading import read_file
from core.settings.targets import Target, TargetRemoting
from core.settings.workspace import FILES, Settings, read_settings

__all__ = ["Workspace", "find_workspace", "hosts", "make_workspace", "settings_of", "write_schemas"]

Remote = TypeVar("Remote", RemotingSection, TargetRemoting)


def make_workspace(path: Path) -> Workspace:
    """Copies the sample configuration. A file that is there already stays as it is."""
    path = path.expanduser().resolve()
    for name in FILES:
        target = path / name
        if not target.exists():
            _copy(_shipped().joinpath(*Path(name).parts[1:]), target)
    for folder in ("hotfixes", "output"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    made = Workspace(path)
    write_schemas(made)
    return made


def write_schemas(workspace: Workspace) -> tuple[Path, ...]:
    """The JSON Schemas of this version, for editors: written anew, because they are ours and not the operator's."""
    written = []
    for schema in sorted(_shipped().joinpath("schemas").iterdir(), key=lambda one: one.name):
        target = workspace.config / "schemas" / schema.name
        _copy(schema, target)
        written.append(target)
    return tuple(written)


def _shipped() -> Traversable:
    return files("config")


def _copy(source: Traversable, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def settings_of(workspace: Workspace, instead: Mapping[str, bytes] = MappingProxyType({})) -> Settings:
    """Raises RefusedError with every fault of every file. Some may be read as they would be instead."""
    contents = {name: _content(workspace, name) for name in FILES if _is_there(workspace.path / name)}
    read = read_settings(
        {**contents, **instead}, lambda file: (workspace.path / file).is_file(), lambda *asked: _live(workspace, *asked)
    )
    return _with_whole_paths(workspace, read)


def days_of_logs(workspace: Workspace) -> int:
    """Also where other files have faults: the log that tells of them is kept as long."""
    content = _content(workspace, AUDIT_CONFIG)
    read = read_file(AuditConfig, AUDIT_CONFIG, content) if isinstance(content, bytes) else None
    return (read if isinstance(read, AuditConfig) else AuditConfig(schema_version=1)).output.keep_logs_days


def hosts(settings: Settings) -> tuple[Host, ...]:
    return hosts_of(settings.targets, settings.audit.remoting)


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _content(workspace: Workspace, name: str) -> bytes | Fault:
    return read_bytes(name, workspace.path / name)


def _live(
    workspace: Workspace, audit: AuditConfig, file: tuple[Target, ...]
) -> tuple[tuple[Target, ...], tuple[Fault, ...]]:
    if audit.inventory.source == "targets" or audit.inventory.database is None:
        return (), ()
    try:
        return added_by(read_database(workspace.path / audit.inventory.database), file), ()
    except RefusedError as refused:
        return (), tuple(
            replace(fault, path=f"{AUDIT_CONFIG}: inventory.database: {fault.path}") for fault in refused.faults
        )


def _with_whole_paths(workspace: Workspace, settings: Settings) -> Settings:
    """Paths in the files begin at the workspace, wherever the process was started."""

    def whole(section: Remote) -> Remote:
        if section.ca_file is None:
            return section
        return section.model_copy(update={"ca_file": str(workspace.path / section.ca_file)})

    targets = tuple(
        one.model_copy(update={"remoting": whole(one.remoting)}) if one.remoting.ca_file else one
        for one in settings.targets.targets
    )
    return replace(
        settings,
        audit=settings.audit.model_copy(update={"remoting": whole(settings.audit.remoting)}),
        targets=settings.targets.model_copy(update={"targets": targets}),
    )
