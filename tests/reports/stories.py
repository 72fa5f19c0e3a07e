"""Runs to be reported: one of two tenants, with something of everything that can go wrong."""

from dataclasses import replace
from datetime import timedelta

from core.evidence.folding import fold
from core.model.events import (
    Checked,
    Entry,
    Event,
    ReverifyAsked,
    RunEnded,
    RunResumed,
    StepMoved,
    TargetMoved,
    Warned,
)
from core.model.failure import Cause, Failure
from core.model.host import Place
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.plan import Plan, PlanWarning, Skipped, Totals
from core.model.run_report import RunReport
from core.model.state import StepState, TargetState
from core.model.trend import Trend
from core.planning.planner import digest_of
from core.reports.telling import Making, tell_run
from core.reports.tenant import Story
from core.reports.trend import tally_of, trend_of
from tests.samples import AT, JOB, NEW, PLAN, RUN, SERVICE_DOWN, STARTED, begun, entries, finished, plan, whole_run

MAKING = Making(AT + timedelta(hours=3), "Europe/Berlin")
ACME, GLOBEX = Place("acme", "retail", "hq"), Place("globex", "bank", "berlin")
OLD_BACKUP = Failure(Cause.VERIFICATION, "its last full backup is 3 days old", "back it up, then plan again")
_SETUP = Failure(Cause.INSTALLER, "setup ended with 1648: GLOBEX01 has no such instance", "look at the summary")


def good_story() -> Story:
    lines = entries(whole_run())
    return Story(fold(lines), PLAN, lines)


def mixed_plan() -> Plan:
    """ACME01, ACME02 of acme; GLOBEX01, GLOBEX02 of globex, which also has a host that is left out."""
    made = plan("ACME01", "ACME02", "GLOBEX01", "GLOBEX02")
    targets = tuple(replace(one, place=ACME if "ACME" in one.host else GLOBEX) for one in made.targets)
    skipped = (
        Skipped("ACME09", "OLD", "up_to_date", f"already on {NEW}", ACME),
        Skipped("GLOBEX08", None, Cause.UNREACHABLE, "it could not be assessed: nobody answered", GLOBEX),
        Skipped("STRAY", None, "no_instance", "no SQL Server instance was found on this host"),
    )
    told = (
        PlanWarning("pending_reboot", None, "a restart is pending", ("ACME01", "GLOBEX01")),
        PlanWarning("held", "GLOBEX02", "globex wants to be asked"),
        PlanWarning("window_overrun", None, "wave 1 of 4 hosts ends late"),
    )
    made = replace(made, targets=targets, skipped=skipped, warnings=told, totals=Totals(hosts=4, instances=4, steps=8))
    return replace(made, digest=digest_of(made))


def mixed_story() -> Story:
    """acme: one is patched, one deferred. globex: one fails, of one nobody knows how it stands."""
    made = mixed_plan()
    names = tuple(one.host for one in made.targets)
    started = replace(
        STARTED, targets=names, plan_id=made.id, plan_digest=made.digest, reason="monthly, globex first", change="CHG-G"
    )
    silent = Failure(Cause.NO_ANSWER, "no answer within 30 s", "look at the host")
    failed_job = replace(JOB, exit_code=1648, meaning="does not apply", summary="Final result: Failed\nExit code: 1648")
    events = [
        Event(started, None, Phase.INITIALIZATION),
        *begun("ACME01"),
        *begun("GLOBEX01"),
        *begun("GLOBEX02"),
        Event(Warned("late", "slower than GLOBEX02"), "ACME01", Phase.INSTALL),
        *finished("ACME01"),
        Event(TargetMoved(TargetState.PENDING, TargetState.DEFERRED, OLD_BACKUP), "ACME02", Phase.PRE_VALIDATION),
        Event(failed_job, "GLOBEX01", Phase.INSTALL),
        Event(StepMoved(1, StepState.RUNNING, StepState.FAILED, _SETUP), "GLOBEX01", Phase.INSTALL),
        Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.FAILED, _SETUP), "GLOBEX01", Phase.INSTALL),
        Event(Checked("after", (SERVICE_DOWN,)), "GLOBEX02", Phase.POST_VALIDATION),
        Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.UNKNOWN, silent), "GLOBEX02", Phase.POST_VALIDATION),
        Event(RunEnded(Outcome.INSTALL_FAILED), None, Phase.REPORTING),
    ]
    lines = [Entry(RUN, seq, AT + timedelta(seconds=20 * seq), event) for seq, event in enumerate(events, start=1)]
    return Story(fold(lines), made, lines)


def seen_again(story: Story) -> Story:
    """Two days later somebody mends the host of which nobody knew, and has it verified again."""
    last, asked = story.entries[-1], "GLOBEX02"
    events = [
        Event(RunResumed("olga", "AUDIT-PC", 2)),
        Event(ReverifyAsked("olga"), asked, Phase.POST_VALIDATION),
        Event(TargetMoved(TargetState.UNKNOWN, TargetState.IN_PROGRESS), asked, Phase.POST_VALIDATION),
        Event(StepMoved(1, StepState.RUNNING, StepState.SUCCESS), asked, Phase.POST_VALIDATION),
        Event(TargetMoved(TargetState.IN_PROGRESS, TargetState.SUCCESS), asked, Phase.POST_VALIDATION),
        Event(RunEnded(Outcome.INSTALL_FAILED), None, Phase.REPORTING),
    ]
    at = last.at + timedelta(days=2)
    more = [Entry(RUN, last.seq + number, at + timedelta(seconds=20 * (number - 6)), event)
            for number, event in enumerate(events, start=1)]  # fmt: skip
    lines = [*story.entries, *more]
    return Story(fold(lines), story.plan, lines)


def told(story: Story, making: Making = MAKING) -> RunReport:
    return tell_run(story, making)


def trend(*reports: RunReport, making: Making = MAKING) -> Trend:
    released = {NEW: (AT - timedelta(days=12)).date()}
    return trend_of(map(tally_of, reports), released.get, making.at, making.zone, making.tenant)
