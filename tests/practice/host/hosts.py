"""An imaginary host in a time that the test moves, and what can be done with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.contract.claim import TakeClaim
from core.contract.host import BootStateResult, HostFactsResult
from core.contract.job import Reboot, StartJob
from core.contract.library import BOOT_STATE, HOST_FACTS, REBOOT, RECEIVE_PACKAGE, START_JOB, TAKE_CLAIM
from core.contract.message import NoParameters
from core.contract.package import ReceivePackage
from core.practice.answers.answering import answer
from core.practice.host.groups import Group, groups_of
from core.practice.host.machine import Machine
from core.practice.packages import SIGNER, Content, sha256_of, write_package
from core.practice.spec.fault import FaultSpec
from core.practice.spec.group import GroupSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.server import ServerSpec

BEFORE, AFTER = "15.0.4385.2", "15.0.4430.1"
ROOT = Ed25519PrivateKey.generate()
PACKAGE = write_package(Content("2019", AFTER, "5054833"), ROOT, 1)
NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


class Practised:
    """A machine, its clock, and what it noted."""

    def __init__(self, *faults: FaultSpec, name: str = "HOST", time_scale: int = 1, **spec: Any) -> None:
        self.noted: list[str] = []
        instances = spec.pop("instances", (InstanceSpec(build=BEFORE),))
        self.spec = ServerSpec(name=name, instances=instances, faults=faults, **spec)
        self.machine = Machine(
            self.spec, 7, time_scale, ROOT.public_key(), lambda _at, _host, kind, _detail: self._note(kind)
        )
        self.machine.start(NOW)
        answer(self.machine, TAKE_CLAIM.name, TakeClaim(run_id="run", epoch=1, console="here"))

    def _note(self, kind: str) -> None:
        self.noted.append(kind)

    def later(self, **time: float) -> None:
        self.machine.advance(self.machine.now + timedelta(**time))

    def facts(self) -> HostFactsResult:
        found = answer(self.machine, HOST_FACTS.name, NoParameters())
        assert isinstance(found, HostFactsResult)
        return found

    def boot_state(self) -> BootStateResult:
        found = answer(self.machine, BOOT_STATE.name, NoParameters())
        assert isinstance(found, BootStateResult)
        return found

    def install(self, data: bytes = PACKAGE, arguments: tuple[str, ...] = ("/AllInstances",)) -> None:
        sha256 = sha256_of(data)
        received = ReceivePackage(run_id="run", epoch=1, sha256=sha256, file_name="p.exe", size_bytes=len(data))
        answer(self.machine, RECEIVE_PACKAGE.name, received, data)
        started = StartJob(
            run_id="run", epoch=1, job_id="job", sha256=sha256, file_name="p.exe", signer=SIGNER, arguments=arguments
        )
        answer(self.machine, START_JOB.name, started)

    def restart(self) -> None:
        wanted = Reboot(run_id="run", epoch=1, expected_boot_id=self.machine.boot_id, delay_seconds=5)
        answer(self.machine, REBOOT.name, wanted)

    def runs(self, service: str) -> bool:
        found = self.machine.services.find(service)
        assert found is not None
        return found.running

    def events(self) -> list[int]:
        return [one.number for one in self.machine.events]


class Several:
    """Hosts of one group, on one clock."""

    def __init__(self, kind: str, *names: str, **more: Any) -> None:
        """The first leads."""
        self.hosts = {
            name: Practised(
                name=name,
                group=GroupSpec.model_validate(
                    {"name": "G", "kind": kind, "role": "secondary" if place else "primary", **more}
                ),
            )
            for place, name in enumerate(names)
        }
        self.group: Group = groups_of([host.spec for host in self.hosts.values()])["g"]
        for host in self.hosts.values():
            host.machine.group = self.group
            self.group.join(host.machine)

    def __getitem__(self, name: str) -> Practised:
        return self.hosts[name]

    def later(self, **time: float) -> None:
        """In steps, so that what one host does to another happens in its turn."""
        until = max(host.machine.now for host in self.hosts.values()) + timedelta(**time)
        while due := [at for host in self.hosts.values() if (at := host.machine.next_due()) and at <= until]:
            for host in self.hosts.values():
                host.machine.advance(min(due))
        for host in self.hosts.values():
            host.machine.advance(until)

    def parts(self) -> dict[str, str]:
        return {name: self.group.part_of(name) for name in self.hosts}
