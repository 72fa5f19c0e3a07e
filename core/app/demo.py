"""One whole patch cycle on a practice fleet: the sentence that the architecture draws, a call an arrow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.app import practice
from core.app.assess import assess
from core.app.authorise import authorise
from core.app.deploy import deploy
from core.app.driving import Finished
from core.app.plan import plan
from core.app.report import Forms, report
from core.app.workspace import Workspace
from core.engine.runner import Stops
from core.model.count import counted
from core.model.plan import Plan
from core.model.selection import Selection
from core.practice.spec.fault import FaultSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec


@dataclass(frozen=True, slots=True)
class Cycle:
    """What a demonstration leaves."""

    plan: Plan
    finished: Finished
    reports: tuple[Path, ...]


def demonstrate(path: Path, say: Callable[[str], None], told: Callable[[tuple[str, ...]], None], stops: Stops) -> Cycle:
    """Three servers, one SQL Server update, two faults. Says before each step what there is to see."""
    fleet = practice.start(path, _scenario())
    say(f"{fleet.hosts} imaginary servers behind real protocols; the workspace is {fleet.workspace}")
    say("two of them are behind. Two faults wait for them, and neither may spoil the outcome:")
    say("  SQL01 loses its network in the middle of the installer. The installer goes on there, and is found again;")
    say("  SQL02 gets its package spoilt on the way. Its hash shows it: never executed, sent once more.")
    workspace = Workspace(fleet.workspace)
    try:
        everything = Selection()
        assessed = assess(workspace, everything)
        say(f"{counted(len(assessed), 'host')} assessed")
        made = plan(workspace, everything, max_age=timedelta(hours=1))
        say(f"a plan for {counted(len(made.targets), 'host')}, {made.left_out} left alone; digest {made.digest[:12]}")
        authorise(workspace, made.id, "a demonstration on imaginary servers", None, None)
        say("authorised for exactly this digest; deploying")
        finished = deploy(workspace, made.id, lambda *_: True, told, stops)
        if finished is None:
            raise RuntimeError("a confirmed deployment was not carried out")
        say(_shown(practice.ledger(workspace)))
        reports = report(workspace, finished.run_id, None, Forms(excel=True, html=True))
        return Cycle(made, finished, reports)
    finally:
        practice.stop(workspace)


def _shown(ledger: tuple[dict[str, Any], ...]) -> str:
    """What the fleet itself counted, which the product cannot know."""
    kinds = [line["kind"] for line in ledger]
    counted = ", ".join(
        f"{kinds.count(kind)} {words}"
        for kind, words in (
            ("fault", "faults"),
            ("installer_start", "installers started"),
            ("reboot", "restarts asked for"),
            ("boot", "boots"),
        )
    )
    return f"the fleet's own ledger: {counted}; one installer and one restart a patched host, in spite of the faults"


def _scenario() -> Scenario:
    cut = FaultSpec(when="install", kind="drop_network", after_percent=40)
    spoilt = FaultSpec(when="transfer", kind="file_corrupt")
    behind, current = InstanceSpec(build="15.0.4385.2"), InstanceSpec(build="15.0.4430.1")
    return Scenario(
        servers=(
            ServerSpec(name="SQL01", instances=(behind,), faults=(cut,)),
            ServerSpec(name="SQL02", instances=(behind,), faults=(spoilt,)),
            ServerSpec(name="SQL03", instances=(current,)),
        )
    )
