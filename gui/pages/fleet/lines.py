"""A host as a line of the fleet's grid: the inventory's words, and where it stands as far as that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import dropwhile

from core.model.compliance import Compliance, ComplianceState
from core.model.host import Host
from gui.builds import present_in_words, wanted_in_words
from gui.language import tr
from gui.models.table import Column
from gui.order import badness
from gui.theme import Tone
from gui.times import age
from gui.words import compliance_tone, compliance_word

_NEVER = datetime.min.replace(tzinfo=UTC)
_COMMON = frozenset({"windows", "server"})


@dataclass(frozen=True, slots=True)
class FleetLine:
    """Without a standing it is still being judged."""

    host: Host
    standing: Compliance | None = None

    @property
    def state(self) -> ComplianceState | None:
        return None if self.standing is None else self.standing.state

    @property
    def state_word(self) -> str:
        return "…" if self.state is None else compliance_word(self.state)

    @property
    def builds(self) -> str:
        return "" if self.standing is None else ", ".join(map(present_in_words, self.standing.levels))

    @property
    def targets(self) -> str:
        levels = () if self.standing is None else self.standing.levels
        return ", ".join(dict.fromkeys(filter(None, map(wanted_in_words, levels))))

    @property
    def system(self) -> str:
        told = (None if self.standing is None else self.standing.os) or self.host.os or ""
        return told.removeprefix("Microsoft ")

    @property
    def windows(self) -> str:
        """Without what all servers have in common, also as an inventory writes it: windows-2022."""
        words = self.system.replace("_", " ").replace("-", " ").split()
        return " ".join(dropwhile(lambda word: word.casefold() in _COMMON, words))

    @property
    def assessed_at(self) -> datetime | None:
        return None if self.standing is None else self.standing.assessed_at

    @property
    def patched_at(self) -> datetime | None:
        return None if self.standing is None else self.standing.patched_at

    @property
    def pending(self) -> tuple[str, ...]:
        return () if self.standing is None else self.standing.pending

    @property
    def due(self) -> int:
        return len(self.pending)

    @property
    def why(self) -> str:
        return "" if self.standing is None else self.standing.why

    @property
    def words(self) -> str:
        """What the search looks through: the grid's words, the pending patches, and all names there are."""
        host, place = self.host, self.host.place
        names = (host.name, host.address, *(one.name for one in host.instances), host.owner, host.service)
        where = (place.tenant, place.client, place.site, *host.tags, host.group or "")
        return "\n".join((*names, *where, self.state_word, self.why, self.builds, self.system, *self.pending))


def columns() -> tuple[Column[FleetLine], ...]:
    return (
        Column(tr("Host"), lambda line: line.host.name, width=130, least=110),
        Column(tr("State"), lambda line: line.state_word, _badness, _tone, width=100, least=96),
        Column(tr("Build"), lambda line: line.builds, width=216, least=188),
        Column(tr("To be"), lambda line: line.targets, width=176, least=164),
        Column(tr("Why"), lambda line: line.why, width=420, least=246),
        Column(tr("Patches"), lambda line: str(line.due or ""), lambda line: line.due, width=70, numeric=True),
        Column(tr("Assessed"), lambda line: _ago(line.assessed_at), lambda line: line.assessed_at or _NEVER,
               width=100, least=80),
        Column(tr("Patched"), lambda line: _ago(line.patched_at), lambda line: line.patched_at or _NEVER,
               width=100, least=80),
        Column(tr("Windows"), lambda line: line.windows, width=150, least=72, whole=lambda line: line.system),
        Column(tr("Tenant"), lambda line: line.host.place.tenant, width=90, least=70),
        Column(tr("Client"), lambda line: line.host.place.client, width=90, hidden=True),
        Column(tr("Site"), lambda line: line.host.place.site, width=80, hidden=True),
        Column(tr("Tags"), lambda line: " ".join(line.host.tags), width=90, hidden=True),
        Column(tr("Group"), lambda line: line.host.group or "", width=90, hidden=True),
        Column(tr("Owner"), lambda line: line.host.owner, width=100, hidden=True),
        Column(tr("Service"), lambda line: line.host.service, width=100, hidden=True),
        Column(tr("Address"), lambda line: line.host.address, width=120, hidden=True),
    )  # fmt: skip


def _badness(line: FleetLine) -> int:
    return badness(line.state)


def _tone(line: FleetLine) -> Tone | None:
    return Tone.QUIET if line.state is None else compliance_tone(line.state)


def _ago(at: datetime | None) -> str:
    return tr("never") if at is None else age(at, datetime.now(UTC))
