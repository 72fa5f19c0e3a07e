"""A run that is broken off because something could not be written: told in words, with the way back."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.model.fault import Fault, NotWrittenError

_LOG = logging.getLogger(__name__)


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        message = f"cannot be written: {trouble.strerror}; make room, or mend the folder's rights"
        raise NotWrittenError((Fault(str(folder), "not_writable", message),)) from trouble


@contextmanager
def told_where_it_stands(run_id: str) -> Iterator[None]:
    """Whoever is told that something could not be written is told, too, that nothing on the hosts is lost."""
    try:
        yield
    except NotWrittenError as broken:
        _LOG.error("the run was broken off", extra={"run": run_id, "why": str(broken)})
        message = f'if it has begun, what runs on the hosts goes on; mend this, then "drydock deploy --resume {run_id}"'
        raise NotWrittenError((*broken.faults, Fault(f"run {run_id}", "broken_off", message))) from broken
