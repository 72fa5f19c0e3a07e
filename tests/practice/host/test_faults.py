"""A fault waits for its moment: it happens so many times, or always."""

from core.practice.host.faults import Faults
from core.practice.spec.fault import FaultSpec


def test_a_fault_happens_so_many_times_at_its_moment_alone() -> None:
    happened: list[FaultSpec] = []
    faults = Faults([FaultSpec(when="install", kind="installer_exit", times=2)], happened.append)
    assert faults.take("verify", "installer_exit") is None
    assert [faults.take("install", "installer_exit") is not None for _ in range(3)] == [True, True, False]
    assert len(happened) == 2


def test_what_is_there_always_is_never_used_up() -> None:
    faults = Faults([FaultSpec(when="always", kind="drop_network")], lambda _: None)
    moments = ("transfer", "install", "install", "verify")
    assert all(faults.take(moment, "drop_network") for moment in moments)
    assert faults.take("install", "installer_exit") is None
    faults.waiting.clear()
    assert faults.take("install", "drop_network") is None
