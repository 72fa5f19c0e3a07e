"""Puts the real things behind the ports. Heavy libraries are loaded only when somebody needs them."""

from __future__ import annotations

import getpass
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import SystemRandom
from typing import TYPE_CHECKING

from platformdirs import user_data_path

from core.app.workspace import Workspace
from core.model.fault import Fault, RefusedError
from core.model.host import Host, is_loopback
from core.model.ids import new_id
from core.model.secret import Secret
from core.ports import AskSql, Clock, Connect, Hear, Probe, Push, Secrets, Stop, Vault
from core.settings.audit_config import TransferSection, seconds
from core.settings.names import AUDIT_CONFIG
from core.settings.workspace import TARGETS, Settings

if TYPE_CHECKING:
    from core.remote.steps import Way
    from core.store.database import Database

# The second is what signed until about 2016: service packs and updates of SQL Server 2012 to 2016 carry it.
MICROSOFT = (
    "CN=Microsoft Corporation, O=Microsoft Corporation, L=Redmond, S=Washington, C=US",
    "CN=Microsoft Corporation, OU=MOPR, O=Microsoft Corporation, L=Redmond, S=Washington, C=US",
)


class SystemClock:
    """The Clock port."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who works, and at which PC."""

    operator: str
    console: str


def identity() -> Identity:
    return Identity(getpass.getuser(), platform.node())


def fresh_id(clock: Clock) -> str:
    return new_id(clock.now(), SystemRandom())


@contextmanager
def open_database(workspace: Workspace) -> Iterator[Database]:
    """Closed again however the use case ends."""
    from core.store.database import open_database

    database = open_database(workspace.database)
    try:
        yield database
    finally:
        database.close()


def secrets_of(workspace: Workspace, settings: Settings, hosts: tuple[Host, ...]) -> Secrets:
    """The practice fleet's file only where every address is on loopback; everywhere else the system's vault."""
    if settings.audit.practice:
        outside = [host for host in hosts if not is_loopback(host.address)]
        if outside:
            message = (
                f'"practice" is honoured for loopback addresses only; remove it, or {outside[0].name} from {TARGETS}'
            )
            fault = Fault(f"{AUDIT_CONFIG}: practice", "not_loopback", message, found=outside[0].address)
            raise RefusedError((fault,))
        from core.vault.practice import FILE, PracticeVault

        return PracticeVault(workspace.path / FILE)
    return vault()


def vault() -> Vault:
    """The system's, or where there is none the encrypted file, if a passphrase for it is given."""
    from core.vault.encrypted import PASSPHRASE_VARIABLE, EncryptedVault
    from core.vault.system import SystemVault, has_system_vault

    passphrase = os.environ.get(PASSPHRASE_VARIABLE)
    if passphrase and not has_system_vault():
        return EncryptedVault(user_data_path("drydock", appauthor=False) / "vault.json", Secret(passphrase))
    return SystemVault()


def trusted_signers(settings: Settings) -> tuple[str, ...]:
    if settings.audit.practice:
        from core.practice.packages import SIGNER

        return (SIGNER,)
    return MICROSOFT


def connect_with(secrets: Secrets, stop: Stop, hear: Hear | None = None) -> Connect:
    from core.remote.session import WinRmConnect

    return WinRmConnect(secrets, stop, hear)


def push_with(secrets: Secrets, stop: Stop, transfer: TransferSection) -> Push:
    from core.remote.smb import SmbPush

    return SmbPush(secrets, stop, transfer.smb_port, seconds(transfer.stall_minutes))


def ask_sql_with(secrets: Secrets, settings: Settings, stop: Stop, hear: Hear | None = None) -> AskSql:
    from core.remote.odbc import OdbcAskSql

    return OdbcAskSql(secrets, settings.audit.sql.driver, stop, hear)


def probe_with(secrets: Secrets, settings: Settings, stop: Stop) -> Probe:
    from core.remote.odbc import OdbcAskSql
    from core.remote.probing import Probing

    return Probing(OdbcAskSql(secrets, settings.audit.sql.driver, stop).ask_in)


def way_with(host: Host, secrets: Secrets, settings: Settings, stop: Stop) -> Way:
    from core.remote.steps import Way

    return Way(host, connect_with(secrets, stop), ask_sql_with(secrets, settings, stop), stop)
