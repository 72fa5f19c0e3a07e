"""The operator's words for what a setting may be; the file's own word stands beside them where they are chosen."""

from __future__ import annotations

from functools import cache

from core.model.form import Choice, Field, Picks
from gui.language import tr
from gui.words import in_words, log_word


def options_of(field: Field) -> tuple[str, ...]:
    return field.input.options if isinstance(field.input, Choice | Picks) else ()


def option_words(path: str, option: str) -> str:
    """Of a setting, by its path without numbers; the longest end of the path that is known counts."""
    parts = path.split(".")
    ends = (_options().get(".".join(parts[start:])) for start in range(len(parts)))
    known = next((one for one in ends if one is not None), {})
    return known.get(option, in_words(option))


def in_the_file(option: str) -> str:
    return tr('In the file: "{option}"', option=option)


def is_worded(path: str, option: str) -> bool:
    parts = path.split(".")
    return any(option in _options().get(".".join(parts[start:]), {}) for start in range(len(parts)))


@cache
def _options() -> dict[str, dict[str, str]]:
    return _computer() | _servers() | _builds() | _policy_updates() | _policy_course() | _policy_checks()


def _computer() -> dict[str, dict[str, str]]:
    return {
        "transport": {"http": tr("HTTP"), "https": tr("HTTPS")},
        "remoting.auth": {
            "kerberos": tr("Kerberos"),
            "ntlm": tr("NTLM"),
            "negotiate": tr("Negotiate: Kerberos, else NTLM"),
            "basic": tr("Basic: name and password"),
            "credssp": tr("CredSSP: the server gets the password"),
        },
        "routes": {
            "share": tr("fetched from a share"),
            "smb": tr("copied to the administrative share"),
            "psrp": tr("sent over PowerShell remoting"),
        },
        "source": {"targets": tr("the list under Servers"), "autodbaudit": tr("AutoDBAudit's database")},
    }


def _servers() -> dict[str, dict[str, str]]:
    return {
        "targets.auth": {"integrated": tr("Windows account"), "sql": tr("SQL Server login")},
        "criticality": {"low": tr("low"), "normal": tr("normal"), "high": tr("high")},
    }


def _builds() -> dict[str, dict[str, str]]:
    years = ("2000", "2005", "2008", "2012", "2014", "2016", "2017", "2019", "2022", "2025")
    return {
        "version_family": {year: tr("SQL Server {year}", year=year) for year in years}
        | {"2008R2": tr("SQL Server 2008 R2")},
        "mappings.branch": {
            "gdr": tr("GDR: security updates alone"),
            "cu": tr("CU: cumulative updates"),
            "azure_connect": tr("Azure Connect pack"),
        },
        "builds.branch": {
            "rtm_sp": tr("first release or service pack"),
            "gdr": tr("GDR: security updates alone"),
            "cu": tr("cumulative update"),
            "security_on_cu": tr("security update on a cumulative update"),
            "hotfix_on_cu": tr("hotfix on a cumulative update"),
            "azure_connect": tr("Azure Connect pack"),
            "preview": tr("preview"),
            "ambiguous": tr("its number does not tell"),
        },
    }


def _policy_updates() -> dict[str, dict[str, str]]:
    return {
        "sql.branch": {
            "stay": tr("each instance keeps its branch"),
            "gdr": tr("GDR: no instance leaves it"),
            "cu": tr("CU: instances may leave GDR, for good"),
        },
        "sql.target": {
            "newest": tr("the newest mapped build old enough"),
            "previous": tr("one cumulative update behind that"),
        },
        "os.service": {
            "default": tr("what each host is set to"),
            "managed": tr("the host's WSUS server"),
            "windows_update": tr("Windows Update"),
            "microsoft_update": tr("Microsoft Update"),
        },
        "classifications": {
            "security": tr("security updates"),
            "critical": tr("critical updates"),
            "update_rollup": tr("update rollups"),
            "service_pack": tr("service packs"),
            "update": tr("other updates"),
            "driver": tr("drivers"),
        },
        "severities": {
            "critical": tr("critical"),
            "important": tr("important"),
            "moderate": tr("moderate"),
            "low": tr("low"),
            "unrated": tr("not rated"),
        },
    }


def _policy_course() -> dict[str, dict[str, str]]:
    return {
        "order": {
            "sql_first": tr("SQL Server first, then the system, one restart"),
            "reboot_first": tr("a clean restart before everything"),
            "os_first": tr("the system and its restart, then SQL Server"),
        },
        "reboot.mode": {
            "immediate": tr("when its updates need it, at once"),
            "window": tr("only while a maintenance window is open"),
            "leave": tr("never: the operator restarts it"),
        },
        "weekdays": {
            "monday": tr("Monday"),
            "tuesday": tr("Tuesday"),
            "wednesday": tr("Wednesday"),
            "thursday": tr("Thursday"),
            "friday": tr("Friday"),
            "saturday": tr("Saturday"),
            "sunday": tr("Sunday"),
        },
        "on_regression": {
            "report": tr("only tell what is worse"),
            "offer": tr("tell how it is taken back by hand"),
            "take_back": tr("take back what the run brought"),
        },
    }


def _policy_checks() -> dict[str, dict[str, str]]:
    logs = ("setup_log", "errorlog", "event_log", "servicing_log", "cluster_log")
    return {
        "ignored_pending_reboots": {
            "servicing_reboot_pending": tr("Windows servicing waits for it"),
            "servicing_reboot_in_progress": tr("Windows servicing is in the midst of it"),
            "servicing_packages_pending": tr("Windows servicing has packages left"),
            "windows_update": tr("Windows Update asks for it"),
            "windows_update_reporting": tr("Windows Update has yet to report"),
            "file_rename": tr("files are to be renamed"),
            "update_exe_volatile": tr("an older installer asks for it"),
            "computer_rename": tr("the computer gets another name"),
            "domain_join": tr("a domain is being joined"),
            "windows_update_agent": tr("the update agent asks for it"),
            "configuration_manager": tr("Configuration Manager asks for it"),
        },
        "backup_evidence": {
            "msdb": tr("msdb of each instance"),
            "external": tr("another product answers for it"),
            "waived": tr("none is wanted"),
        },
        "running_jobs.kinds": {
            "backup": tr("backups"),
            "restore": tr("restores"),
            "checkdb": tr("DBCC CHECKDB"),
            "agent_job": tr("jobs of SQL Server Agent"),
        },
        "application_checks.kind": {
            "process": tr("a process runs"),
            "service": tr("a service runs"),
            "tcp": tr("a port answers"),
            "http": tr("a web address answers"),
            "sql": tr("a query answers"),
        },
        "collect": {
            "never": tr("never"),
            "on_failure": tr("when a host does not end well"),
            "always": tr("always"),
        },
        "diagnostics.include": {kind: log_word(kind) for kind in logs},
    }
