"""A fleet to practise on at a desk: two tenants, four versions, and the trouble that real nights bring."""

from __future__ import annotations

from pathlib import Path

from core.app import practice
from core.app.workspace import Workspace
from core.practice.spec.fault import FaultSpec
from core.practice.spec.group import GroupSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from core.practice.sql_updates import SQL_UPDATES

# An hour passes in half a minute: slow enough to watch.
_TIME_SCALE = 120


def practise(path: Path) -> Workspace:
    """A fleet that still runs there is taken as it is."""
    workspace = Workspace(path.expanduser().resolve())
    if practice.is_running(workspace):
        return workspace
    return Workspace(practice.start(workspace.path, scenario()).workspace)


def is_answered(workspace: Workspace) -> bool:
    """Whether the workspace's imaginary servers are there: they end with the computer, and the workspace stays."""
    return practice.is_running(workspace)


def scenario() -> Scenario:
    """Most are behind. One cannot be reached, one was never backed up, and five meet trouble on their way."""
    cut = FaultSpec(when="install", kind="drop_network", after_percent=40)
    spoilt = FaultSpec(when="transfer", kind="file_corrupt")
    fails = FaultSpec(when="install", kind="installer_exit", code=1603)
    slow = FaultSpec(when="reboot", kind="slow_boot", seconds=900)
    pretends = FaultSpec(when="install", kind="exit_ok_build_unchanged")
    return Scenario(
        time_scale=_TIME_SCALE,
        servers=(
            _server("SQL-HQ-01", "2019"),
            _server("SQL-HQ-02", "2019", faults=(cut,)),
            _server("SQL-HQ-03", "2022", faults=(spoilt,)),
            _server("SQL-HQ-04", "2022", current=True),
            _server("SQL-AG-01", "2019", group=GroupSpec(name="AG-SALES", role="primary")),
            _server("SQL-AG-02", "2019", group=GroupSpec(name="AG-SALES", role="secondary")),
            _server("SQL-BR-01", "2017", site="branch", faults=(slow,)),
            _server("SQL-BR-02", "2016", site="branch", last_backup_hours=None),
            _server("SQL-BR-03", "2022", site="branch", faults=(FaultSpec(when="connect", kind="refuse"),)),
            _server("LAB-01", "2019", tenant="globex", client="lab", tags=("env=test",)),
            _server("LAB-02", "2022", tenant="globex", client="lab", tags=("env=test",), faults=(fails,)),
            _server("LAB-03", "2019", tenant="globex", client="lab", tags=("env=test",), faults=(pretends,)),
        ),
    )


def _server(
    name: str,
    family: str,
    *,
    tenant: str = "acme",
    client: str = "retail",
    site: str = "hq",
    tags: tuple[str, ...] = ("env=prod",),
    current: bool = False,
    group: GroupSpec | None = None,
    last_backup_hours: int | None = 6,
    faults: tuple[FaultSpec, ...] = (),
) -> ServerSpec:
    update = SQL_UPDATES[family]
    return ServerSpec(
        name=name,
        tenant=tenant,
        client=client,
        site=site,
        tags=tags,
        group=group,
        last_backup_hours=last_backup_hours,
        instances=(InstanceSpec(build=update.target if current else update.before),),
        faults=faults,
    )
