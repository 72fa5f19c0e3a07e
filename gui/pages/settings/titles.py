"""The operator's words for files, sections and settings."""

from __future__ import annotations

from functools import cache

from gui.language import tr
from gui.words import in_words


def file_title(name: str) -> str:
    return _files().get(name, name)


def title_of(path: str) -> str:
    """Of a setting, by its path without numbers; the longest end of the path that is known counts."""
    parts = path.split(".")
    found = (_titles().get(".".join(parts[start:])) for start in range(len(parts)))
    return next((one for one in found if one is not None), in_words(parts[-1]).capitalize())


def is_titled(path: str) -> bool:
    parts = path.split(".")
    return any(".".join(parts[start:]) in _titles() for start in range(len(parts)))


def _files() -> dict[str, str]:
    return {
        "config/audit_config.json": tr("This computer"),
        "config/sql_targets.json": tr("Servers"),
        "config/hotfix_mapping.json": tr("Hotfixes"),
        "config/build_reference.json": tr("Builds"),
        "config/policies/default.json": tr("Policy"),
    }


@cache
def _titles() -> dict[str, str]:
    return _computer() | _servers() | _hotfixes() | _policy_updates() | _policy_course() | _policy_checks()


def _computer() -> dict[str, str]:
    return {
        "organization": tr("Organisation"),
        "concurrency": tr("At the same time"),
        "max_concurrent_servers": tr("Servers at most"),
        "max_per_tenant": tr("Servers of one tenant at most"),
        "stagger_seconds": tr("Between two starts (seconds)"),
        "timeouts": tr("Time limits"),
        "step": tr("A step is overdue after"),
        "hard_limit_factor": tr("Given up after so many times that"),
        "timeouts.reboot": tr("A restart"),
        "connection_loss": tr("A lost line"),
        "sql_startup": tr("SQL Server coming up"),
        "update_search": tr("Searching for system updates"),
        "remoting": tr("Reaching the servers"),
        "transport": tr("Transport"),
        "remoting.port": tr("Remoting port"),
        "remoting.auth": tr("Logon"),
        "ca_file": tr("Certificate authority (PEM file)"),
        "remoting.credential_ref": tr("Windows credential"),
        "sql": tr("SQL Server"),
        "driver": tr("ODBC driver"),
        "transfer": tr("Bringing packages"),
        "routes": tr("Ways"),
        "share": tr("Share"),
        "max_parallel": tr("Packages at the same time"),
        "smb_port": tr("SMB port"),
        "stall_minutes": tr("Cut when it stands still for (minutes)"),
        "output": tr("Reports and logs"),
        "time_zone": tr("Time zone of reports"),
        "keep_logs_days": tr("Keep logs for (days)"),
        "excel": tr("Write Excel"),
        "html": tr("Write HTML"),
        "inventory": tr("Where servers are listed"),
        "source": tr("Source"),
        "inventory.database": tr("AutoDBAudit's database"),
    }


def _servers() -> dict[str, str]:
    return {
        "targets": tr("Targets"),
        "id": tr("Identifier"),
        "name": tr("Name"),
        "server": tr("Server"),
        "instance": tr("Instance"),
        "port": tr("SQL port"),
        "database": tr("Database"),
        "auth": tr("SQL login"),
        "username": tr("User name"),
        "credential_ref": tr("SQL credential"),
        "os_credential_ref": tr("Windows credential"),
        "connect_timeout": tr("Connection limit (seconds)"),
        "enabled": tr("Enabled: assessed and patched"),
        "metadata": tr("About it"),
        "tags": tr("Tags"),
        "ip_address": tr("Address"),
        "description": tr("Description"),
        "tenant": tr("Tenant"),
        "client": tr("Client"),
        "site": tr("Site"),
        "os": tr("System"),
        "criticality": tr("Criticality"),
        "owner": tr("Owner"),
        "service": tr("Service"),
        "group": tr("Group"),
        "failure_domain": tr("Fails with"),
        "global_settings": tr("Connections to SQL Server"),
        "global_settings.timeout_seconds": tr("Limit (seconds)"),
        "encrypt_connection": tr("Encrypt"),
        "trust_server_certificate": tr("Trust any certificate"),
    }


def _hotfixes() -> dict[str, str]:
    return {
        "mappings": tr("What each version is brought to"),
        "version_family": tr("Version"),
        "edition_filter": tr("Edition"),
        "min_build": tr("From build"),
        "target_build": tr("To build"),
        "mappings.branch": tr("Branch"),
        "files": tr("Packages"),
        "filename": tr("File"),
        "path": tr("Folder or file"),
        "files.order": tr("Turn"),
        "files.required": tr("Required"),
        "parameters": tr("Switches"),
        "sha256": tr("SHA-256"),
        "size_bytes": tr("Size (bytes)"),
        "kb": tr("KB"),
        "timeout_minutes": tr("Overdue after (minutes)"),
        "success_codes": tr("Exit codes of success"),
        "reboot_codes": tr("Exit codes that ask for a restart"),
        "remove_parameters": tr("Switches to remove it"),
        "requires_restart": tr("Restart afterwards"),
        "notes": tr("Notes"),
        "unsupported_versions": tr("Versions that are not patched"),
        "message": tr("What to say"),
        "as_of": tr("As of"),
        "builds": tr("Builds"),
        "version": tr("Build"),
        "family": tr("Version"),
        "level": tr("Level"),
        "kbs": tr("KBs"),
        "branch": tr("Branch"),
        "released": tr("Released"),
        "support_ends": tr("Support ends"),
        "withdrawn": tr("Withdrawn"),
    }


def _policy_updates() -> dict[str, str]:
    return {
        "updates": tr("Updates"),
        "updates.sql": tr("SQL Server updates"),
        "updates.sql.enabled": tr("Install them"),
        "updates.sql.branch": tr("Branch"),
        "updates.sql.target": tr("Which"),
        "minimum_age_days": tr("Days since its release at least"),
        "minimum_age_days.cu": tr("Cumulative updates"),
        "minimum_age_days.security": tr("Security updates"),
        "updates.sql.kbs": tr("By KB number"),
        "updates.os.kbs": tr("By KB number"),
        "include": tr("Always"),
        "exclude": tr("Never"),
        "pins": tr("Builds held down"),
        "max_build": tr("Highest build"),
        "pins.reason": tr("Why"),
        "review_by": tr("Look at it again by"),
        "applies_to": tr("On which servers"),
        "servers": tr("Names"),
        "tenants": tr("Tenants"),
        "clients": tr("Clients"),
        "sites": tr("Sites"),
        "updates.os": tr("System updates"),
        "updates.os.enabled": tr("Install them"),
        "updates.os.service": tr("Who is asked"),
        "classifications": tr("Kinds"),
        "severities": tr("Severities"),
    }


def _policy_course() -> dict[str, str]:
    return {
        "order": tr("Order"),
        "reboot": tr("Restarts"),
        "mode": tr("When"),
        "notice_seconds": tr("Notice (seconds)"),
        "max_hosts": tr("Hosts at most"),
        "max_reboots": tr("Restarts at most"),
        "max_per_failure_domain": tr("Hosts that fail together at most"),
        "soak_minutes": tr("Watch afterwards for (minutes)"),
        "canary": tr("Canaries"),
        "canary.hosts": tr("How many"),
        "tag": tr("Tag"),
        "failure_budget": tr("Stop when too many fail"),
        "failure_budget.hosts": tr("Hosts that may fail"),
        "percent": tr("Share of hosts that may fail (%)"),
        "retries": tr("When another installation runs"),
        "attempts": tr("Attempts"),
        "wait_minutes": tr("Wait (minutes)"),
        "factor": tr("Each wait longer by"),
        "retries.runs": tr("Tries of a failed host, in all runs of a plan"),
        "services": tr("Services around the installation"),
        "services.stop_agent": tr("Stop SQL Server Agent"),
        "services.stop": tr("Stop these, too"),
        "maintenance_windows": tr("Maintenance windows"),
        "weekdays": tr("Days"),
        "start": tr("Begins at"),
        "duration_minutes": tr("Length (minutes)"),
        "zone": tr("Time zone"),
        "undo": tr("When something is worse than before"),
        "on_regression": tr("Then"),
    }


def _policy_checks() -> dict[str, str]:
    return {
        "preflight": tr("Checks before a host is touched"),
        "space_factor": tr("Free space, times the packages"),
        "minimum_free_gb": tr("Free space at least (GB)"),
        "ignored_pending_reboots": tr("Pending restarts that only warn"),
        "backup": tr("Backups"),
        "backup_evidence": tr("Evidence"),
        "max_age_hours": tr("No older than (hours)"),
        "backup.reason": tr("Why there is none"),
        "running_jobs": tr("Jobs that run"),
        "kinds": tr("Wait for"),
        "running_jobs.wait_minutes": tr("Wait at most (minutes)"),
        "ignored_jobs": tr("Agent jobs that may be cut off"),
        "application_checks": tr("Checks before and after"),
        "timeout_seconds": tr("Limit (seconds)"),
        "required": tr("It must pass"),
        "url": tr("Web address"),
        "status": tr("Answer's code"),
        "contains": tr("Answer holds"),
        "process": tr("Process"),
        "query": tr("SELECT"),
        "expect": tr("First value"),
        "application_checks.instance": tr("Instance"),
        "application_checks.port": tr("Port"),
        "host": tr("Host"),
        "diagnostics": tr("Diagnostics"),
        "collect": tr("Collect them"),
        "diagnostics.include": tr("What"),
        "max_megabytes": tr("Megabytes at most"),
        "max_minutes": tr("Minutes at most"),
        "rest_hours": tr("Not again for (hours)"),
        "diagnostics.required": tr("A run fails without them"),
    }
