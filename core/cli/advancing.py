"""A bar on stderr for work on many hosts, with a line for each above it. Without a terminal only the lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from core.cli.answering import Options


class Bar:
    """What the work tells it is shown."""

    def __init__(self, options: Options, progress: Progress | None) -> None:
        self._options = options
        self._progress = progress
        self._task = None if progress is None else progress.add_task("", total=None)

    def advance(self, line: str, done: int, of: int) -> None:
        if self._progress is None or self._task is None:
            self._options.say(line)
            return
        self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
        self._progress.update(self._task, completed=done, total=of)


@contextmanager
def bar(options: Options, what: str) -> Iterator[Bar]:
    if not (options.progress and sys.stderr.isatty()):
        yield Bar(options, None)
        return
    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(options, progress)
