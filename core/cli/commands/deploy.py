"""deploy."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

import click

from core.app.deploy import Finished, resume
from core.app.deploy import deploy as deploy_plan
from core.app.launch import launch
from core.cli.answering import Answer, Options, command, print_line
from core.cli.telling import Teller, standing_of
from core.engine.runner import Stops
from core.model.authorisation import Authorisation
from core.model.document import to_document
from core.model.fault import Fault, RefusedError
from core.model.outcome import EXIT_CODES, Outcome
from core.model.plan import Plan
from core.model.step import RebootStep

_STDERR = 2


@click.command()
@click.argument("plan_id", metavar="[PLAN]", default="last")
@click.option("--yes", is_flag=True, help="Don't ask. The authorisation is needed all the same.")
@click.option("--detach", is_flag=True, help="Start the run as a process of its own and come back at once.")
@click.option("--resume", "resumed", is_flag=False, flag_value="last", metavar="[RUN]", help="Take a run up again.")
@command("deploy")
def deploy(options: Options, plan_id: str, yes: bool, detach: bool, resumed: str | None) -> Answer:
    """Carry out an authorised PLAN, the last one without a name."""
    if detach:
        return _launch(options, plan_id, yes, resumed)
    stops = Stops()
    _take_interrupts(stops, options)
    teller = Teller(options)

    def told(lines: tuple[str, ...]) -> None:
        for line in lines:
            if options.json:
                print_line(line)
            teller.tell(line)

    if resumed is not None:
        return _answer(resume(options.workspace, resumed, told, stops, teller.show))
    finished = deploy_plan(options.workspace, plan_id, _confirm(options, yes), told, stops, teller.show)
    if finished is None:
        return Answer({}, "nothing was done", Outcome.CANCELLED)
    return _answer(finished)


def _launch(options: Options, plan_id: str, yes: bool, resumed: str | None) -> Answer:
    if not yes:
        message = "a run in the background cannot ask; add --yes"
        raise RefusedError((Fault("--detach", "needs_yes", message),))
    run_id = launch(options.workspace, (plan_id,) if resumed is None else ("--resume", resumed))
    return Answer({"run_id": run_id}, f"run {run_id} has begun\nnext: drydock status {run_id}")


def _confirm(options: Options, yes: bool) -> Callable[[Plan, Authorisation], bool]:
    def confirm(plan: Plan, authorisation: Authorisation) -> bool:
        restarts = sum(isinstance(step, RebootStep) for target in plan.targets for step in target.steps)
        hosts = ", ".join(target.host for target in plan.targets)
        options.say(f"to be patched: {hosts}; restarts: {restarts}")
        options.say(f"authorised by {authorisation.granted_by}: {authorisation.reason}")
        if yes:
            return True
        if not sys.stdin.isatty():
            message = "there is no terminal to ask on; add --yes if this is what you want"
            raise RefusedError((Fault("command line", "needs_yes", message),))
        return click.confirm("Go on?", err=True)

    return confirm


def _take_interrupts(stops: Stops, options: Options) -> None:
    def interrupted(_number: int, _frame: FrameType | None) -> None:
        stops.interrupt()
        if stops.abandon.is_set():
            _say_at_once(options, "leaving; jobs on the hosts go on: drydock deploy --resume")
        else:
            _say_at_once(options, "nothing new is started; what runs is finished. Once more to leave at once")

    signal.signal(signal.SIGINT, interrupted)


def _say_at_once(options: Options, text: str) -> None:
    """Past the stream's buffer: a signal may come in the middle of a write to it, which cannot be entered twice."""
    if options.progress:
        os.write(_STDERR, f"{text}\n".encode())


def _answer(finished: Finished) -> Answer:
    record = finished.record
    targets = [
        {"host": one.host, "state": one.state, "failure": None if one.failure is None else to_document(one.failure)}
        for one in record.targets
    ]
    data = {"run_id": finished.run_id, "outcome": finished.outcome, "folder": finished.folder, "targets": targets}
    lines = map(standing_of, record.targets)
    words = EXIT_CODES[finished.outcome][2]
    ending = [f"reports and evidence: {finished.folder}"]
    if record.outcome is None:
        ending.append(f"next: drydock deploy --resume {finished.run_id}")
    return Answer(data, "\n".join([f"run {finished.run_id}: {words}", *lines, *ending]), finished.outcome)
