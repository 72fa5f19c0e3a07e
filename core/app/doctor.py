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

from core.app import composition
from core.app.workspace import Workspace, find_workspace
from core.model.check import Check, CheckResult
from core.model.failure import Failure
from core.model.fault import RefusedError

_SMALLEST_FREE_GIB = 5
_GIB = 1024**3
_MADE = datetime(2026, 11, 1, tzinfo=UTC)


def examine(named: Path | None) -> tuple[Check, ...]:
    """Everything is looked at, also after something was found wanting."""
    return tuple(_checks(named))


def _checks(named: Path | None) -> Iterator[Check]:
    yield Check("version", "Drydock", CheckResult.PASSED, "any", f"{version('drydock')} on {platform.python_version()}")
    yield _clock()
    yield _odbc()
    yield _kerberos()
    yield _vault()
    try:
        workspace = find_workspace(named)
    except RefusedError as refused:
        yield Check("workspace", "this PC", CheckResult.WARNED, "one", refused.faults[0].message)
        return
    yield _disk(workspace)
    yield _database(workspace)


def _clock() -> Check:
    """A clock before this was written cannot be right; certificates and Kerberos need it to be."""
    now = datetime.now(UTC)
    result = CheckResult.PASSED if now >= _MADE else CheckResult.FAILED
    return Check("clock", "this PC", result, "a plausible time", now.isoformat(timespec="seconds"))


def _odbc() -> Check:
    from core.remote.odbc import installed_driver

    driver = installed_driver()
    expected = "a driver for SQL Server; without one registry and file versions are the only witnesses"
    if isinstance(driver, Failure):
        return Check("ODBC", "this PC", CheckResult.WARNED, expected, str(driver))
    return Check("ODBC", "this PC", CheckResult.PASSED, expected, driver)


def _kerberos() -> Check:
    expected = "Kerberos for domain accounts"
    if sys.platform == "win32":
        return Check("Kerberos", "this PC", CheckResult.PASSED, expected, "Windows has it")
    there = importlib.util.find_spec("gssapi") is not None and importlib.util.find_spec("krb5") is not None
    found = "the Python packages gssapi and krb5" + ("" if there else " are missing; NTLM over HTTPS still works")
    return Check("Kerberos", "this PC", CheckResult.PASSED if there else CheckResult.WARNED, expected, found)


def _vault() -> Check:
    names = composition.vault().names()
    if isinstance(names, Failure):
        return Check("vault", "this PC", CheckResult.WARNED, "a place for credentials", str(names))
    return Check("vault", "this PC", CheckResult.PASSED, "a place for credentials", f"{len(names)} credentials")


def _disk(workspace: Workspace) -> Check:
    free = shutil.disk_usage(workspace.path).free // _GIB
    writable = os.access(workspace.path, os.W_OK)
    result = CheckResult.PASSED if writable and free >= _SMALLEST_FREE_GIB else CheckResult.FAILED
    expected = f"writable, at least {_SMALLEST_FREE_GIB} GB free"
    return Check("disk", str(workspace.path), result, expected, f"{free} GB free{'' if writable else ', not writable'}")


def _database(workspace: Workspace) -> Check:
    try:
        with composition.open_database(workspace):
            pass
    except (RefusedError, OSError) as trouble:
        return Check("database", str(workspace.database), CheckResult.FAILED, "can be opened", str(trouble))
    return Check("database", str(workspace.database), CheckResult.PASSED, "can be opened", "on a local disk, guarded")
