"""The Kerberos ticket of whoever works at this PC: how long it lasts, or why there is none."""

import importlib
from typing import Any

from core.model.failure import Cause, Failure
from core.remote.logons import ticket_failure


def seconds_left() -> int | Failure:
    """Of the account that logs on where no credential is named. On Windows the system renews it itself."""
    try:
        gssapi: Any = importlib.import_module("gssapi")
    except ImportError:
        hint = "pip install drydock[kerberos]"
        return Failure(Cause.NO_CREDENTIAL, "the Python package gssapi is missing", hint)
    try:
        return int(gssapi.Credentials(usage="initiate").lifetime)
    except gssapi.exceptions.GSSError as trouble:
        return ticket_failure(trouble)
