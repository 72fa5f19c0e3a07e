"""A report is written aside and put into its place when it is whole."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """Two runs that end together write the year's workbook at once: each under a name of its own."""
    new = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.new")
    try:
        yield new
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
