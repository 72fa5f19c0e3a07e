"""Pushing to an administrative share: a real Samba, a real line, and what may happen to either."""

import logging
import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from smbprotocol.exceptions import SMBAuthenticationError
from spnego.exceptions import CredentialsExpiredError

from core.model.failure import Cause, Failure
from core.model.host import Host, Remoting, RemotingAuth
from core.model.secret import Credential, Secret
from core.remote.smb import SmbPush, logon_options, share_and_path
from core.remote.smb_trouble import failure_of
from tests.daemons import free_port
from tests.remote.samba import ACCOUNT, ADDRESS, PASSWORD, Samba, is_here, samba
from tests.remote.smb_proxy import cut_after, deaf_after, forged, held_after, proxy, unsigned

pytestmark = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or not is_here(), reason="needs Debian's samba, started as root"
)

_MIB = 1024 * 1024
_TARGET = r"C:\ProgramData\package.exe.partial"
_MARK = b"the mark that nobody may read on the line"


@dataclass
class _Vault:
    """The Secrets port with one account under every reference."""

    username: str = ACCOUNT
    password: str = PASSWORD

    def get(self, reference: str) -> Credential | Failure:
        return Credential(self.username, Secret(self.password))


@dataclass
class _Pushing:
    """One push and what it told."""

    port: int
    vault: _Vault = field(default_factory=_Vault)
    stop: threading.Event = field(default_factory=threading.Event)
    stall_seconds: float = 30
    told: list[int] = field(default_factory=list)

    def __call__(self, source: Path, target: str = _TARGET) -> Failure | None:
        host = Host("SQL01", ADDRESS, Remoting("https", 5986, "ntlm", None, "windows"))
        return SmbPush(self.vault, self.stop, self.port, self.stall_seconds)(host, source, target, self.told.append)

    def fails(self, source: Path, target: str = _TARGET) -> Failure:
        failed = self(source, target)
        assert failed is not None
        assert PASSWORD not in str(failed)
        return failed


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Samba]:
    """Signs, and offers no encryption."""
    with samba(tmp_path_factory.mktemp("samba"), server_smb_encrypt="off") as ready:
        yield ready


@pytest.fixture(autouse=True)
def _an_empty_drive_and_no_threads_left(server: Samba) -> Iterator[None]:
    for file in server.file("ProgramData").iterdir():
        file.unlink()
    yield
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("msg_worker")]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Three writes and a half."""
    file = tmp_path / "package.exe"
    file.write_bytes(_MARK + os.urandom(3 * _MIB + _MIB // 2))
    return file


def test_a_file_is_pushed_whole_and_its_progress_told(server: Samba, package: Path) -> None:
    pushing = _Pushing(server.port)
    assert pushing(package) is None
    assert server.file("ProgramData", "package.exe.partial").read_bytes() == package.read_bytes()
    size = package.stat().st_size
    assert pushing.told == [0, _MIB, 2 * _MIB, 3 * _MIB, size]


def test_fifty_mebibytes_arrive_as_they_are(server: Samba, tmp_path: Path) -> None:
    large = tmp_path / "large.exe"
    large.write_bytes(os.urandom(_MIB) * 50)
    assert _Pushing(server.port)(large) is None
    assert server.file("ProgramData", "package.exe.partial").read_bytes() == large.read_bytes()


def test_a_name_may_hold_spaces_and_letters_of_any_language(server: Samba, package: Path) -> None:
    assert _Pushing(server.port)(package, r"c:\ProgramData\Ein Päckchen 世界.exe.partial") is None
    assert server.file("ProgramData", "Ein Päckchen 世界.exe.partial").stat().st_size == package.stat().st_size


def test_after_a_cut_line_the_next_push_goes_on_where_it_was_broken(server: Samba, package: Path) -> None:
    # Negotiation, two steps of the logon, share, file: two writes get through, the third does not.
    with proxy(server.port, up=cut_after(7)) as line:
        failed = _Pushing(line.port).fails(package)
    assert failed.cause is Cause.UNREACHABLE
    there = server.file("ProgramData", "package.exe.partial")
    assert there.stat().st_size == 2 * _MIB
    again = _Pushing(server.port)
    assert again(package) is None
    assert again.told[0] == 2 * _MIB
    assert there.read_bytes() == package.read_bytes()


def test_a_line_that_stands_still_is_cut(server: Samba, package: Path) -> None:
    released = threading.Event()
    with proxy(server.port, down=held_after(6, released)) as line:
        failed = _Pushing(line.port, stall_seconds=0.5).fails(package)
        released.set()
    assert failed.cause is Cause.NO_ANSWER


def test_a_host_that_stops_reading_does_not_hold_the_push_for_ever(server: Samba, package: Path) -> None:
    released = threading.Event()
    with proxy(server.port, listen=deaf_after(5, released)) as line:
        failed = _Pushing(line.port, stall_seconds=0.5).fails(package)
        released.set()
    assert failed.cause is Cause.NO_ANSWER


def test_the_stop_flag_ends_a_push_that_waits(server: Samba, package: Path) -> None:
    released, stop = threading.Event(), threading.Event()
    stop.set()
    with proxy(server.port, down=held_after(1, released)) as line:
        failed = _Pushing(line.port, stop=stop).fails(package)
        released.set()
    assert failed.cause is Cause.CANCELLED


def test_a_wrong_password_is_named_and_never_told(
    server: Samba, package: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    failed = _Pushing(server.port, _Vault(password="falsches Wort 9")).fails(package)
    assert failed.cause is Cause.ACCESS_DENIED
    assert "logon" in failed.detail
    assert failed.hint
    assert "falsches Wort 9" not in f"{failed}{caplog.text}"


def test_the_password_of_a_good_logon_is_in_no_log(
    server: Samba, package: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert _Pushing(server.port)(package) is None
    assert PASSWORD not in caplog.text


def test_an_account_that_the_host_takes_for_a_guest_is_refused(tmp_path: Path, package: Path) -> None:
    with samba(tmp_path / "guests", map_to_guest="Bad User", server_signing="auto", server_smb_encrypt="off") as guests:
        failed = _Pushing(guests.port, _Vault(username="stranger")).fails(package)
        assert list(guests.file("ProgramData").iterdir()) == []
    assert failed.cause is Cause.ACCESS_DENIED
    assert "guest" in failed.detail


def test_answers_without_a_signature_are_refused(server: Samba, package: Path) -> None:
    with proxy(server.port, down=unsigned) as line:
        failed = _Pushing(line.port).fails(package)
    assert failed.cause is Cause.ACCESS_DENIED
    assert "neither signed nor encrypted" in failed.detail
    assert list(server.file("ProgramData").iterdir()) == []


def test_answers_with_a_wrong_signature_are_refused(server: Samba, package: Path) -> None:
    with proxy(server.port, down=forged) as line:
        failed = _Pushing(line.port).fails(package)
    assert failed.cause is Cause.ACCESS_DENIED
    assert "signature" in failed.detail
    assert list(server.file("ProgramData").iterdir()) == []


def test_every_request_after_the_logon_is_signed(server: Samba, package: Path) -> None:
    with proxy(server.port) as line:
        assert _Pushing(line.port)(package) is None
    after_logon = [message for message in line.up if message[12] >= 3]
    assert len(after_logon) > 4
    assert all(message[16] & 0x08 and message[48:64] != bytes(16) for message in after_logon)


def test_a_host_that_offers_encryption_gets_everything_encrypted(tmp_path: Path, package: Path) -> None:
    with samba(tmp_path / "encrypting") as encrypting, proxy(encrypting.port) as line:
        assert _Pushing(line.port)(package) is None
        assert encrypting.file("ProgramData", "package.exe.partial").read_bytes() == package.read_bytes()
    assert not any(_MARK in message for message in line.up)
    assert any(message[:4] == b"\xfdSMB" for message in line.up)


def test_without_encryption_the_content_is_readable_so_the_test_above_can_fail(server: Samba, package: Path) -> None:
    with proxy(server.port) as line:
        assert _Pushing(line.port)(package) is None
    assert any(_MARK in message for message in line.up)


def test_smb_1_is_never_spoken(tmp_path: Path, package: Path) -> None:
    with samba(tmp_path / "old", server_min_protocol="NT1", server_max_protocol="NT1") as old:
        failed = _Pushing(old.port).fails(package)
        assert list(old.file("ProgramData").iterdir()) == []
    assert failed.cause in {Cause.PACKAGE, Cause.UNREACHABLE}


def test_a_full_disk_is_named(tmp_path: Path, package: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(small)], check=False)
    if mounted.returncode != 0:
        pytest.skip("no file system may be mounted here")
    try:
        with samba(tmp_path / "full", drive=small, strict_allocate="no") as full:
            failed = _Pushing(full.port).fails(package)
    finally:
        # Lazily: a child of Samba may still be ending there.
        subprocess.run(["umount", "--lazy", str(small)], check=True)
    assert failed.cause is Cause.NOT_ENOUGH_SPACE


def test_a_missing_folder_and_a_missing_share_are_told_apart(server: Samba, package: Path) -> None:
    folder = _Pushing(server.port).fails(package, r"C:\Nowhere\package.exe")
    share = _Pushing(server.port).fails(package, r"D:\ProgramData\package.exe")
    assert (folder.cause, share.cause) == (Cause.PACKAGE, Cause.PACKAGE)
    assert "folder" in folder.detail
    assert "administrative share" in share.detail


def test_a_closed_port_is_not_worth_another_try(package: Path) -> None:
    failed = _Pushing(free_port(ADDRESS)).fails(package)
    assert failed.cause is Cause.PACKAGE
    assert "refused the connection" in failed.detail


def test_a_file_that_this_pc_cannot_read_is_its_own_trouble(server: Samba, tmp_path: Path) -> None:
    failed = _Pushing(server.port).fails(tmp_path / "gone.exe")
    assert failed.cause is Cause.PACKAGE
    assert "on this PC" in failed.detail


def test_several_pushes_at_once_do_not_mix(server: Samba, tmp_path: Path) -> None:
    files = []
    for number in range(4):
        file = tmp_path / f"{number}.exe"
        file.write_bytes(os.urandom(2 * _MIB))
        files.append(file)

    def push(file: Path) -> Failure | None:
        return _Pushing(server.port)(file, rf"C:\ProgramData\{file.name}")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(push, files)) == [None] * 4
    assert all(server.file("ProgramData", file.name).read_bytes() == file.read_bytes() for file in files)


def test_only_a_whole_path_on_a_drive_names_a_share() -> None:
    assert share_and_path(r"c:\ProgramData\Drydock\x.exe") == ("C$", r"ProgramData\Drydock\x.exe")
    for wrong in (r"ProgramData\x", r"C:x", r"\\server\share\x", r"C:\a\..\b", ""):
        with pytest.raises(ValueError, match="not a path on a drive"):
            share_and_path(wrong)


@pytest.mark.parametrize(("auth", "protocol"), [("kerberos", "kerberos"), ("ntlm", "ntlm"), ("basic", "ntlm")])
def test_the_logon_follows_what_was_asked_for_remoting(auth: RemotingAuth, protocol: str) -> None:
    host = Host("SQL01", ADDRESS, Remoting("https", 5986, auth, None, None))
    assert logon_options(host, None) == {
        "username": None,
        "password": None,
        "auth_protocol": protocol,
        "hostname_override": "SQL01",
    }


def test_a_ticket_is_asked_for_by_the_name_that_is_dialled_where_that_is_a_name() -> None:
    host = Host("SQL01", "sql01.example.com", Remoting("https", 5986, "kerberos", None, None))
    assert logon_options(host, None)["hostname_override"] is None


def test_a_ticket_that_expired_is_told_of_smb_as_of_remoting() -> None:
    trouble = SMBAuthenticationError("no")
    trouble.__cause__ = CredentialsExpiredError()
    failure = failure_of(trouble, "SQL01", 445)
    assert (failure.cause, "has expired" in failure.detail) == (Cause.NO_CREDENTIAL, True)
