"""autodbaudit: the flags that AutoDBAudit's operators know, over the same use cases."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import click

from core.app.authorise import authorise, authorised_twin
from core.app.deploy import deploy, resume, retry_failed
from core.app.plan import plan as make_plan
from core.app.workspace import days_of_logs
from core.cli.answering import Answer, Options, answered
from core.cli.driving import answer_of, confirming, stopped_by_interrupts, telling
from core.cli.logs import keep_log, start_logging
from core.cli.main import run
from core.cli.plan_words import plan_in_words
from core.cli.saying import tell
from core.cli.telling import Teller
from core.model.document import to_document
from core.model.fault import Fault, RefusedError
from core.model.outcome import Outcome
from core.model.plan import Plan
from core.model.selection import Selection
from core.planning.reviewing import outcome_before

_MAX_AGE = timedelta(days=1)
_LEVELS = click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"], case_sensitive=False)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--hotfix-plan", is_flag=True, help="Show what each server needs; nothing is changed.")
@click.option("--deploy-hotfixes", is_flag=True, help="Plan, and carry out what is authorised.")
@click.option("--server", "servers", multiple=True, metavar="NAME", help="Only this server; repeat it for more.")
@click.option("--resume", "resumed", is_flag=True, help="Take the last interrupted run up again.")
@click.option("--retry-failed", is_flag=True, help="Try the hosts again that failed in the last run.")
@click.option("--yes", is_flag=True, help="Don't ask. The authorisation is needed all the same.")
@click.option("--verbose", is_flag=True, help="Tell everything on stderr.")
@click.option("--log-level", type=_LEVELS, default="WARNING", help="What the log tells.")
@click.option("--config", type=click.Path(path_type=Path), help="The workspace, by its config/audit_config.json.")
def autodbaudit(
    hotfix_plan: bool,
    deploy_hotfixes: bool,
    servers: tuple[str, ...],
    resumed: bool,
    retry_failed: bool,
    yes: bool,
    verbose: bool,
    log_level: str,
    config: Path | None,
) -> int:
    """Patches SQL Server as AutoDBAudit does: --hotfix-plan looks, --deploy-hotfixes acts."""
    _refuse_contradictions(hotfix_plan, deploy_hotfixes, servers, resumed, retry_failed, yes)
    options = Options(None, False, log_level, verbose, True, "basic")
    start_logging("DEBUG" if verbose and log_level == "WARNING" else log_level)

    def ask() -> Answer:
        there = options if config is None else _at(options, config)
        if hotfix_plan:
            return _planned(there, Selection(servers))
        return _deployed(there, Selection(servers), resumed, retry_failed, yes)

    return answered("autodbaudit", options, ask)


def _refuse_contradictions(
    hotfix_plan: bool, deploy_hotfixes: bool, servers: tuple[str, ...], resumed: bool, retry_failed: bool, yes: bool
) -> None:
    if hotfix_plan == deploy_hotfixes:
        raise click.UsageError("say either --hotfix-plan or --deploy-hotfixes")
    only_deploying = {"--resume": resumed, "--retry-failed": retry_failed, "--yes": yes}
    strangers = [name for name, given in only_deploying.items() if given and hotfix_plan]
    if strangers:
        raise click.UsageError(f"{', '.join(strangers)} only with --deploy-hotfixes")
    if resumed and retry_failed:
        raise click.UsageError("--resume takes the interrupted run up again, --retry-failed begins a new one: choose")
    if servers and (resumed or retry_failed):
        raise click.UsageError("--server chooses for a new plan; what is resumed or tried again has its hosts already")


def _at(options: Options, config: Path) -> Options:
    """The workspace around config/audit_config.json."""
    path = config.expanduser().resolve()
    if path.name != "audit_config.json" or path.parent.name != "config" or not path.is_file():
        message = "name an existing audit_config.json in the folder config of a workspace"
        raise RefusedError((Fault("--config", "not_a_config", message, found=str(config)),))
    return Options(
        path.parents[1], options.json, options.log_level, options.verbose, options.progress, options.exit_codes
    )


def _planned(options: Options, selection: Selection) -> Answer:
    keep_log(options.workspace.logs, days_of_logs(options.workspace))
    made = make_plan(options.workspace, selection, _MAX_AGE)
    return Answer(to_document(made), plan_in_words(made), outcome_before(made))


def _deployed(options: Options, selection: Selection, resumed: bool, again: bool, yes: bool) -> Answer:
    stops, teller = stopped_by_interrupts(options), Teller(options)
    told = telling(options, teller)
    if resumed:
        return answer_of(resume(options.workspace, "last", told, stops, teller.show))
    if again:
        retried = retry_failed(options.workspace, "last", confirming(options, yes), told, stops, teller.show)
        return Answer({}, "nothing was done", Outcome.CANCELLED) if retried is None else answer_of(retried)
    made = make_plan(options.workspace, selection, _MAX_AGE)
    if not made.targets:
        return Answer({}, plan_in_words(made), outcome_before(made))
    allowed = authorised_twin(options.workspace, made) or _authorised_here(options, made)
    finished = deploy(options.workspace, allowed.id, confirming(options, yes), told, stops, teller.show)
    return Answer({}, "nothing was done", Outcome.CANCELLED) if finished is None else answer_of(finished)


def _authorised_here(options: Options, made: Plan) -> Plan:
    """Whoever sits at the terminal reads the plan and gives the reason; without one it is refused."""
    if not sys.stdin.isatty():
        message = f'nobody has authorised exactly this plan; "drydock authorise {made.id} --reason TEXT" does that'
        raise RefusedError((Fault(f"plan {made.id}", "not_authorised", message, found=made.digest),))
    tell(plan_in_words(made))
    tell("nobody has authorised this plan yet; leave the reason empty to go without")
    reason = click.prompt("reason", default="", show_default=False, err=True)
    change = click.prompt("change request", default="", show_default=False, err=True)
    authorise(options.workspace, made.id, reason, change.strip() or None, None)
    return made


def main() -> None:
    run(autodbaudit, "autodbaudit")


if __name__ == "__main__":
    main()
