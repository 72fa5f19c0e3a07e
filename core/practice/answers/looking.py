"""The faults whose moment is a look at the host."""

from core.practice.host import engines
from core.practice.host.jobs import Claim
from core.practice.host.machine import NETWORK_DOWN_SECONDS, Machine

ALMOST_NOTHING = 200 * 1024


def befall(machine: Machine) -> None:
    """Lets those happen that have waited for this look, before it shows anything."""
    moment = machine.moment()
    if machine.fault(moment, "drop_network") is not None:
        machine.cut_network(NETWORK_DOWN_SECONDS)
    if machine.fault(moment, "disk_full") is not None:
        machine.free["C"] = ALMOST_NOTHING
    if machine.fault(moment, "pending_reboot") is not None:
        machine.pending_reboot.append("windows_update")
    if machine.fault(moment, "second_console") is not None and machine.claim is None:
        machine.claim = Claim("another console", "another run", 1, machine.now)
    if machine.fault(moment, "wua_denied") is not None:
        machine.updates.denies_network = True
    other = machine.fault(moment, "other_installer")
    if other is not None:
        machine.install_something("wusa.exe", other.seconds)
    for application in machine.spec.applications[:1]:
        if machine.fault(moment, "application_down") is not None:
            machine.dead.add(application.casefold())
    if machine.claim is not None and machine.fault(moment, "role_changed") is not None and machine.group is not None:
        # Between the plan and the turn of this host: it takes the lead over, or hands it on.
        leads = machine.group.part_of(machine.name) == "leading"
        machine.group.fail_over(None if leads else machine.name)
    for instance in machine.instances[:1]:
        if machine.fault(moment, "service_down") is not None:
            engines.die(machine, instance)
        busy = machine.fault(moment, "job_running")
        if busy is not None:
            engines.keep_busy(machine, instance, busy.seconds)
        if machine.fault(moment, "database_suspect") is not None:
            engines.lose_database(machine, instance, "Sales")
