"""What is to be done about one instance or one update, and by which rule."""

from dataclasses import dataclass
from functools import cached_property

from core.model.build import Build
from core.model.facts import OsUpdate
from core.model.mapping import HotfixFile, Mapping


@dataclass(frozen=True, slots=True)
class Remark:
    """What the operator must know about a decision that stands all the same."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class PatchFile:
    """An installer that this instance needs, and the build that it brings."""

    file: HotfixFile
    brings: Build


@dataclass(frozen=True, slots=True)
class Needs:
    """The instance is to be brought to the mapping's build."""

    instance: str
    current: Build
    mapping: Mapping
    rule: str
    files: tuple[PatchFile, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class UpToDate:
    instance: str
    current: Build
    target: Build
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The instance is not patched, for a reason that the operator reads. Without an instance: the whole host."""

    instance: str | None
    code: str
    reason: str


Verdict = Needs | UpToDate | LeftOut


@dataclass(frozen=True, slots=True)
class Wanted:
    """An update of the operating system that policy allows."""

    update: OsUpdate
    rule: str


@dataclass(frozen=True, slots=True)
class Unwanted:
    """An update of the operating system that is not installed, and by which rule."""

    update: OsUpdate
    code: str
    reason: str


UpdateVerdict = Wanted | Unwanted


@dataclass(frozen=True)
class HostVerdict:
    """All verdicts about one host. A host with obstacles is planned nothing until they are gone."""

    host: str
    verdicts: tuple[Verdict, ...]
    obstacles: tuple[LeftOut, ...] = ()
    updates: tuple[UpdateVerdict, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @cached_property
    def needs(self) -> tuple[Needs, ...]:
        return tuple(one for one in self.verdicts if isinstance(one, Needs))

    @cached_property
    def wanted(self) -> tuple[OsUpdate, ...]:
        return tuple(one.update for one in self.updates if isinstance(one, Wanted))
