"""Tells why PowerShell on a target would not run a script: what policy, product or quota stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.contract.foreign import tame
from core.model.failure import Cause, Failure

# By the beginning or a part of the error's identifier, which no language changes.
_IDENTIFIERS: tuple[tuple[str, str, str], ...] = (
    (
        "ConstrainedLanguage",
        "PowerShell runs in constrained language mode there (AppLocker or App Control)",
        "exempt the account that Drydock uses, or allow its scripts by their publisher or path",
    ),
    (
        "ScriptsNotAllowed",
        "the endpoint allows no scripts (no-language mode)",
        "Drydock needs the endpoint Microsoft.PowerShell without a restricted session configuration",
    ),
    (
        "ScriptContainedMaliciousContent",
        "the virus scanner stopped the script",
        "ask for an exception for PowerShell remoting by the account that Drydock uses",
    ),
    (
        "UnauthorizedAccess",
        "the execution policy forbids the script",
        "set the policy to RemoteSigned for this host, or leave it undefined",
    ),
    (
        "OutOfMemory",
        "the script had not enough memory",
        "raise MaxMemoryPerShellMB under WSMan:\\localhost\\Shell on the target",
    ),
    (
        "CommandNotFound",
        "a command of Windows is missing or hidden there",
        "is this a restricted session configuration, or an edition without that module?",
    ),
)


def refusal_of(script: str, errors: Sequence[Any]) -> Failure | None:
    """None where no restriction is known that would raise these errors."""
    identifiers = " ".join(str(getattr(one, "fq_error", None) or "") for one in errors)
    for part, said, hint in _IDENTIFIERS:
        if part in identifiers:
            told = tame("; ".join(str(one) for one in errors), 300)
            return Failure(Cause.RESTRICTED, f"{script}: {said}: {told}", hint)
    return None
