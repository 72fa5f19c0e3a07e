"""Asks a host whose engine or database stays down for the ERRORLOG's own word on it."""

from core.contract.library import COLLECT_DIAGNOSTICS
from core.contract.looking import CollectDiagnostics
from core.contract.script import Call
from core.detection.error_log import fatal_error
from core.engine.effects import Walk, ask
from core.model.check import Check, CheckResult
from core.model.facts import Facts
from core.model.failure import Failure

_ABOUT_ENGINES = frozenset({"service", "databases"})
_MOST_CHARS = 262_144


def explanation(checks: tuple[Check, ...], after: Facts) -> Walk[str]:
    """Empty where nothing of an engine failed, or the log has no word on it: it explains, and proves nothing."""
    if not any(one.name in _ABOUT_ENGINES and one.result is not CheckResult.PASSED for one in checks):
        return ""
    wanted = CollectDiagnostics(
        kind="errorlog", since=after.boot.booted_at.isoformat(), folders=(), max_chars=_MOST_CHARS
    )
    told = yield from ask(Call(COLLECT_DIAGNOSTICS, wanted))
    if isinstance(told, Failure):
        return ""
    present = (part for part in told.parts if part.name.endswith("ERRORLOG"))
    found = (f"{part.name}: {error}" for part in present if (error := fatal_error(part.text)) is not None)
    return "; ".join(found)
