"""A run as it grows: entries in, and for each host its row and its log."""

from __future__ import annotations

from collections import defaultdict
from itertools import islice

from core.app.watching import Folding
from core.model.events import Entry, TargetMoved
from core.model.plan import Plan
from core.model.record import RunRecord
from core.model.signs import Signs
from core.model.transfer import Moment
from gui.models.pace import Pace
from gui.models.run_lines import HostRow
from gui.sentences import sentence_of


class RunStory:
    """Knows what has changed since it was last asked."""

    def __init__(self, plan: Plan, roles: dict[str, str] | None = None) -> None:
        self.plan = plan
        self._roles = roles or {}
        self._signs: dict[str, Signs] = {}
        self._story = Folding()
        self._planned = {one.host: one for one in plan.targets}
        self._entries: dict[str | None, list[Entry]] = defaultdict(list)
        self._touched: dict[str, None] = {}
        self._fresh: dict[str | None, list[Entry]] = defaultdict(list)
        self._pace = Pace()
        self.begun = False

    def tell(self, entry: Entry) -> None:
        host = entry.event.target
        self._story.take(entry)
        if host is not None:
            self._pace.rest(host, entry.at)
        self._entries[host].append(entry)
        self._fresh[host].append(entry)
        if host is not None:
            self._touched[host] = None
        self.begun = True

    def see(self, host: str, signs: Signs) -> None:
        """What answers there just now. It is no part of the run's story, and shown beside it."""
        if self.begun and self._signs.get(host) != signs:
            self._signs[host] = signs
            self._touched[host] = None

    def move(self, moment: Moment) -> None:
        """How far a transfer is: shown beside the story, too, and until that goes on."""
        host = moment.progress.host
        if self.begun and self._pace.take(moment):
            self._touched[host] = None

    def stand_still(self) -> None:
        """Nobody drives the run: what it moved stands still."""
        self._touched |= dict.fromkeys(self._pace.stand_still())

    def look_away(self, host: str) -> None:
        """Nobody looks there any more: a lamp that stayed lit would be a lie. What its engines wrote last stays."""
        seen = self._signs.get(host)
        if seen is not None:
            self.see(host, Signs(error_logs=seen.error_logs))

    @property
    def has_touched(self) -> bool:
        return bool(self._touched)

    def take_touched(self, most: int) -> tuple[HostRow, ...]:
        """The rows that have changed, those that wait longest first."""
        taken = list(islice(self._touched, most))
        for host in taken:
            del self._touched[host]
        return tuple(self.line(host) for host in taken)

    def take_fresh(self, host: str | None) -> list[str]:
        """What the host's log says new."""
        fresh = self._fresh.get(host, [])
        self._fresh.clear()
        return [sentence_of(entry) for entry in fresh]

    def log(self, host: str | None) -> list[str]:
        """Without a host, the run's own."""
        return [sentence_of(entry) for entry in self._entries.get(host, ())]

    def line(self, host: str) -> HostRow:
        planned = self._planned.get(host)
        said = self._entries.get(host)
        last = _last_word(said[-1]) if said else ""
        role = self._roles.get(host) or (", ".join(planned.groups) if planned else "")
        moving = self._pace.of(host)
        return HostRow(self._story.target(host), planned, role, last, self._signs.get(host), moving)

    def lines(self) -> tuple[HostRow, ...]:
        return tuple(self.line(one.host) for one in self._story.record.targets)

    @property
    def head(self) -> RunRecord:
        return self._story.head

    @property
    def record(self) -> RunRecord:
        return self._story.record


def _last_word(entry: Entry) -> str:
    """Beside the state, which is not said twice: of what failed, why."""
    body = entry.event.body
    if isinstance(body, TargetMoved) and body.failure is not None:
        return str(body.failure)
    return sentence_of(entry).partition("  ")[2]
