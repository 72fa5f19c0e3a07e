"""File shares of the practice world: folders of this PC under names that imaginary hosts can read."""

from collections.abc import Callable, Mapping
from pathlib import Path, PureWindowsPath

ReadShare = Callable[[str], bytes | None]


def no_shares(_: str) -> bytes | None:
    return None


def reader_of(shares: Mapping[str, str]) -> ReadShare:
    """Reads a file by its path on a share; nothing where there is no such share or file."""
    folders = {PureWindowsPath(name): Path(folder) for name, folder in shares.items()}

    def read(source: str) -> bytes | None:
        path = PureWindowsPath(source)
        for share, folder in folders.items():
            if path.is_relative_to(share) and ".." not in path.parts:
                file = folder.joinpath(*path.relative_to(share).parts)
                return file.read_bytes() if file.is_file() else None
        return None

    return read
