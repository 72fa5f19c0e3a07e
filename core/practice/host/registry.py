"""The registry of a host, as far as somebody asks for it: what Windows and setup have written there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.model.build import Build
from core.practice.host.windows import OS_VERSIONS

if TYPE_CHECKING:
    from core.practice.host.machine import Machine
    from core.practice.host.sql_server import SqlServer

Value = str | int
Registry = dict[str, dict[str, Value]]

SQL_ROOT = r"HKLM\SOFTWARE\Microsoft\Microsoft SQL Server"
_WINDOWS = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_COMPUTER = r"HKLM\SYSTEM\CurrentControlSet\Control\ComputerName"
# An update changes the patch level; what setup once installed stays.
_RELEASES = {11: "11.0.2100.60", 12: "12.0.2000.8", 13: "13.0.1601.5", 14: "14.0.1000.169"}


def registry_of(machine: Machine) -> Registry:
    """By key, then by the value's name."""
    caption, version, _ = OS_VERSIONS[machine.spec.os]
    found: Registry = {
        r"HKLM\SOFTWARE\Microsoft\Cryptography": {"MachineGuid": machine.machine_id},
        _WINDOWS: {
            "ProductName": caption.removeprefix("Microsoft "),
            "CurrentBuildNumber": version.rpartition(".")[2],
            "UBR": machine.updates.revision,
        },
        rf"{_COMPUTER}\ActiveComputerName": {"ComputerName": machine.name.upper()},
        rf"{_COMPUTER}\ComputerName": {"ComputerName": machine.name.upper()},
    }
    if machine.instances:
        found[rf"{SQL_ROOT}\Instance Names\SQL"] = {one.name: one.instance_id for one in machine.instances}
    if machine.group is not None:
        found[r"HKLM\Cluster"] = {"ClusterName": f"{machine.group.name}-CL"}
    for instance in machine.instances:
        found |= _instance(machine, instance)
    return found


def setup_key(instance: SqlServer) -> str:
    return rf"{SQL_ROOT}\{instance.instance_id}\Setup"


def tcp_key(instance: SqlServer) -> str:
    return rf"{SQL_ROOT}\{instance.instance_id}\MSSQLServer\SuperSocketNetLib\Tcp"


def _instance(machine: Machine, instance: SqlServer) -> Registry:
    """As setup writes them: an own key for each instance, and one that a version's instances share."""
    build, key = Build.parse(instance.build), rf"{SQL_ROOT}\{instance.instance_id}"
    program = rf"C:\Program Files\Microsoft SQL Server\{build.major * 10}"
    found: Registry = {
        setup_key(instance): {
            "Version": _RELEASES.get(build.major, f"{build.major}.0.{'1000.6' if build.major > 15 else '2000.5'}"),
            "PatchLevel": instance.build,
            "SP": 0,
            "Edition": instance.edition,
            "FeatureList": "SQL_Engine_Core_Inst=3 SQL_Engine_Core_Shared=3 SQL_Replication_Core_Inst=3",
            "Language": 1033,
            "Collation": "SQL_Latin1_General_CP1_CI_AS",
            "SQLPath": instance.folder,
            "SQLBinRoot": rf"{instance.folder}\Binn",
            "SQLDataRoot": instance.folder,
            "SqlProgramDir": "C:\\Program Files\\Microsoft SQL Server\\",
        },
        rf"{key}\MSSQLServer": {
            "DefaultData": rf"{instance.folder}\DATA",
            "DefaultLog": rf"{instance.folder}\DATA",
            "BackupDirectory": rf"{instance.folder}\Backup",
            "LoginMode": 2,
        },
        tcp_key(instance): {"Enabled": 1},
        rf"{tcp_key(instance)}\IPAll": {"TcpPort": "", "TcpDynamicPorts": str(instance.tcp_port or "")},
        rf"{SQL_ROOT}\{build.major * 10}\Bootstrap": {"BootstrapDir": rf"{program}\Setup Bootstrap"},
    }
    if instance.clustered and machine.group is not None:
        found[rf"{key}\Cluster"] = {"ClusterName": machine.group.name}
    return found
