"""Where a database may lie: on a local disk, because its write-ahead log does not work over a network."""

import os
import re
import sys
from pathlib import Path

_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs"})
_DRIVE_REMOTE = 4
# The kernel writes a blank in a mount point as \040.
_ESCAPED = re.compile(r"\\([0-7]{3})")
_MOUNTS = Path("/proc/self/mounts")


def is_on_network(path: Path) -> bool:
    resolved = path.resolve()
    if sys.platform == "win32":
        import ctypes

        return (
            str(resolved).startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(resolved.anchor) == _DRIVE_REMOTE
        )
    return _mounted_as(resolved) in _NETWORK


def _mounted_as(path: Path) -> str:
    """The file system of the longest mount point above the path."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for mount in mounts:
        _, escaped, found, *_ = mount.split(" ")
        point = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), escaped)
        inside = os.path.commonpath([point, path]) == point
        if inside and len(point) >= len(best):
            best, kind = point, found
    return kind
