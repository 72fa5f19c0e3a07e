"""What Windows itself says: its versions, and what it writes down when the host stops and starts."""

from core.practice.host.event_log import Level, Log

OS_VERSIONS: dict[str, tuple[str, str, int]] = {
    "windows-2016": ("Microsoft Windows Server 2016 Standard", "10.0.14393", 8066),
    "windows-2019": ("Microsoft Windows Server 2019 Standard", "10.0.17763", 7314),
    "windows-2022": ("Microsoft Windows Server 2022 Standard", "10.0.20348", 3692),
    "windows-2025": ("Microsoft Windows Server 2025 Standard", "10.0.26100", 4061),
}

# Log, source, number, level, message.
Event = tuple[Log, str, int, Level, str]


def asked_to_restart(host: str, process: str, user: str) -> Event:
    message = (
        f"The process {process} ({host}) has initiated the restart of computer {host} on behalf of user {user}"
        " for the following reason: Operating System: Service pack (Planned)"
    )
    return "System", "User32", 1074, "Information", message


def stopped() -> tuple[Event, ...]:
    return (
        ("System", "EventLog", 6006, "Information", "The Event log service was stopped."),
        ("System", "Microsoft-Windows-Kernel-General", 13, "Information", "The operating system is shutting down."),
    )


def started(orderly: bool) -> tuple[Event, ...]:
    """One that was not stopped says so when it is back."""
    events: tuple[Event, ...] = (
        ("System", "Microsoft-Windows-Kernel-General", 12, "Information", "The operating system started."),
        ("System", "EventLog", 6005, "Information", "The Event log service was started."),
    )
    if orderly:
        return events
    return (
        *events,
        ("System", "EventLog", 6008, "Error", "The previous system shutdown was unexpected."),
        (
            "System",
            "Microsoft-Windows-Kernel-Power",
            41,
            "Critical",
            "The system has rebooted without cleanly shutting down first.",
        ),
    )


def service_state(title: str, state: str) -> Event:
    return "System", "Service Control Manager", 7036, "Information", f"The {title} service entered the {state} state."


def service_died(title: str) -> Event:
    message = f"The {title} service terminated unexpectedly. It has done this 1 time(s)."
    return "System", "Service Control Manager", 7034, "Error", message


def service_ended(title: str, code: int) -> Event:
    message = f"The {title} service terminated with the following service-specific error: %%{code}"
    return "System", "Service Control Manager", 7024, "Error", message


def dependency_failed(title: str, needed: str) -> Event:
    message = f"The {title} service depends on the {needed} service which failed to start."
    return "System", "Service Control Manager", 7001, "Error", message


def product_configured(product: str, code: int) -> Event:
    good = code in (0, 3010)
    message = f"Windows Installer reconfigured {product}. Reconfiguration success or error status: {code}."
    return "Application", "MsiInstaller", 1035, "Information" if good else "Error", message
