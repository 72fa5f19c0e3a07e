"""An instance of SQL Server on an imaginary host."""

from dataclasses import dataclass, field
from datetime import datetime

from core.model.build import Build
from core.practice.host.error_log import ErrorLog
from core.practice.host.services import WindowsService, agent_service, engine_service
from core.practice.spec.instance import FIRST_WITH_STRICT, InstanceSpec

_SYSTEM_DATABASES = ("master", "model", "msdb", "tempdb")


@dataclass(eq=False)
class SqlServer:
    """One instance: what registry, file and engine say of it."""

    name: str
    build: str
    edition: str
    engine: WindowsService
    agent: WindowsService
    encryption: str = "login"
    rights: str = "sysadmin"
    clustered: bool = False
    tcp_port: int | None = None
    needs_upgrade: str | None = None
    """The build from which its next start has to lead its databases on."""
    replaced: tuple[str, ...] = ()
    """The builds before each of its updates: setup can take it back to the last one."""
    upgrading: bool = False
    is_broken: bool = False
    """Its upgrade scripts failed: it ends again at each start."""
    busy_since: datetime | None = None
    databases: dict[str, str] = field(
        default_factory=lambda: dict.fromkeys(sorted((*_SYSTEM_DATABASES, "Sales"), key=str.casefold), "ONLINE")
    )
    error_log: ErrorLog = field(default_factory=ErrorLog)

    @property
    def running(self) -> bool:
        return self.engine.running

    @property
    def service(self) -> str:
        return self.engine.name

    @property
    def is_default(self) -> bool:
        return self.name.upper() == "MSSQLSERVER"

    @property
    def knows_strict(self) -> bool:
        """TLS before TDS came with SQL Server 2022."""
        return Build.parse(self.build).major >= FIRST_WITH_STRICT

    @property
    def instance_id(self) -> str:
        build = Build.parse(self.build)
        return f"MSSQL{build.major}.{self.name}"

    @property
    def folder(self) -> str:
        return rf"C:\Program Files\Microsoft SQL Server\{self.instance_id}\MSSQL"

    @property
    def user_databases(self) -> tuple[str, ...]:
        return tuple(name for name in self.databases if name not in _SYSTEM_DATABASES)


def sql_server(spec: InstanceSpec, clustered: bool, active: bool) -> SqlServer:
    """A cluster starts the engine itself, and on one node only."""
    default = spec.name.upper() == "MSSQLSERVER"
    engine, agent = ("MSSQLSERVER", "SQLSERVERAGENT") if default else (f"MSSQL${spec.name}", f"SQLAgent${spec.name}")
    mode = "Manual" if clustered else spec.start_mode
    runs = active and mode != "Disabled"
    one = SqlServer(
        spec.name,
        spec.build,
        spec.edition,
        engine_service(spec.name, engine, rf"NT Service\{engine}", mode),
        agent_service(spec.name, agent, engine, rf"NT Service\{agent}", "Manual" if clustered else "Auto"),
        spec.encryption,
        spec.rights,
        clustered,
    )
    one.engine.running = one.agent.running = runs
    return one
