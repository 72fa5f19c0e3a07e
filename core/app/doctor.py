"""Doctor: whether this audit PC is ready, a check each with its remedy."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from core.app import composition
from core.app.workspace import Workspace, find_workspace, hosts, settings_of
from core.model.check import Check, CheckResult
from core.model.count import counted
from core.model.failure import Failure
from core.model.fault import RefusedError
from core.model.host import Host
from core.settings.workspace import Settings
from core.store.facts import newest_of_all

_SMALLEST_FREE_GIB = 5
_GIB = 1024**3
_MADE = datetime(2026, 11, 1, tzinfo=UTC)
# Less is the way of the answer; Kerberos refuses five minutes.
_MOST_SKEW_SECONDS = 60
# A night's work.
_SHORTEST_TICKET_SECONDS = 4 * 3600


def examine(named: Path | None) -> tuple[Check, ...]:
    """Everything is looked at, also after something was found wanting."""
    return tuple(_checks(named))


def _checks(named: Path | None) -> Iterator[Check]:
    yield _version()
    yield _clock()
    yield _odbc()
    yield _display()
    try:
        workspace = find_workspace(named)
    except RefusedError as refused:
        yield _kerberos(())
        yield _vault()
        yield Check("workspace", "this PC", CheckResult.WARNED, "one", refused.faults[0].message)
        return
    yield _disk(workspace)
    yield from _database(workspace)
    yield from _configured(workspace)


def _configured(workspace: Workspace) -> Iterator[Check]:
    """What is needed depends on what the files name."""
    where, expected = str(workspace.config), "no faults"
    try:
        settings = settings_of(workspace)
        known = hosts(settings)
    except RefusedError as refused:
        told = (
            f"{counted(len(refused.faults), 'fault')} in the files of the configuration. The first: {refused.faults[0]}"
        )
        yield _kerberos(())
        yield _vault()
        yield Check("files", where, CheckResult.FAILED, expected, told)
        return
    yield Check("files", where, CheckResult.PASSED, expected, counted(len(known), "host"))
    yield _kerberos(known)
    yield from _ticket(known)
    yield _practice_vault() if settings.audit.practice else _vault()
    yield from _credentials(workspace, settings, known)


def _version() -> Check:
    """Told for whoever is asked for help; one that does not fit is not even installed."""
    found = f"Drydock {version('drydock')} on Python {platform.python_version()}"
    return Check("version", "Drydock", CheckResult.PASSED, "any", found)


def _clock() -> Check:
    """A clock before this was written cannot be right; certificates and Kerberos need it to be."""
    now = datetime.now(UTC)
    result = CheckResult.PASSED if now >= _MADE else CheckResult.FAILED
    return Check("clock", "this PC", result, "a plausible time", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _odbc() -> Check:
    from core.remote.odbc import installed_driver

    driver = installed_driver()
    expected = "a driver for SQL Server; without one registry and file versions are the only witnesses"
    if isinstance(driver, Failure):
        return Check("ODBC", "this PC", CheckResult.WARNED, expected, str(driver))
    return Check("ODBC", "this PC", CheckResult.PASSED, expected, driver)


def has_display() -> bool:
    """Whether somebody could see a window, or said where to draw it."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM"))


def _display() -> Check:
    """Only the window needs one."""
    expected = "a display for the window; every command works without"
    if importlib.util.find_spec("PySide6") is None:
        return Check("display", "this PC", CheckResult.WARNED, expected, "the package PySide6-Essentials is missing")
    if sys.platform in ("win32", "darwin"):
        return Check("display", "this PC", CheckResult.PASSED, expected, "the system has one")
    found = next((name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)), None)
    result = CheckResult.WARNED if found is None else CheckResult.PASSED
    return Check("display", "this PC", result, expected, "none" if found is None else f"{found}={os.environ[found]}")


def _kerberos(known: tuple[Host, ...]) -> Check:
    """Missing is a failure only where a host is to be reached by it."""
    expected = "Kerberos for domain accounts"
    if sys.platform == "win32":
        return Check("Kerberos", "this PC", CheckResult.PASSED, expected, "Windows has it")
    lacking = [name for name in ("gssapi", "krb5") if importlib.util.find_spec(name) is None]
    if not lacking:
        return Check("Kerberos", "this PC", CheckResult.PASSED, expected, "the Python packages gssapi and krb5")
    needing = [host.name for host in known if host.remoting.auth == "kerberos"]
    found = f"{' and '.join(lacking)} missing (pip install drydock[kerberos])"
    if needing:
        found += f"; {len(needing)} hosts are to be reached by it, as {needing[0]}"
    return Check("Kerberos", "this PC", CheckResult.FAILED if needing else CheckResult.WARNED, expected, found)


def _ticket(known: tuple[Host, ...]) -> Iterator[Check]:
    """Asked for only where somebody's own account is to log on to hosts, and this PC does not renew it by itself."""
    needing = [host for host in known if host.remoting.auth == "kerberos" and host.remoting.credential_ref is None]
    if sys.platform == "win32" or not needing:
        return
    from core.remote.tickets import seconds_left

    left = seconds_left()
    expected = f"a Kerberos ticket that lasts {_SHORTEST_TICKET_SECONDS // 3600} hours"
    if isinstance(left, Failure):
        told = f"{left}; {counted(len(needing), 'host')} are to be reached by it, as {needing[0].name}"
        yield Check("ticket", "this PC", CheckResult.FAILED, expected, told)
        return
    result = CheckResult.PASSED if left >= _SHORTEST_TICKET_SECONDS else CheckResult.WARNED
    yield Check("ticket", "this PC", result, expected, f"lasts {left // 60} minutes")


def _vault() -> Check:
    names = composition.vault().names()
    if isinstance(names, Failure):
        return Check("vault", "this PC", CheckResult.WARNED, "a place for credentials", str(names))
    return Check("vault", "this PC", CheckResult.PASSED, "a place for credentials", counted(len(names), "credential"))


def _practice_vault() -> Check:
    """No other is asked in practice."""
    told = "the practice fleet brings its own"
    return Check("vault", "this PC", CheckResult.PASSED, "a place for credentials", told)


def _credentials(workspace: Workspace, settings: Settings, known: tuple[Host, ...]) -> Iterator[Check]:
    """Each that the files name, by name: what it holds is not looked at."""
    named = {host.remoting.credential_ref for host in known}
    named |= {instance.sql.credential_ref for host in known for instance in host.instances}
    secrets = composition.secrets_of(workspace, settings, known)
    for reference in sorted(one for one in named if one is not None):
        found = secrets.get(reference)
        good = not isinstance(found, Failure)
        result = CheckResult.PASSED if good else CheckResult.FAILED
        yield Check("credential", reference, result, "in the vault", reference if good else str(found))


def _disk(workspace: Workspace) -> Check:
    free = shutil.disk_usage(workspace.path).free // _GIB
    writable = os.access(workspace.path, os.W_OK)
    result = CheckResult.PASSED if writable and free >= _SMALLEST_FREE_GIB else CheckResult.FAILED
    expected = f"writable, at least {_SMALLEST_FREE_GIB} GB free"
    return Check("disk", str(workspace.path), result, expected, f"{free} GB free{'' if writable else ', not writable'}")


def _database(workspace: Workspace) -> Iterator[Check]:
    where, expected = str(workspace.database), "can be opened"
    try:
        with composition.open_database(workspace) as database:
            skews = [one.clock_skew_seconds for one in newest_of_all(database).values()]
    except (RefusedError, OSError) as trouble:
        yield Check("database", where, CheckResult.FAILED, expected, str(trouble))
        return
    yield Check("database", where, CheckResult.PASSED, expected, "on a local disk, guarded")
    if skews:
        yield _against_hosts(skews)


def _against_hosts(skews: list[float]) -> Check:
    """One host's clock may be wrong; where most are off by as much, it is ours."""
    off = median(skews)
    expected = f"within {_MOST_SKEW_SECONDS} seconds of most hosts, as they were last assessed"
    apart = f"{abs(off):.0f} seconds {'behind' if off > 0 else 'ahead of'}" if abs(off) >= 1 else "the same as"
    result = CheckResult.PASSED if abs(off) <= _MOST_SKEW_SECONDS else CheckResult.WARNED
    return Check("time", "this PC", result, expected, f"{apart} most of {len(skews)} hosts")
