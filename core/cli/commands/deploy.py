"""deploy."""

from __future__ import annotations

import click

from core.app.deploy import deploy as deploy_plan
from core.app.deploy import resume, retry_failed
from core.app.dry_run import dry_run
from core.app.launch import launch
from core.cli.answering import Answer, Options, command
from core.cli.driving import answer_of, confirming, stopped_by_interrupts, telling
from core.cli.telling import Teller, state_in_words
from core.engine.rehearsal import DryRun
from core.model.document import to_document
from core.model.fault import Fault, RefusedError
from core.model.outcome import Outcome


@click.command()
@click.argument("plan_id", metavar="[PLAN]", default="last")
@click.option("--yes", is_flag=True, help="Don't ask. The authorisation is needed all the same.")
@click.option("--detach", is_flag=True, help="Start the run as a process of its own and come back at once.")
@click.option("--resume", "resumed", is_flag=False, flag_value="last", metavar="[RUN]", help="Take a run up again.")
@click.option(
    "--retry-failed",
    "retried",
    is_flag=False,
    flag_value="last",
    metavar="[RUN]",
    help="A new run of RUN's plan, for its failed hosts alone.",
)
@click.option("--dry-run", "dry", is_flag=True, help="Look at every host and say what would happen; change nothing.")
@command("deploy")
def deploy(
    options: Options, plan_id: str, yes: bool, detach: bool, resumed: str | None, retried: str | None, dry: bool
) -> Answer:
    """Carry out an authorised PLAN, the last one without a name.

    Ctrl+C once: what runs is finished, nothing new begins. Twice: leave at once; --resume finds the jobs on the hosts.
    """
    if resumed is not None and retried is not None:
        message = "--resume goes on with a run, --retry-failed begins another; choose one"
        raise RefusedError((Fault("command line", "contradiction", message),))
    if dry:
        if detach or resumed is not None or retried is not None:
            message = "a dry run looks at a plan, and goes with no other option of a run"
            raise RefusedError((Fault("--dry-run", "contradiction", message),))
        return _looked(dry_run(options.workspace, plan_id, stopped_by_interrupts(options)))
    if detach:
        return _launch(options, plan_id, yes, resumed, retried)
    stops, teller = stopped_by_interrupts(options), Teller(options)
    told, confirm = telling(options, teller), confirming(options, yes)
    if resumed is not None:
        return answer_of(resume(options.workspace, resumed, told, stops, teller.show))
    if retried is not None:
        finished = retry_failed(options.workspace, retried, confirm, told, stops, teller.show)
    else:
        finished = deploy_plan(options.workspace, plan_id, confirm, told, stops, teller.show)
    return Answer({}, "nothing was done", Outcome.CANCELLED) if finished is None else answer_of(finished)


def _looked(found: DryRun) -> Answer:
    lines = [f"dry run of plan {found.plan_id}; nothing was changed", *found.remarks]
    for one in found.hosts:
        ended = "would begin"
        if one.would_end is not None:
            ended = f"would be {state_in_words(one.would_end)}: {one.failure or 'nothing to do'}"
        lines += [f"{one.host}: {ended}", *(f"  {line}" for line in one.would_do)]
    return Answer(to_document(found), "\n".join(lines))


def _launch(options: Options, plan_id: str, yes: bool, resumed: str | None, retried: str | None) -> Answer:
    if not yes:
        message = "a run in the background cannot ask; add --yes"
        raise RefusedError((Fault("--detach", "needs_yes", message),))
    arguments: tuple[str, ...] = (plan_id,)
    if resumed is not None:
        arguments = ("--resume", resumed)
    if retried is not None:
        arguments = ("--retry-failed", retried)
    run_id = launch(options.workspace, arguments)
    return Answer({"run_id": run_id}, f"run {run_id} has begun\nnext: drydock status {run_id}")
