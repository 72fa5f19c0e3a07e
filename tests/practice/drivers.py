"""The real ODBC drivers that are installed here."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pyodbc
import pytest

_LIBRARY = "libs/linux/debian_ubuntu/x86_64/lib"


def microsoft() -> str | None:
    found = importlib.util.find_spec("mssql_python_odbc")
    if found is None or found.submodule_search_locations is None:
        return None
    folder = Path(next(iter(found.submodule_search_locations))) / _LIBRARY
    return next((str(path) for path in sorted(folder.glob("libmsodbcsql-18*.so*"))), None)


def installed() -> dict[str, str]:
    pyodbc.pooling = False
    drivers = {"FreeTDS": "FreeTDS"} if "FreeTDS" in pyodbc.drivers() else {}
    path = microsoft()
    return drivers if path is None else drivers | {"Microsoft": path}


DRIVERS = [pytest.param(path, id=name) for name, path in installed().items()] or [
    pytest.param("", marks=pytest.mark.skip("no ODBC driver is installed here"))
]
_MICROSOFT = microsoft()
MICROSOFT = [
    pytest.param(_MICROSOFT, id="Microsoft")
    if _MICROSOFT is not None
    else pytest.param("", marks=pytest.mark.skip("Microsoft's ODBC driver is not installed here"))
]
