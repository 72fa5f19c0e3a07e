"""pause, resume, stop, withdraw, note, reverify, diagnose, unblock, unlock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from core.app.driving import Finished
from core.app.requests import ask
from core.app.requests import unblock as unblock_host
from core.app.second_look import diagnose as diagnose_host
from core.app.second_look import reverify as reverify_host
from core.app.status import status
from core.app.unlock import unlock as unlock_host
from core.cli.answering import Answer, Options, command
from core.cli.driving import answer_of, stopped_by_interrupts, telling
from core.cli.telling import Teller
from core.model.requests import FOR_THE_RECORD, Action, Request

_Command = Callable[..., Any]


def _reason(needed: bool = True) -> Callable[[_Command], _Command]:
    default = None if needed else "asked for on the command line"
    return click.option("--reason", required=needed, default=default, help="Why; the journal names it.")


@click.command()
@click.argument("run_id", metavar="[RUN]", default="last")
@_reason(needed=False)
@command("pause")
def pause(options: Options, run_id: str, reason: str) -> Answer:
    """Begin no further host in RUN until it is resumed; what runs is finished."""
    return _asked(options, ask(options.workspace, run_id, Action.PAUSE, None, reason))


@click.command()
@click.argument("run_id", metavar="[RUN]", default="last")
@_reason(needed=False)
@command("resume")
def resume(options: Options, run_id: str, reason: str) -> Answer:
    """Let a paused RUN begin hosts again. One that was broken off is taken up by "deploy --resume"."""
    return _asked(options, ask(options.workspace, run_id, Action.RESUME, None, reason))


@click.command()
@click.argument("run_id", metavar="RUN")
@_reason()
@command("stop")
def stop(options: Options, run_id: str, reason: str) -> Answer:
    """Start nothing new in RUN, for good; what runs is finished."""
    return _asked(options, ask(options.workspace, run_id, Action.STOP, None, reason))


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("host")
@_reason()
@command("withdraw")
def withdraw(options: Options, run_id: str, host: str, reason: str) -> Answer:
    """Take HOST out of RUN, if it was not begun."""
    return _asked(options, ask(options.workspace, run_id, Action.WITHDRAW, host, reason))


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("host")
@click.argument("text")
@command("note")
def note(options: Options, run_id: str, host: str, text: str) -> Answer:
    """Write TEXT about HOST into the journal of RUN, whether it goes on or has ended."""
    return _asked(options, ask(options.workspace, run_id, Action.NOTE, host, text))


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("host")
@_reason(needed=False)
@command("reverify")
def reverify(options: Options, run_id: str, host: str, reason: str) -> Answer:
    """Assess HOST again after work by hand. What is found decides, nobody's word; nothing is installed."""
    return _looked(options, reverify_host, run_id, host, reason)


@click.command()
@click.argument("run_id", metavar="RUN")
@click.argument("host")
@_reason(needed=False)
@command("diagnose")
def diagnose(options: Options, run_id: str, host: str, reason: str) -> Answer:
    """Fetch the logs of HOST into the folder of RUN now, however HOST stands. They are read, nothing is changed."""
    return _looked(options, diagnose_host, run_id, host, reason)


@click.command()
@click.argument("host")
@_reason()
@command("unblock")
def unblock(options: Options, host: str, reason: str) -> Answer:
    """Let HOST be patched again after a failure that patch-blocked it."""
    asked = unblock_host(options.workspace, host, reason)
    name, runs = asked[0].host, [one.run_id for one in asked]
    return Answer({"host": name, "runs": runs}, f"{name} is unblocked, in the journal of {', '.join(runs)}")


@click.command()
@click.argument("host")
@_reason()
@command("unlock")
def unlock(options: Options, host: str, reason: str) -> Answer:
    """Clear the claim that a run left on HOST. Refused while anything of it is still at work there."""
    found = unlock_host(options.workspace, host, reason)
    data = {"host": found.host, "claimed_by": found.holder, "run_id": found.request.run_id}
    return Answer(data, f"{found.host} is free again; it was claimed by {found.holder}")


def _looked(options: Options, look: Callable[..., Finished | Request], run_id: str, host: str, reason: str) -> Answer:
    """By the process that drives the run, or by this one where nobody does."""
    stops, teller = stopped_by_interrupts(options), Teller(options)
    found = look(options.workspace, run_id, host, reason, telling(options, teller), stops, teller.show)
    return answer_of(found) if isinstance(found, Finished) else _asked(options, found)


def _asked(options: Options, asked: Request) -> Answer:
    driven = status(options.workspace, asked.run_id).driven
    data = {"request_id": asked.id, "run_id": asked.run_id, "action": asked.action, "driven": driven}
    return Answer(data, _heard(asked, driven))


def _heard(asked: Request, driven: bool) -> str:
    if asked.action in FOR_THE_RECORD:
        return f"{asked.action}: it is in the journal of run {asked.run_id}"
    if driven:
        return f"asked run {asked.run_id} to {asked.action}; its answer is in the journal and in drydock status"
    return (
        f"run {asked.run_id} was broken off, and hears this when it is taken up again; "
        f"next: drydock deploy --resume {asked.run_id}"
    )
