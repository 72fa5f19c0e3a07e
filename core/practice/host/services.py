"""The Windows services of a host: how each starts, after which others, and whether it runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

StartMode = Literal["Auto", "Delayed", "Trigger", "Manual", "Disabled"]

_AT_BOOT: frozenset[StartMode] = frozenset({"Auto", "Delayed"})
_QUICK, _AS_ENGINES_START = (0.5, 3.0), (5.0, 15.0)
DELAY_SECONDS = 120.0


@dataclass(eq=False)
class WindowsService:
    """One service. Seconds: the shortest and the longest time that it takes to start."""

    name: str
    title: str
    start_mode: StartMode = "Auto"
    depends_on: tuple[str, ...] = ()
    account: str = "LocalSystem"
    seconds: tuple[float, float] = _QUICK
    running: bool = True
    starting: bool = False


class Services:
    """All services of one host."""

    def __init__(self, services: Iterable[WindowsService]) -> None:
        self._by_name = {one.name.casefold(): one for one in services}

    def __iter__(self) -> Iterator[WindowsService]:
        return iter(self._by_name.values())

    def find(self, name: str) -> WindowsService | None:
        return self._by_name.get(name.casefold())

    def stop_all(self) -> None:
        for one in self:
            one.running = one.starting = False

    def stop(self, service: WindowsService) -> list[WindowsService]:
        """The service, and before it whatever cannot be without it. Says what ended, in that order."""
        stopped = [below for one in self._dependents(service) for below in self.stop(one)]
        if service.running or service.starting:
            service.running = service.starting = False
            stopped.append(service)
        return stopped

    def startable(self) -> list[WindowsService]:
        """What begins to start at boot and has everything that it depends on."""
        return [
            one
            for one in self
            if one.start_mode in _AT_BOOT and not one.running and not one.starting and self._may(one)
        ]

    def waiting(self, name_part: str) -> tuple[str, ...]:
        """Automatic services that do not run, by a part of their names."""
        return tuple(
            one.name for one in self if one.start_mode in _AT_BOOT and not one.running and name_part in one.name.upper()
        )

    def _may(self, service: WindowsService) -> bool:
        needed = (self.find(name) for name in service.depends_on)
        return all(one is None or one.running for one in needed)

    def _dependents(self, service: WindowsService) -> list[WindowsService]:
        name = service.name.casefold()
        return [one for one in self if name in map(str.casefold, one.depends_on)]


def system_services() -> list[WindowsService]:
    """What every Windows server of ours has."""
    return [
        WindowsService("RpcSs", "Remote Procedure Call (RPC)", account=r"NT AUTHORITY\NetworkService"),
        WindowsService("EventLog", "Windows Event Log", account=r"NT AUTHORITY\LocalService"),
        WindowsService("Winmgmt", "Windows Management Instrumentation", depends_on=("RpcSs",)),
        WindowsService("Schedule", "Task Scheduler", depends_on=("RpcSs",)),
        WindowsService("LanmanWorkstation", "Workstation", account=r"NT AUTHORITY\NetworkService"),
        WindowsService("LanmanServer", "Server"),
        WindowsService("WinRM", "Windows Remote Management (WS-Management)", depends_on=("RpcSs",)),
        WindowsService("W32Time", "Windows Time", "Trigger", account=r"NT AUTHORITY\LocalService"),
        WindowsService("TrustedInstaller", "Windows Modules Installer", "Manual", running=False),
        WindowsService("wuauserv", "Windows Update", "Trigger", ("RpcSs",), running=False),
    ]


def cluster_service() -> WindowsService:
    return WindowsService("ClusSvc", "Cluster Service", depends_on=("RpcSs",))


def engine_service(name: str, service: str, account: str, mode: StartMode) -> WindowsService:
    return WindowsService(service, f"SQL Server ({name})", mode, account=account, seconds=_AS_ENGINES_START)


def agent_service(name: str, service: str, engine: str, account: str, mode: StartMode) -> WindowsService:
    return WindowsService(service, f"SQL Server Agent ({name})", mode, (engine,), account)


def browser_service() -> WindowsService:
    return WindowsService("SQLBrowser", "SQL Server Browser", account=r"NT AUTHORITY\LocalService")


def writer_service() -> WindowsService:
    return WindowsService("SQLWriter", "SQL Server VSS Writer", depends_on=("RpcSs",))
