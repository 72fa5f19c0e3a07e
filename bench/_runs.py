"""Makes the report of an imaginary run, large and seeded."""

from datetime import UTC, datetime, timedelta
from random import Random

from core.model.host import Place
from core.model.outcome import Outcome
from core.model.run_report import Against, Counted, HostReport, InstanceReport, Moment, Outage, RunReport, StepReport
from core.model.state import TargetState
from core.model.vocabulary import TARGET_WORDS
from core.reports.words import tone

_AT = datetime(2026, 3, 1, 22, tzinfo=UTC)
_STATES = (*(TargetState.SUCCESS,) * 17, TargetState.FAILED, TargetState.DEFERRED, TargetState.UNKNOWN)


def run_report(hosts: int, steps: int, seed: int) -> RunReport:
    """As many steps for each host as are asked for."""
    random = Random(seed)
    told = tuple(_host(index, steps, random) for index in range(hosts))
    numbers = {state: sum(one.state is state for one in told) for state in dict.fromkeys(_STATES)}
    return RunReport(
        run_id="019ca000-0000-7000-8000-000000000001",
        plan_id="019ca000-0000-7000-8000-00000000000a",
        plan_digest="ab" * 32,
        operator="olga",
        console="AUDIT-PC",
        reason="monthly patches",
        change="CHG-7",
        tenant=None,
        started_at=_AT,
        ended_at=_AT + timedelta(hours=9),
        worked_until=_AT + timedelta(hours=9),
        outcome=Outcome.INSTALL_FAILED,
        outcome_words="An installation failed on 17 hosts",
        planned_hosts=hosts,
        counted=tuple(
            Counted(TARGET_WORDS[state].text, tone(state), number) for state, number in numbers.items() if number
        ),
        against=(Against("hosts", hosts, sum(one.state is TargetState.SUCCESS for one in told), 0),),
        hosts=told,
        left_out=(),
        failures=(),
        requests=(),
        site_zones=("America/New_York", "Europe/Berlin"),
        zone="Europe/Berlin",
        made_at=_AT + timedelta(hours=10),
    )


def _host(index: int, steps: int, random: Random) -> HostReport:
    name, state = f"SQL{index:05d}", random.choice(_STATES)
    began = _AT + timedelta(seconds=random.randrange(8 * 3600))
    ended = began + timedelta(seconds=random.randrange(300, 3600))
    return HostReport(
        host=name,
        place=Place(f"tenant{index % 7}", f"client{index % 31}", f"site{index % 101}"),
        wave="canary" if index < 5 else "all others",
        zone=("America/New_York", "Europe/Berlin")[index % 2],
        state=state,
        words=TARGET_WORDS[state].text,
        tone=tone(state),
        sentence=f"{name} is {TARGET_WORDS[state].text}",
        hint="" if state is TargetState.SUCCESS else "look at setup's summary",
        patch_blocked=state is TargetState.FAILED,
        started_at=began,
        ended_at=ended,
        worked_until=ended,
        connection_losses=random.randrange(2),
        restarts_proven=1,
        restarts_seconds=(random.randrange(60, 900),),
        instances=(InstanceReport("MSSQLSERVER", "15.0.4385.2", "15.0.4430.1", "15.0.4430.1"),),
        steps=tuple(_step(order, began, random) for order in range(1, steps + 1)),
        updates=(),
        checks=(),
        outages=(Outage(name, "MSSQLSERVER", 300, random.randrange(200, 2000), began, ended, back=True),),
        deviations=(),
        warnings=(),
        notes=(),
        collected=None,
        moments=tuple(Moment(began + timedelta(minutes=minute), f"step {minute} of the way") for minute in range(10)),
    )


def _step(order: int, began: datetime, random: Random) -> StepReport:
    start = began + timedelta(minutes=order)
    return StepReport(
        order=order,
        what="SQLServer2019-KB5054833-x64.exe",
        arguments="/quiet /IAcceptSQLServerLicenseTerms /Action=Patch /AllInstances",
        state="done",
        tone="good",
        exit_code=3010,
        meaning="succeeded, a restart is needed",
        summary="Final result: Passed",
        started_at=start,
        ended_at=start + timedelta(seconds=random.randrange(30, 900)),
        undo="possible: /Action=RemovePatch",
        reason="",
    )
