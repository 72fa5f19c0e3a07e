"""Starts the practice fleet as a job, from wherever it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.app.practising import practise
from core.app.workspace import Workspace
from gui.jobs import Job, Jobs, Trouble
from gui.language import tr


def start_practice(
    jobs: Jobs, folder: Path, done: Callable[[Workspace], None], failed: Callable[[Trouble], None]
) -> Job[Workspace]:
    return jobs.start(tr("Starting a fleet of imaginary servers"), lambda _: practise(folder), done, failed)
