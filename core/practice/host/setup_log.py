"""What setup writes down: Summary.txt, and Detail.txt in a folder with the time in its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.model.build import Build
from core.practice.host.sql_server import SqlServer
from core.practice.packages import Content

_PASSED, _REBOOT, _FAILED = "Passed", "Passed but reboot required, see logs for details", "Failed: see details below"
_REBOOT_NEEDED = 3010
_WIDTH = 31


@dataclass(frozen=True, slots=True)
class Installation:
    """One run of setup, to be written down."""

    machine: str
    system: str
    clustered: bool
    content: Content
    arguments: tuple[str, ...]
    began: datetime
    ended: datetime
    code: int
    found: Sequence[SqlServer]
    meant: Sequence[SqlServer]


@dataclass(frozen=True, slots=True)
class SetupLog:
    """The folder that one run leaves."""

    folder: str
    summary: str
    detail: str
    ended: datetime
    """In the host's local time."""


def setup_log(one: Installation) -> SetupLog:
    root = rf"C:\Program Files\Microsoft SQL Server\{folder_of(one.content)}\Setup Bootstrap\Log"
    folder = rf"{root}\{one.began:%Y%m%d_%H%M%S}"
    return SetupLog(folder, _summary(one, folder), _detail(one), one.ended)


def folder_of(content: Content) -> int:
    build = Build.parse(content.build)
    return build.major * 10


def _summary(one: Installation, folder: str) -> str:
    features = "".join(_feature(instance, one.code) for instance in one.meant)
    return "".join(
        (
            _overall("Overall summary:", one),
            *(_overall(f"Instance {instance.name} overall summary:", one) for instance in one.meant),
            _block(
                "Machine Properties:",
                ("Machine name", one.machine),
                ("OS version", one.system),
                ("OS architecture", "x64"),
                ("OS clustered", "Yes" if one.clustered else "No"),
            ),
            _discovered(one),
            _block(
                "Package properties:",
                ("Description", f"Microsoft SQL Server {one.content.family}"),
                ("KBArticle", f"KB{one.content.kb}"),
                ("Platform", "x64"),
                ("PatchLevel", one.content.build),
            ),
            _block("User Input Settings:", *_settings(one.arguments)),
            "Rules with failures:\r\n\r\nGlobal rules:\r\n\r\n",
            f"Detailed results:\r\n{features}",
            f"Rules report file:               {folder}\\SystemConfigurationCheck_Report.htm\r\n",
        )
    )


def _overall(title: str, one: Installation) -> str:
    final = _final(one.code)
    told = [("Final result", final), ("Exit code (Decimal)", str(one.code))]
    if final is not _PASSED:
        told.append(("Exit message", final if final is _REBOOT else _component_message(one.code)))
    told += [
        ("Start time", f"{one.began:%Y-%m-%d %H:%M:%S}"),
        ("End time", f"{one.ended:%Y-%m-%d %H:%M:%S}"),
        ("Requested action", "RemovePatch" if _removes(one.arguments) else "Patch"),
    ]
    return _block(title, *told)


def _discovered(one: Installation) -> str:
    heads = ("Product", "Instance", "Instance ID", "Feature", "Edition", "Version", "Clustered")
    rows = [
        (
            f"SQL Server {Build.parse(each.build).family}",
            each.name,
            each.instance_id,
            "Database Engine Services",
            each.edition,
            each.build,
            "Yes" if each.clustered else "No",
        )
        for each in one.found
    ]
    lines = ("  " + "".join(f"{cell:<26}" for cell in row).rstrip() for row in (heads, *rows))
    return "Product features discovered:\r\n" + "".join(f"{line}\r\n" for line in lines) + "\r\n"


def _settings(arguments: Sequence[str]) -> list[tuple[str, str]]:
    given = dict(_switch(word) for word in arguments if word.startswith("/"))
    known = {
        "ACTION": "Patch",
        "ALLINSTANCES": "false",
        "IACCEPTSQLSERVERLICENSETERMS": "false",
        "INSTANCEID": "<empty>",
        "INSTANCENAME": "<empty>",
        "QUIET": "false",
    }
    return sorted((known | given).items())


def _switch(word: str) -> tuple[str, str]:
    name, separator, value = word.removeprefix("/").partition("=")
    return name.upper(), value if separator else "true"


def _removes(arguments: Sequence[str]) -> bool:
    return any(_switch(word) == ("ACTION", "RemovePatch") for word in arguments if word.startswith("/"))


def _feature(instance: SqlServer, code: int) -> str:
    good = code in (0, _REBOOT_NEEDED)
    told = [("Feature", f"Database Engine Services ({instance.name})")]
    told.append(("Status", _final(code) if good else "Failed: see logs for details"))
    if not good:
        told += [
            ("Reason for failure", "An error occurred during the setup process of the feature."),
            ("Next Step", "Use the following information to resolve the error, and then try the setup process again."),
            ("Component name", "SQL Server Database Engine Services Instance Features"),
            ("Component error code", f"0x{code & 0xFFFFFFFF:08X}"),
            ("Error description", _component_message(code)),
        ]
    return _lines(*told) + "\r\n"


def _component_message(code: int) -> str:
    return f"The patch installer has failed to update the following instance. Error code 0x{code & 0xFFFFFFFF:08X}"


def _final(code: int) -> str:
    if code == _REBOOT_NEEDED:
        return _REBOOT
    return _PASSED if code == 0 else _FAILED


def _detail(one: Installation) -> str:
    told = [
        (one.began, f"Slp: Running Action: {'RemovePatch' if _removes(one.arguments) else 'Patch'}"),
        *((one.began, f"Slp: Found instance {each.instance_id} at {each.build}") for each in one.found),
        *((one.ended, f"Slp: Completed instance {each.instance_id}") for each in one.meant),
        (one.ended, f"Slp: Result error code: 0x{one.code & 0xFFFFFFFF:08X}"),
    ]
    return "".join(f"(01) {at:%Y-%m-%d %H:%M:%S} {message}\r\n" for at, message in told)


def _block(title: str, *told: tuple[str, str]) -> str:
    return f"{title}\r\n{_lines(*told)}\r\n"


def _lines(*told: tuple[str, str]) -> str:
    return "".join(f"  {name + ':':<{_WIDTH}}{value}\r\n" for name, value in told)
