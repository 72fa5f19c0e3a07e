"""What a plan has a host go through, step by step."""

from dataclasses import dataclass
from typing import Literal

from core.model.policy import UpdateService


@dataclass(frozen=True, slots=True)
class Package:
    """An installer, by the hash of its content. Source is where the audit PC finds it."""

    sha256: str
    filename: str
    source: str
    size_bytes: int
    kb: str | None


@dataclass(frozen=True, slots=True)
class Undo:
    """Whether and how a step can be taken back. "impossible" is said, never left blank."""

    possible: bool
    how: str
    # With these the step's package is taken off again, off one instance at a time. Empty where that is not its way.
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """How long a step takes, how long it interrupts, and where the figures are from. 90th percentile with history."""

    source: str = "no history: the usual time"
    p90_seconds: int | None = None
    outage_seconds: int = 0
    outage: str = ""


@dataclass(frozen=True, slots=True)
class PatchStep:
    """Run one SQL Server package on the host."""

    order: int
    package: str
    arguments: tuple[str, ...]
    instances: tuple[str, ...]
    version_family: str
    target_build: str
    required: bool
    timeout_seconds: int
    hard_limit_seconds: int
    expected_seconds: int
    why: str
    undo: Undo
    rule: str = ""
    expectation: Expectation = Expectation()
    # Components that setup changes beside the named instances.
    touches: tuple[str, ...] = ()
    checks_before: tuple[str, ...] = ()
    checks_after: tuple[str, ...] = ()
    # Exit codes that the mapping calls a success beside the known ones.
    success_codes: tuple[int, ...] = ()
    reboot_codes: tuple[int, ...] = ()
    kind: Literal["patch"] = "patch"


@dataclass(frozen=True, slots=True)
class RebootStep:
    """Restart the host and prove that it happened. With "window" only while a window of the host is open."""

    order: int
    timeout_seconds: int
    expected_seconds: int
    why: str
    undo: Undo
    rule: str = ""
    when: Literal["immediate", "window"] = "immediate"
    notice_seconds: int = 5
    expectation: Expectation = Expectation()
    checks_before: tuple[str, ...] = ()
    checks_after: tuple[str, ...] = ()
    kind: Literal["reboot"] = "reboot"


@dataclass(frozen=True, slots=True)
class OsUpdateStep:
    """Install updates of the operating system in one session. Updates are references to the plan's own."""

    order: int
    updates: tuple[str, ...]
    timeout_seconds: int
    hard_limit_seconds: int
    expected_seconds: int
    why: str
    undo: Undo
    rule: str = ""
    expectation: Expectation = Expectation()
    checks_before: tuple[str, ...] = ()
    checks_after: tuple[str, ...] = ()
    # Who offered them, and is asked for them again.
    service: UpdateService = "default"
    kind: Literal["os_update"] = "os_update"


@dataclass(frozen=True, slots=True)
class RemovalStep:
    """Take what a step of the plan brought off one instance again. In no plan: a host that is worse calls for it."""

    order: int
    of: int
    package: str
    arguments: tuple[str, ...]
    instance: str
    former_build: str
    version_family: str
    timeout_seconds: int
    hard_limit_seconds: int
    success_codes: tuple[int, ...] = ()
    reboot_codes: tuple[int, ...] = ()
    kind: Literal["removal"] = "removal"


@dataclass(frozen=True, slots=True)
class OsRemovalStep:
    """Take the cumulative update that a step of the plan brought off the system again, by DISM. In no plan, either.

    The package is named by the system's build and revision: its own name does not bear the article's number.
    """

    order: int
    of: int
    package: str
    updates: tuple[str, ...]
    former_revision: int
    timeout_seconds: int
    hard_limit_seconds: int
    kind: Literal["os_removal"] = "os_removal"


Step = PatchStep | RebootStep | OsUpdateStep
# Numbered after the steps of the plan.
UndoStep = RemovalStep | OsRemovalStep | RebootStep
