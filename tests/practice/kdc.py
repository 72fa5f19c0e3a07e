"""A real Kerberos realm of our own: MIT's KDC on loopback, with nothing of the system's configuration."""

import importlib.util
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.daemons import found, free_port, program, until_it_listens

REALM = "DRYDOCK.TEST"
ADDRESS = "127.76.0.1"
_DAY = 86_400
_PROGRAMS = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")
_LIBRARIES = ("gssapi", "krb5")

# Names are taken as they are, and nobody outside is asked.
_CLIENT = """[libdefaults]
  default_realm = {realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  qualify_shortname = ""
  udp_preference_limit = 1
[realms]
  {realm} = {{
    kdc = {address}:{port}
  }}
"""
_SERVER = """[kdcdefaults]
  kdc_listen = ""
  kdc_tcp_listen = {address}:{port}
[realms]
  {realm} = {{
    database_name = {folder}/principals
    key_stash_file = {folder}/stash
    acl_file = {folder}/nobody
    default_principal_flags = +preauth
  }}
[logging]
  kdc = FILE:{folder}/kdc.log
"""


@dataclass(frozen=True, slots=True)
class Realm:
    """One whose KDC answers."""

    environment: dict[str, str]
    keytab: Path

    def add_user(self, name: str, password: str, preauth: bool = True) -> None:
        """Preauth: whether the KDC wants a proof before it gives a ticket, as a Windows domain does unless told."""
        self._administer(f"addprinc {'+' if preauth else '-'}requires_preauth -pw {password} {name}")

    def add_host(self, name: str) -> None:
        """Under the name by which the product asks for it."""
        principal = f"host/{name.lower()}"
        self._administer(f"addprinc -randkey {principal}")
        self._administer(f"ktadd -k {self.keytab} {principal}")

    def add_stranger(self, name: str) -> None:
        """A host whose key this realm has, and the host has not."""
        self._administer(f"addprinc -randkey host/{name.lower()}")

    def log_on(self, name: str, password: str, tickets: Path) -> None:
        """As a person does at this PC."""
        environment = self.environment | {"KRB5CCNAME": f"FILE:{tickets}"}
        _run(environment, "kinit", name, told=f"{password}\n")

    def _administer(self, query: str) -> None:
        _run(self.environment, "kadmin.local", "-r", REALM, "-q", query)


def lacking() -> list[str]:
    """What would have to be installed first."""
    programs = [name for name in _PROGRAMS if found(name) is None]
    return programs + [name for name in _LIBRARIES if importlib.util.find_spec(name) is None]


@contextmanager
def realm(folder: Path) -> Iterator[Realm]:
    port = free_port(ADDRESS)
    words = {"realm": REALM, "address": ADDRESS, "port": port, "folder": folder}
    for file, text in (("krb5.conf", _CLIENT), ("kdc.conf", _SERVER)):
        (folder / file).write_text(text.format(**words), encoding="utf-8")
    environment = {
        "KRB5_CONFIG": str(folder / "krb5.conf"),
        "KRB5_KDC_PROFILE": str(folder / "kdc.conf"),
        "KRB5CCNAME": f"FILE:{folder / 'tickets'}",
        "KRB5RCACHENAME": f"file2:{folder / 'replays'}",
    }
    _run(environment, "kdb5_util", "create", "-s", "-r", REALM, "-P", "the master key of a test")
    serve = [program("krb5kdc"), "-n", "-r", REALM]
    with (folder / "kdc.out").open("wb") as out:
        server = subprocess.Popen(serve, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment)
        try:
            until_it_listens(server, ADDRESS, port)
            yield Realm(environment, folder / "keytab")
        finally:
            server.terminate()
            server.wait(60)


def age(tickets: Path, days: int) -> None:
    """Makes all tickets of a file older. Each holds its four times together: asked, begins, ends, renewable."""
    content = bytearray(tickets.read_bytes())
    now = tickets.stat().st_mtime
    for place in range(len(content) - 15):
        asked, begins, ends, _ = struct.unpack_from(">4I", content, place)
        if abs(asked - now) < 60 and abs(begins - now) < 60 and begins < ends < now + 2 * _DAY:
            struct.pack_into(">4I", content, place, *(time - days * _DAY for time in (asked, begins, ends)), 0)
    tickets.write_bytes(content)


def _run(environment: dict[str, str], name: str, *arguments: str, told: str | None = None) -> None:
    command = [program(name), *arguments]
    done = subprocess.run(command, env=environment, input=told, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{name}: {done.stderr}"
