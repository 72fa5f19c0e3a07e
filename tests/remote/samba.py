"""A real file server of our own: smbd on loopback, with nothing of the system's configuration."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.daemons import found, free_port, program, until_it_listens

ADDRESS = "127.77.1.1"
ACCOUNT = "root"
PASSWORD = "un geheimes-Wort 7"
_FOLDERS = {
    "private dir": "private",
    "state directory": "state",
    "cache directory": "cache",
    "lock directory": "lock",
    "pid directory": "pid",
    "ncalrpc dir": "ncalrpc",
}
_GLOBAL = {
    "server role": "standalone server",
    "interfaces": f"{ADDRESS}/8",
    "bind interfaces only": "yes",
    "disable netbios": "yes",
    "disable spoolss": "yes",
    "load printers": "no",
    "log level": "0",
    "server signing": "mandatory",
    "map to guest": "never",
    "guest account": "nobody",
}


@dataclass(frozen=True)
class Samba:
    """A server that is ready. The drive is what its hosts call C."""

    port: int
    drive: Path

    def file(self, *parts: str) -> Path:
        return self.drive.joinpath(*parts)


@contextmanager
def samba(folder: Path, drive: Path | None = None, **options: str) -> Iterator[Samba]:
    """Options are those of smb.conf, with underlines for spaces."""
    drive = drive or folder / "drive"
    (drive / "ProgramData").mkdir(parents=True, exist_ok=True)
    port = free_port(ADDRESS)
    # The server keeps sockets in its folder, whose paths have to be short.
    home = tempfile.TemporaryDirectory(prefix="smb-", ignore_cleanup_errors=True)
    with home, _serving(Path(home.name), drive, port, options):
        yield Samba(port, drive)


@contextmanager
def _serving(home: Path, drive: Path, port: int, options: dict[str, str]) -> Iterator[None]:
    configuration = _configure(home, drive, port, options)
    answer = f"{PASSWORD}\n{PASSWORD}\n"
    add = [program("smbpasswd"), "-c", str(configuration), "-s", "-a", ACCOUNT]
    subprocess.run(add, input=answer, text=True, check=True, capture_output=True)
    serve = [program("smbd"), "--foreground", "--no-process-group", "-s", str(configuration)]
    # When it ends, smbd ends its whole process group: it must not be ours.
    with (home / "smbd.out").open("wb") as out:
        server = subprocess.Popen(serve, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        try:
            until_it_listens(server, ADDRESS, port)
            yield
        finally:
            server.terminate()
            server.wait(60)


def is_here() -> bool:
    return all(found(name) for name in ("smbd", "smbpasswd"))


def _configure(folder: Path, drive: Path, port: int, options: dict[str, str]) -> Path:
    own = {option: str(folder / name) for option, name in _FOLDERS.items()}
    for place in own.values():
        Path(place).mkdir(parents=True, exist_ok=True)
    settings = {
        **_GLOBAL,
        **own,
        "smb ports": str(port),
        "log file": str(folder / "smbd.log"),
        "passdb backend": f"tdbsam:{folder / 'private' / 'accounts.tdb'}",
        **{name.replace("_", " "): value for name, value in options.items()},
    }
    share = {"path": str(drive), "read only": "no", "guest ok": "yes"}
    lines = ["[global]", *(f"{key} = {value}" for key, value in settings.items())]
    lines += ["[C$]", *(f"{key} = {value}" for key, value in share.items()), ""]
    file = folder / "smb.conf"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file
