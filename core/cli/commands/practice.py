"""practice, demo."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from core.app import practice as fleet
from core.app.demo import demonstrate
from core.cli.answering import Answer, Options, command
from core.cli.telling import Teller
from core.engine.runner import Stops
from core.model.fault import Fault, RefusedError

_SERVERS = 3
_NEXT = """
next, with --workspace "{workspace}" or DRYDOCK_WORKSPACE set to it:
  drydock assess                                 look at every server
  drydock plan                                   see what would be done, and why
  drydock authorise last --reason "practising"   allow exactly that plan
  drydock deploy                                 do it; Ctrl+C once finishes what runs, twice leaves it to the servers
  drydock status; drydock report last            where it stands; what happened
  drydock practice ledger                        the servers' own account of it
  drydock practice stop                          end the servers
"""


@click.group()
def practice() -> None:
    """Imaginary servers to practise on."""


@practice.command()
@click.option("--servers", type=click.IntRange(1, 1000), help=f"How many to make; {_SERVERS} without a word.")
@click.option("--scenario", type=click.Path(path_type=Path, dir_okay=False), help="A scenario file instead.")
@command("practice start")
def start(options: Options, servers: int | None, scenario: Path | None) -> Answer:
    """Start a fleet and write a workspace for it."""
    if options.named_workspace is None:
        raise RefusedError((Fault("--workspace", "missing", "name a folder for the practice workspace"),))
    if servers is not None and scenario is not None:
        message = 'the scenario says how many there are; leave this out, or write "generate" into the scenario'
        raise RefusedError((Fault("--servers", "contradiction", message),))
    ready = fleet.start(options.named_workspace.resolve(), fleet.read_scenario(scenario, servers or _SERVERS))
    data = {
        "hosts": ready.hosts,
        "workspace": str(ready.workspace),
        "ledger": str(ready.ledger),
        "control": ready.control,
    }
    line = (
        f"practice ready: {ready.hosts} hosts, workspace {ready.workspace},"
        f" ledger {ready.ledger}, control {ready.control}"
    )
    options.say(_NEXT.format(workspace=ready.workspace))
    return Answer(data, line)


@practice.command()
@command("practice stop")
def stop(options: Options) -> Answer:
    """Stop the workspace's fleet."""
    stopped = fleet.stop(options.workspace)
    return Answer({"stopped": stopped}, "stopped" if stopped else "no fleet was running")


@practice.command()
@command("practice status")
def status(options: Options) -> Answer:
    """Show whether a fleet runs, and how its hosts are."""
    hosts = fleet.state(options.workspace)
    if hosts is None:
        return Answer({"running": False, "hosts": []}, "no fleet is running")
    return Answer({"running": True, "hosts": list(hosts)}, "\n".join(map(_line, hosts)))


def _line(host: dict[str, Any]) -> str:
    builds = ", ".join(f"{name} {build}" for name, build in host["builds"].items())
    faults = ", ".join(f"{one['kind']} at {one['when']}" for one in host["faults"])
    parts = (
        "up" if host["up"] else "down",
        builds,
        f"held by {host['claim']}" if host["claim"] else "",
        f"faults: {faults}" if faults else "",
    )
    return f"{host['host']}: {'; '.join(part for part in parts if part)}"


@practice.command()
@command("practice ledger")
def ledger(options: Options) -> Answer:
    """Show the fleet's own account of what happened."""
    lines = fleet.ledger(options.workspace)
    return Answer({"ledger": list(lines)}, "\n".join(json.dumps(line) for line in lines))


@click.command()
@command("demo")
def demo(options: Options) -> Answer:
    """Go through one whole patch cycle on a practice fleet."""
    folder = options.named_workspace or Path.cwd() / "practice"
    teller, stops = Teller(options), Stops()

    def told(lines: tuple[str, ...]) -> None:
        for line in lines:
            teller.tell(line)

    cycle = demonstrate(folder.resolve(), options.say, told, stops)
    data = {
        "run_id": cycle.finished.run_id,
        "outcome": cycle.finished.outcome,
        "reports": [str(path) for path in cycle.reports],
    }
    text = "\n".join([f"outcome: {cycle.finished.outcome}", *(f"report: {path}" for path in cycle.reports)])
    return Answer(data, text, cycle.finished.outcome)
