"""Facts that somebody brings in a file: what "plan --facts" plans from."""

from collections import Counter
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.model.document import from_json
from core.model.facts import Facts
from core.model.fault import Fault, RefusedError
from core.model.ids import folded


def read_facts(file: Path) -> tuple[Facts, ...]:
    """A JSON list of facts documents. Raises RefusedError with every fault."""
    try:
        content = file.read_bytes()
    except OSError as wrong:
        raise RefusedError((Fault(str(file), "unreadable", f"it cannot be read: {wrong.strerror}"),)) from wrong
    try:
        found = from_json(tuple[Facts, ...], content)
    except ValidationError as wrong:
        raise RefusedError(tuple(_fault(file, error) for error in wrong.errors(include_url=False))) from wrong
    counted = Counter(folded(one.host) for one in found)
    twice = tuple(
        Fault(f"{file}: [{index}].host", "repeated_host", "two documents are of this host; keep one", found=one.host)
        for index, one in enumerate(found)
        if counted[folded(one.host)] > 1
    )
    if twice:
        raise RefusedError(twice)
    return found


def _fault(file: Path, error: ErrorDetails) -> Fault:
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    message = f'{error["msg"]}; "drydock assess" and "facts show --json" make facts in the right form'
    found = None if isinstance(error["input"], dict | list | tuple) else str(error["input"])[:80]
    return Fault(f"{file}: {where}" if where else str(file), error["type"], message, found=found)
