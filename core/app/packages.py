"""Finds the installers that the mapping names. Its paths are Windows paths wherever we run."""

import hashlib
import os
from pathlib import Path, PureWindowsPath

from core.model.fault import Fault
from core.model.mapping import HotfixFile


def package_path(root: Path, file: HotfixFile) -> Path:
    """Path is a folder, or the file itself; a relative one starts at the workspace."""
    return path_of(root, file.path, file.filename)


def path_of(root: Path, path: str, filename: str) -> Path:
    windows = PureWindowsPath(path)
    folder = Path(str(windows)) if windows.anchor else root.joinpath(*windows.parts)
    return folder if windows.name.casefold() == filename.casefold() else folder / filename


def hash_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def trouble_with(root: Path, path: str, filename: str, where: str) -> Fault | None:
    """Why the installer cannot be used from here, if it cannot."""
    foreign = _foreign(path, where)
    if foreign is not None:
        return foreign
    place = path_of(root, path, filename)
    try:
        return _absent(place, where) or _unreadable(place, where)
    except OSError as trouble:
        message = f"{place} cannot be asked for: {trouble.strerror}; check the share and your rights"
        return Fault(where, "unreachable_installer", message, found=str(trouble.strerror), expected=str(place))


def _foreign(path: str, where: str) -> Fault | None:
    """A share or a drive means nothing where there is no Windows."""
    windows = PureWindowsPath(path)
    if os.name == "nt" or not windows.anchor:
        return None
    kind = "a network share" if windows.drive.startswith("\\\\") else "a Windows path"
    message = (
        f"{path} is {kind}, which this machine cannot open as it does not run Windows; "
        'check on the Windows PC, or copy the installers into the workspace and write "hotfixes/..."'
    )
    return Fault(where, "not_on_this_machine", message, found=path, expected="a path below the workspace")


def _absent(place: Path, where: str) -> Fault | None:
    if place.is_file():
        return None
    if place.is_dir():
        message = f"{place} is a folder, not an installer"
        return Fault(where, "not_a_file", message, found="a folder", expected=str(place))
    if not place.parent.is_dir():
        message = f"looked for {place}: there is no such folder; make it and copy the installer there, or correct path"
        return Fault(where, "missing_installer", message, expected=str(place))
    near = [one.name for one in place.parent.iterdir() if one.name.casefold() == place.name.casefold()]
    if near:
        message = f"looked for {place}: there is {near[0]}, which differs in upper and lower case; rename it"
        return Fault(where, "missing_installer", message, found=near[0], expected=place.name)
    message = f"looked for {place}: the folder is there, the installer is not; copy it there, or correct path"
    return Fault(where, "missing_installer", message, expected=str(place))


def _unreadable(place: Path, where: str) -> Fault | None:
    try:
        with place.open("rb") as content:
            is_empty = not content.read(1)
    except OSError as trouble:
        message = f"{place} cannot be read: {trouble.strerror}; check your rights"
        return Fault(where, "unreadable_installer", message, found=str(trouble.strerror), expected=str(place))
    if is_empty:
        message = f"{place} is empty; download it again"
        return Fault(where, "empty_installer", message, found="0 bytes", expected=str(place))
    return None
