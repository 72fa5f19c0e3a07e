"""The log: a line an event, with run, target and step as fields, on stderr and in a file of the workspace."""

import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from structlog.contextvars import merge_contextvars
from structlog.stdlib import ProcessorFormatter

from core.model.fault import Fault, RefusedError

# All that is ours logs below this name; of everybody else only warnings are taken.
_OURS = "core"
_FIRST = ["timestamp", "level", "event", "run", "target", "step"]

_run: dict[str, str] = {}


def start_logging(level: str) -> None:
    """Libraries stay quiet below WARNING: some of them would write whole messages, secrets included."""
    number = logging.getLevelNamesMapping()[level.upper()]
    # A log that cannot be written ends nothing, and its own trouble is no reader's.
    logging.raiseExceptions = False
    _run.clear()
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(number)
    handler.setFormatter(_formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OURS).setLevel(number)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, merge_contextvars, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def keep_log(folder: Path, days: int) -> Path:
    """Begins the command's own file, at INFO or in more detail if that was asked for; old ones are removed."""
    now = datetime.now(UTC)
    path = folder / f"hotfix_{now:%Y%m%d_%H%M%S}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_old(folder, now - timedelta(days=days))
        handler = logging.FileHandler(path, encoding="utf-8")
    except OSError as trouble:
        message = f"the log cannot be written: {trouble.strerror}; mend the folder's rights or make room"
        raise RefusedError((Fault(str(folder), "not_writable", message),)) from None
    ours = logging.getLogger(_OURS)
    ours.setLevel(min(ours.level, logging.INFO))
    handler.setLevel(ours.level)
    handler.setFormatter(_formatter())
    logging.getLogger().addHandler(handler)
    return path


def belongs_to(run_id: str) -> None:
    """From now on every line names the run that this process drives."""
    _run["run"] = run_id


def keep_traceback(bug: Exception) -> None:
    """Into the file alone: stderr gets it from the interpreter."""
    record = logging.LogRecord(_OURS, logging.CRITICAL, "", 0, "a bug in Drydock", None, _told(bug))
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.FileHandler):
            handler.handle(record)


def _told(bug: Exception) -> tuple[type[Exception], Exception, Any]:
    return type(bug), bug, bug.__traceback__


def _formatter() -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), merge_contextvars],
        processors=[
            _with_run,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.KeyValueRenderer(key_order=_FIRST, drop_missing=True),
        ],
    )


def _with_run(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record: logging.LogRecord = fields["_record"]
    fields.setdefault("logger", record.name)
    for name, value in _run.items():
        fields.setdefault(name, value)
    return fields


def _remove_old(folder: Path, before: datetime) -> None:
    """Only what this module made, and never a file that somebody still writes to."""
    for path in folder.glob("hotfix_*.log"):
        try:
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                path.unlink()
        except OSError as trouble:
            logging.getLogger(_OURS).warning("old log not removed", extra={"file": path.name, "why": trouble.strerror})
