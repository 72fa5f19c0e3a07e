"""deploy."""

from __future__ import annotations

import click

from core.app.deploy import deploy as deploy_plan
from core.app.deploy import resume
from core.app.launch import launch
from core.cli.answering import Answer, Options, command
from core.cli.driving import answer_of, confirming, stopped_by_interrupts, telling
from core.cli.telling import Teller
from core.model.fault import Fault, RefusedError
from core.model.outcome import Outcome


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
    stops, teller = stopped_by_interrupts(options), Teller(options)
    told = telling(options, teller)
    if resumed is not None:
        return answer_of(resume(options.workspace, resumed, told, stops, teller.show))
    finished = deploy_plan(options.workspace, plan_id, confirming(options, yes), told, stops, teller.show)
    if finished is None:
        return Answer({}, "nothing was done", Outcome.CANCELLED)
    return answer_of(finished)


def _launch(options: Options, plan_id: str, yes: bool, resumed: str | None) -> Answer:
    if not yes:
        message = "a run in the background cannot ask; add --yes"
        raise RefusedError((Fault("--detach", "needs_yes", message),))
    run_id = launch(options.workspace, (plan_id,) if resumed is None else ("--resume", resumed))
    return Answer({"run_id": run_id}, f"run {run_id} has begun\nnext: drydock status {run_id}")
