"""Two snapshots are held against each other by the same keys; what nobody looked at has not changed."""

from dataclasses import replace

from core.model.difference import Difference
from core.model.facts import Application, Driver, Facts, Inventory, Service
from core.verification.comparing import compare
from tests.samples import NEW, OLD, facts

_INVENTORY = Inventory(
    ("KB1",), (Application("Payroll", "1.0", "Acme", "k1"),), (Driver("NIC", "PCI", "1.9", "VMware"),)
)


def _with(inventory: Inventory | None) -> Facts:
    return replace(facts(), inventory=inventory)


def test_a_snapshot_does_not_differ_from_itself() -> None:
    assert compare(_with(_INVENTORY), _with(_INVENTORY)) == ()


def test_an_update_shows_as_the_builds_that_changed() -> None:
    assert compare(facts(), facts(build=NEW)) == (
        Difference("engine/MSSQLSERVER", OLD, NEW),
        Difference("instance/MSSQLSERVER", OLD, NEW),
    )


def test_what_is_new_gone_and_changed_is_told_apart() -> None:
    later = Inventory(("KB1", "KB2"), (Application("Payroll", "2.0", "Acme", "k1"),), ())
    assert compare(_with(_INVENTORY), _with(later)) == (
        Difference("application/Payroll/k1", "1.0", "2.0"),
        Difference("driver/NIC/PCI", "1.9", None),
        Difference("update/KB2", None, "installed"),
    )


def test_two_applications_of_one_name_are_two() -> None:
    both = replace(_INVENTORY, applications=(*_INVENTORY.applications, Application("Payroll", "1.0", "Acme", "k2")))
    assert [one.key for one in compare(_with(_INVENTORY), _with(both))] == ["application/Payroll/k2"]


def test_an_inventory_that_was_not_taken_twice_is_no_change() -> None:
    assert compare(_with(_INVENTORY), _with(None)) == ()


def test_a_service_that_stopped_shows_with_how_it_starts() -> None:
    stopped = replace(
        facts(), services=(Service("MSSQLSERVER", "Running", "Auto"), Service("SQLWriter", "Stopped", "Auto"))
    )
    assert compare(facts(), stopped) == (Difference("service/SQLWriter", "Running, Auto", "Stopped, Auto"),)
