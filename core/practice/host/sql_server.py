"""An instance of SQL Server on an imaginary host."""

from dataclasses import dataclass, field
from datetime import datetime

from core.model.build import Build
from core.practice.spec.instance import InstanceSpec


@dataclass
class SqlServer:
    """One instance: what registry, file and engine say of it."""

    name: str
    build: str
    edition: str
    encryption: str = "login"
    rights: str = "sysadmin"
    running: bool = True
    needs_upgrade: bool = False
    upgrading: bool = False
    busy_since: datetime | None = None
    databases: dict[str, str] = field(
        default_factory=lambda: dict.fromkeys(("master", "model", "msdb", "Sales", "tempdb"), "ONLINE")
    )

    @property
    def service(self) -> str:
        return "MSSQLSERVER" if self.name.upper() == "MSSQLSERVER" else f"MSSQL${self.name}"

    @property
    def instance_id(self) -> str:
        return f"MSSQL{Build.parse(self.build).major}.{self.name}"


def sql_server(spec: InstanceSpec) -> SqlServer:
    return SqlServer(spec.name, spec.build, spec.edition, spec.encryption, spec.rights)
