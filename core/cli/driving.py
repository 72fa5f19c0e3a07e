"""Drives a deployment from the terminal: asks, tells the story as it happens, takes interrupts, says how it ended."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import click

from core.app.driving import Finished
from core.app.following import Lines
from core.app.retrying import PATCHED_SINCE
from core.app.workspace import days_of_logs
from core.cli.answering import Answer, Options
from core.cli.logs import keep_log
from core.cli.saying import say
from core.cli.telling import Teller, next_of, standing_of
from core.engine.runner import Stops
from core.model.authorisation import Authorisation
from core.model.document import to_document
from core.model.fault import Fault, RefusedError
from core.model.outcome import EXIT_CODES, Outcome
from core.model.plan import Plan
from core.model.step import RebootStep

_STDERR = 2


def telling(options: Options, teller: Teller) -> Lines:
    """Every line of the journal as it is written: as it is under --json, in words on stderr, with fields in the log."""
    keep_log(options.workspace.logs, days_of_logs(options.workspace))

    def told(lines: tuple[str, ...]) -> None:
        for line in lines:
            if options.json:
                say(line)
            teller.tell(line)

    return told


def confirming(options: Options, yes: bool) -> Callable[[Plan, Authorisation], bool]:
    def confirm(plan: Plan, authorisation: Authorisation) -> bool:
        restarts = sum(isinstance(step, RebootStep) for target in plan.targets for step in target.steps)
        hosts = ", ".join(target.host for target in plan.targets)
        options.say(f"to be patched: {hosts}; restarts: {restarts}")
        for one in plan.skipped:
            if one.code == PATCHED_SINCE:
                options.say(f"left as it is: {one.reason}")
        options.say(f"authorised by {authorisation.granted_by}: {authorisation.reason}")
        if yes:
            return True
        if not sys.stdin.isatty():
            message = "there is no terminal to ask on; add --yes if this is what you want"
            raise RefusedError((Fault("command line", "needs_yes", message),))
        return click.confirm("Go on?", err=True)

    return confirm


def stopped_by_interrupts(options: Options) -> Stops:
    """Once: nothing new is begun. Twice: the jobs on the hosts are left to themselves."""
    stops = Stops()

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        stops.interrupt()
        if stops.abandon.is_set():
            _say_at_once(options, "leaving; jobs on the hosts go on: drydock deploy --resume")
        else:
            _say_at_once(options, "nothing new is started; what runs is finished. Once more to leave at once")

    signal.signal(signal.SIGINT, interrupted)
    return stops


def _say_at_once(options: Options, text: str) -> None:
    """Past the stream's buffer: a signal may come in the middle of a write to it, which cannot be entered twice."""
    if options.progress:
        with suppress(OSError):
            os.write(_STDERR, f"{text}\n".encode())


def answer_of(finished: Finished) -> Answer:
    record = finished.record
    targets = [
        {
            "host": one.host,
            "state": one.state,
            "failure": None if one.failure is None else to_document(one.failure),
            "warnings": list(one.warnings),
        }
        for one in record.targets
    ]
    data = {"run_id": finished.run_id, "outcome": finished.outcome, "folder": finished.folder, "targets": targets}
    lines = map(standing_of, record.targets)
    words = EXIT_CODES[finished.outcome][2]
    ending = [f"reports and evidence: {finished.folder}"]
    if finished.outcome is Outcome.LOCKED and record.outcome is None:
        words = "another process drives it"
        ending.append(f"next: drydock status {finished.run_id}")
    elif record.outcome is None:
        ending.append(f"next: drydock deploy --resume {finished.run_id}")
    ending += next_of(record)
    return Answer(data, "\n".join([f"run {finished.run_id}: {words}", *lines, *ending]), finished.outcome)
