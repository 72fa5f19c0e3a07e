"""How a host goes down and comes up: asked to, or because its power fails."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from core.practice.host import engines, windows
from core.practice.host.machine import NETWORK_DOWN_SECONDS, Machine

_SHORTEST_UPTIME = timedelta(minutes=2)


def restart(machine: Machine, delay: float) -> None:
    machine.note("reboot", boot_id=machine.boot_id)
    machine.log(windows.asked_to_restart(machine.name, "wmiprvse.exe", r"NT AUTHORITY\SYSTEM"))
    machine.restarting = True
    if machine.fault("reboot", "drop_network") is not None:
        machine.cut_network(NETWORK_DOWN_SECONDS)
    machine.restarts_asked += 1
    machine.after(delay, partial(_go_down_as_asked, machine, machine.restarts_asked))


def cancel_restart(machine: Machine) -> bool:
    """Whether one was scheduled and had not begun."""
    if not machine.restarting or not machine.up:
        return False
    machine.restarting = False
    machine.note("reboot_cancelled", boot_id=machine.boot_id)
    return True


def _go_down_as_asked(machine: Machine, asked: int) -> None:
    """Unless it was taken back meanwhile."""
    if machine.restarting and asked == machine.restarts_asked:
        _go_down(machine, orderly=True)


def crash(machine: Machine) -> None:
    """The power fails: nothing is written, and nobody was asked."""
    if machine.up:
        _go_down(machine, orderly=False)


def _go_down(machine: Machine, *, orderly: bool) -> None:
    for instance in machine.instances:
        engines.go_down(machine, instance, orderly=orderly)
    if orderly:
        machine.log(*windows.stopped())
    machine.up = False
    for search in machine.searches.values():
        search.state = "found" if search.state == "found" else "lost"
    for job in machine.jobs.values():
        machine.kill(job)
    machine.services.stop_all()
    if machine.group is not None:
        machine.group.leave(machine.name, machine.now)
    machine.on_cut()
    if machine.fault("reboot", "no_boot") is not None:
        return
    slow = machine.fault("reboot", "slow_boot")
    seconds = machine.random.uniform(60, 150) + (slow.seconds if slow is not None else 0)
    machine.after(seconds, partial(_come_up, machine, orderly=orderly))


def _come_up(machine: Machine, *, orderly: bool) -> None:
    machine.up = True
    machine.restarting = False
    machine.boot_count += 1
    if machine.spec.clock_set_at_boot:
        machine.drift = timedelta(0)
    # A host that lives faster than the wall clock would else seem to start twice within a minute.
    machine.booted_at = max(machine.now, machine.booted_at + _SHORTEST_UPTIME)
    machine.pending_reboot.clear()
    machine.dead.clear()
    machine.updates.start()
    machine.note("boot", boot_id=machine.boot_id)
    machine.log(*windows.started(orderly))
    machine.start_services()
    if machine.group is not None:
        machine.group.come_back(machine.name, machine.now)
    if machine.fault("reboot", "double_reboot") is not None:
        restart(machine, machine.random.uniform(20, 60))
    machine.on_change()
