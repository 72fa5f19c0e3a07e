"""Pushes a file to a host's administrative share over SMB 2 and 3: signed or encrypted, or not at all."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import Any, BinaryIO

from smbprotocol.connection import Connection
from smbprotocol.exceptions import SMBException
from smbprotocol.header import Commands, NtStatus, Smb2Flags
from smbprotocol.open import (
    CreateDisposition,
    CreateOptions,
    FileAttributes,
    FilePipePrinterAccessMask,
    ImpersonationLevel,
    Open,
    ShareAccess,
)
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect

from core.model.failure import Failure
from core.model.host import Host, RemotingAuth
from core.model.secret import Credential
from core.ports import Secrets, Stop
from core.remote.leaving import StoppedError
from core.remote.smb_trouble import UnprotectedError, UnreadableError, failure_of

# It writes whole messages at DEBUG, and tracebacks of what is translated here at ERROR.
logging.getLogger("smbprotocol").setLevel(logging.CRITICAL)

_CONNECT_SECONDS = 10
_CLOSE_SECONDS = 5
_LOOK_SECONDS = 0.25
_WRITE_BYTES = 1024 * 1024

# Basic is for HTTP alone; such an account is the host's own, which NTLM carries. CredSSP is, too: Windows negotiates
# within it, and so does SMB.
_PROTOCOLS: dict[RemotingAuth, str] = {
    "kerberos": "kerberos",
    "ntlm": "ntlm",
    "basic": "ntlm",
    "negotiate": "negotiate",
    "credssp": "negotiate",
}


class SmbPush:
    """The Push port."""

    def __init__(self, secrets: Secrets, stop: Stop, port: int, stall_seconds: float) -> None:
        self._secrets = secrets
        self._stop = stop
        self._port = port
        self._stall_seconds = stall_seconds

    def __call__(self, host: Host, source: Path, target: str, told: Callable[[int], None]) -> Failure | None:
        credential = None
        if host.remoting.credential_ref is not None:
            found = self._secrets.get(host.remoting.credential_ref)
            if isinstance(found, Failure):
                return found
            credential = found
        connection = _ProtectedConnection(host.address, self._port, self._stop, self._stall_seconds)
        try:
            with _opened(source) as file:
                self._push(connection, host, credential, file, target, told)
            connection.leave()
        except Exception as trouble:
            return failure_of(trouble, host.address, self._port)
        finally:
            connection.drop()
        return None

    def _push(
        self,
        connection: _ProtectedConnection,
        host: Host,
        credential: Credential | None,
        file: BinaryIO,
        target: str,
        told: Callable[[int], None],
    ) -> None:
        connection.connect(timeout=_CONNECT_SECONDS)
        session = Session(
            connection, require_encryption=bool(connection.supports_encryption), **logon_options(host, credential)
        )
        session.connect()
        share, path = share_and_path(target)
        tree = TreeConnect(session, f"\\\\{host.address}\\{share}")
        tree.connect()
        there = _open(tree, path)
        _write_rest(file, there, min(_WRITE_BYTES, connection.max_write_size), told, self._stop)
        there.close()


class _ProtectedConnection(Connection):  # type: ignore[misc]  # the library has no types
    """A connection that takes no answer which is neither signed nor encrypted, and waits for none for ever."""

    def __init__(self, address: str, port: int, stop: Stop, stall_seconds: float) -> None:
        super().__init__(uuid.uuid4(), address, port, require_signing=True)
        self._stop = stop
        self._stall_seconds = stall_seconds

    def connect(self, *positional: Any, **named: Any) -> None:
        super().connect(*positional, **named)
        # A host that stops reading would block the next write for good.
        self.transport._sock.settimeout(self._stall_seconds)  # noqa: SLF001 - the library offers no limit for sending

    def receive(self, request: Any, wait: bool = True, timeout: float | None = None, **named: Any) -> Any:
        limit = self._stall_seconds if timeout is None else timeout
        until = time.monotonic() + limit
        while not request.response_event.wait(_LOOK_SECONDS):
            if self._stop.is_set():
                raise StoppedError
            if time.monotonic() >= until:
                raise TimeoutError
        # A link on the host is not followed: it could lead anywhere.
        try:
            return super().receive(request, wait=wait, timeout=limit, **{**named, "resolve_symlinks": False})
        except SMBException as trouble:
            # The host had promised an answer for later and stayed silent.
            if type(trouble) is SMBException and not request.response_event.is_set():
                raise TimeoutError from trouble
            raise

    def verify_signature(self, header: Any, session_id: int, force: bool = False) -> None:
        """The library checks a signature if there is one. Here there has to be one."""
        if not force and self._must_be_protected(header, session_id):
            raise UnprotectedError("the host's answer is neither signed nor encrypted")
        try:
            super().verify_signature(header, session_id, force)
        except SMBException as wrong:
            raise UnprotectedError("the signature of the host's answer is wrong") from wrong

    def _must_be_protected(self, header: Any, session_id: int) -> bool:
        """What comes here was not encrypted. The setup of a session has a check of its own."""
        session = self.session_table.get(session_id)
        if session is None or header["command"].get_value() == Commands.SMB2_SESSION_SETUP:
            return False
        if session.encrypt_data:
            return True
        pending = header["status"].get_value() == NtStatus.STATUS_PENDING
        return not pending and not header["flags"].has_flag(Smb2Flags.SMB2_FLAGS_SIGNED)

    def leave(self) -> None:
        """Says goodbye, so that the host closes what was open at once."""
        self.disconnect(close=True, timeout=_CLOSE_SECONDS)

    def drop(self) -> None:
        """Ends the line and its thread, whatever state they are in."""
        if self.transport is None:
            return
        try:
            self.disconnect(close=False)
        except (OSError, SMBException) as trouble:
            logging.getLogger(__name__).debug("closing: %s", type(trouble).__name__)


def logon_options(host: Host, credential: Credential | None) -> dict[str, Any]:
    """Kerberos asks for a ticket by the name that the domain knows (cifs/<name>), also where an address is dialled."""
    return {
        "username": None if credential is None else credential.username,
        "password": None if credential is None else credential.password.reveal(),
        "auth_protocol": _PROTOCOLS[host.remoting.auth],
        "hostname_override": host.name_in_domain,
    }


def share_and_path(target: str) -> tuple[str, str]:
    """The administrative share of the drive, and the way below it."""
    path = PureWindowsPath(target)
    if len(path.drive) != 2 or path.drive[1] != ":" or not path.root or ".." in path.parts:
        raise ValueError(f"{target} is not a path on a drive")
    return f"{path.drive[0].upper()}$", "\\".join(path.parts[1:])


def _open(tree: TreeConnect, path: str) -> Open:
    """Others may write, too: the handle of a line that broke can outlive it. The host checks the hash alone."""
    there = Open(tree, path)
    there.create(
        ImpersonationLevel.Impersonation,
        FilePipePrinterAccessMask.FILE_WRITE_DATA | FilePipePrinterAccessMask.FILE_READ_ATTRIBUTES,
        FileAttributes.FILE_ATTRIBUTE_NORMAL,
        ShareAccess.FILE_SHARE_READ | ShareAccess.FILE_SHARE_WRITE,
        CreateDisposition.FILE_OPEN_IF,
        CreateOptions.FILE_NON_DIRECTORY_FILE,
    )
    return there


def _write_rest(file: BinaryIO, there: Open, size: int, told: Callable[[int], None], stop: Stop) -> None:
    """Goes on behind what lies there; whether the two belong together, the hash of the whole tells."""
    offset: int = there.end_of_file
    file.seek(offset)
    told(offset)
    while chunk := _read(file, size):
        if stop.is_set():
            raise StoppedError
        offset += there.write(chunk, offset)
        if offset != file.tell():
            file.seek(offset)
        told(offset)


def _opened(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except OSError as trouble:
        raise UnreadableError(source.name, trouble) from trouble


def _read(file: BinaryIO, size: int) -> bytes:
    try:
        return file.read(size)
    except OSError as trouble:
        raise UnreadableError(Path(file.name).name, trouble) from trouble
