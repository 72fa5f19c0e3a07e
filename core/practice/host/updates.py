"""What the update agent of an imaginary host knows: offered, installed, and waiting for a restart."""

import uuid
from collections.abc import Iterable
from typing import Literal

from core.practice.spec.os_update import OsUpdateSpec

_NAMES = uuid.UUID("5b1f0c9e-6f0a-4b8f-9f57-0d6c6f2b7e11")
_REVISION = 200

Logon = Literal["network", "system"]
ACCESS_DENIED = -2147024891


class DeniedError(Exception):
    """The agent takes no calls with this logon."""


class Updates:
    """The lists change by installing alone; what needs a restart is finished by the next start."""

    def __init__(self, specs: Iterable[OsUpdateSpec], revision: int) -> None:
        known = tuple(specs)
        self._bare = revision
        self.installed = [one for one in known if one.installed]
        self.revision = max((revision, *(one.revision or 0 for one in self.installed)))
        self._missing = [one for one in known if not one.installed]
        self._waiting: list[OsUpdateSpec] = []
        self._leaving: list[OsUpdateSpec] = []
        self._vain: set[str] = set()
        self.denies_network = False

    def admit(self, logon: Logon) -> None:
        """Raises DeniedError, as the agent of some hosts does even when it is only asked."""
        if self.denies_network and logon == "network":
            raise DeniedError

    @property
    def needs_restart(self) -> bool:
        return bool(self._waiting)

    @property
    def offered(self) -> tuple[OsUpdateSpec, ...]:
        """What needs a servicing stack is not offered before it; what was superseded by something installed neither."""
        stacks = any(one.servicing_stack for one in self._missing)
        gone = {kb for one in (*self.installed, *self._waiting) for kb in one.supersedes}
        return tuple(one for one in self._missing if one.kb not in gone and not (one.needs_stack and stacks))

    def offer(self, patch_id: str) -> OsUpdateSpec | None:
        return next((one for one in self.offered if patch_id_of(one) == patch_id), None)

    def supersede(self) -> None:
        """The service withdraws what it offered and offers one instead that contains it."""
        for one in self.offered[:1]:
            newer = one.model_copy(
                update={
                    "kb": str(int(one.kb) + 1),
                    "supersedes": (*one.supersedes, one.kb),
                    "title": f"Newer {one.title}",
                }
            )
            self._missing = [newer if other is one else other for other in self._missing]

    def install(self, update: OsUpdateSpec, works: bool = True) -> bool:
        """Whether it waits for a restart. One that does not work is rolled back at its end and offered again."""
        self._missing.remove(update)
        if not works:
            self._vain.add(update.kb)
        if update.reboot == "never":
            self._finish(update)
            return False
        self._waiting.append(update)
        return True

    def installed_as(self, revision: int) -> OsUpdateSpec | None:
        """The cumulative update that made the system this revision. A servicing stack stays for good."""
        found = (one for one in self.installed if one.revision == revision and not one.servicing_stack)
        return next(found, None)

    def remove(self, update: OsUpdateSpec) -> None:
        """With the next start it is gone, and offered again."""
        if update not in self._leaving:
            self._leaving.append(update)

    def start(self) -> None:
        """The host starts: what waited for it is finished."""
        for one in self._waiting:
            self._finish(one)
        self._waiting.clear()
        for one in self._leaving:
            self.installed.remove(one)
            self._missing.append(one)
            self.revision = max((self._bare, *(other.revision or 0 for other in self.installed)))
        self._leaving.clear()

    def _finish(self, update: OsUpdateSpec) -> None:
        if update.kb in self._vain:
            self._vain.remove(update.kb)
            self._missing.append(update)
            return
        self.installed.append(update)
        self.revision = max(self.revision, update.revision or 0)


def patch_id_of(update: OsUpdateSpec) -> str:
    return f"{update_id_of(update.kb)}.{_REVISION}"


def update_id_of(kb: str) -> str:
    """The same on every host of every fleet, as the service's are."""
    return str(uuid.uuid5(_NAMES, kb))
