"""Step 1: which hosts are meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from core.app.facts import KnownBuild, known_builds
from core.model.build import Build
from core.model.host import Host
from core.model.selection import Selection
from gui.builds import build_in_words
from gui.desk import Desk, Room
from gui.jobs import Job
from gui.language import counted, tr
from gui.looking import Looking
from gui.models.table import Column, Rows
from gui.pages.cycle.course import Course
from gui.times import age
from gui.widgets.elided import Elided
from gui.widgets.filter_line import FilterLine
from gui.widgets.grid import Grid
from gui.widgets.keyboard import give_keyboard, lead
from gui.widgets.states import States
from gui.widgets.stepper import Answer, Step
from gui.widgets.text import across, boxed, button, down, label

_NEVER = datetime.min.replace(tzinfo=UTC)
_NO_BUILD = Build.parse("0.0.0")


class ScopeStep(Step):
    def __init__(self, desk: Desk, course: Course) -> None:
        super().__init__()
        self.title = tr("Scope")
        self._desk, self._course = desk, course
        self._known: dict[str, KnownBuild] = {}
        self._has_looked = False
        self._looking = Looking(self._look)
        self.rows: Rows[Host] = Rows(self, _columns(self._known, lambda: self._has_looked), lambda host: host.name)
        self.rows.make_tickable()
        self.grid = Grid(tr("Hosts to be patched"), self.rows)
        self.filter = FilterLine(self.grid, _groupings())
        self._told = label("", "strong")
        self._ticked_for: Selection | None = None
        every = button(tr("&Tick all shown"), lambda: self._tick_shown(True))
        none = button(tr("&Untick all shown"), lambda: self._tick_shown(False))
        self._says = Elided(
            tr("Tick what is meant (Space). A scope that is chosen on top narrows the list, and its hosts are ticked."),
            "muted",
        )
        top = boxed(across(self._told, self._says, None))
        self.states = States(boxed(down(top, across(self.filter, every, none), self.grid)), self.grid)
        self.setLayout(down(self.states))
        lead(self, self.states)
        desk.targets_changed.connect(self._show)
        desk.scope_changed.connect(self._show)
        desk.facts_changed.connect(self._looking.ask)
        desk.run_ended.connect(lambda _run: self._looking.ask())
        self.rows.ticked_changed.connect(self._ticked)
        self._show()

    @property
    def why_not(self) -> str:
        return "" if self.chosen else tr("No host is ticked: tick those that are meant (Space), or all that are shown.")

    @property
    def chosen(self) -> tuple[str, ...]:
        unticked = self.rows.unticked
        return tuple(host.name for host in self.rows.all_rows if host.name not in unticked)

    def enter(self) -> None:
        give_keyboard(self.states)
        if self._desk.inventory_trouble is None:
            self._looking.ask()

    def choose(self, hosts: tuple[str, ...]) -> None:
        """These and no others."""
        self._tick_only(hosts)
        self._ticked()

    def begin_anew(self) -> None:
        self._ticked_for = None
        self._show()

    def leave(self, answer: Answer) -> None:
        self._course.choose(self.chosen)
        answer(True)

    def _show(self) -> None:
        """Who never said what he means would mean all: only a scope that somebody chose is ticked by itself."""
        hosts, scope, before = self._desk.hosts_in_scope, self._desk.scope, self.chosen
        self.rows.set_rows(hosts)
        if self._ticked_for == scope:
            self._tick_only(before)
        elif hosts:
            self._ticked_for = scope
            self._tick_only([host.name for host in hosts] if scope != Selection() else ())
        if self.rows.total:
            self.states.show_content()
        elif self._desk.inventory_trouble is not None:
            ways = (self._desk.look_again, (tr("To the settings"), self._desk.to_settings))
            self.states.show_trouble(self._desk.inventory_trouble, *ways)
        elif self._desk.hosts:
            self.states.show_empty(tr("No host in this scope"), tr("The scope on top is narrower than the fleet."))
        else:
            self.states.show_empty(
                tr("No servers yet"),
                tr("Tell Drydock which servers there are: type them in, or take a list from a file."),
                (tr("Go to the fleet"), lambda: self._desk.go(Room.FLEET)),
            )
        self._ticked()

    def _look(self) -> Job[dict[str, KnownBuild]]:
        """What was known before stays on the screen until it is known anew."""
        workspace, desk = self._desk.workspace, self._desk
        return desk.jobs.start(
            tr("Reading what is known"), lambda _: known_builds(workspace), self._show_known, desk.show_trouble
        )

    def _show_known(self, known: dict[str, KnownBuild]) -> None:
        if known == self._known and self._has_looked:
            return
        self._has_looked = True
        self._known.clear()
        self._known.update(known)
        chosen = self.grid.current
        self.rows.set_rows(self.rows.all_rows)
        if chosen is not None:
            self.grid.choose(chosen.name)

    def _tick_only(self, names: Iterable[str]) -> None:
        meant = frozenset(names)
        self.rows.set_unticked(host.name for host in self.rows.all_rows if host.name not in meant)

    def _tick_shown(self, on: bool) -> None:
        self.rows.tick((host.name for host in self.rows.shown_rows), on)

    def _ticked(self) -> None:
        count = len(self.chosen)
        self._told.setText(counted(count, "1 host chosen", "{n} hosts chosen"))
        self.onward = tr("&Assess {hosts}", hosts=counted(count, "1 host", "{n} hosts")) if count else tr("&Assess")
        self.ready_changed.emit()


def _columns(known: Mapping[str, KnownBuild], has_looked: Callable[[], bool]) -> tuple[Column[Host], ...]:
    def build(host: Host) -> str:
        """The oldest of its instances: what it has to be patched for."""
        found = known.get(host.name)
        if found is None:
            return ""
        if found.build is None:
            return tr("no SQL Server found")
        words = build_in_words(found.build, found.title)
        return words if found.instances == 1 else tr("{build}, oldest of {n}", build=words, n=found.instances)

    def by_build(host: Host) -> Build:
        found = known.get(host.name)
        return _NO_BUILD if found is None or found.build is None else Build.parse(found.build)

    def assessed_at(host: Host) -> datetime | None:
        found = known.get(host.name)
        return None if found is None else found.assessed_at

    def assessed(host: Host) -> str:
        """Before anybody has looked, nobody can tell that it never was."""
        at = assessed_at(host)
        return age(at, datetime.now(UTC)) if at is not None else tr("never") if has_looked() else "…"

    return (
        Column(tr("Host"), lambda host: host.name, width=170, least=130),
        Column(tr("SQL Server"), build, by_build, width=240, least=180,
               hint=tr("As it was seen when the host was assessed last; of several instances the oldest build")),
        Column(tr("Assessed"), assessed, lambda host: assessed_at(host) or _NEVER,
               width=110, least=90),
        Column(tr("Instances"), lambda host: ", ".join(one.name for one in host.instances), width=150, least=110),
        Column(tr("Tenant"), lambda host: host.place.tenant, width=110),
        Column(tr("Client"), lambda host: host.place.client, width=110),
        Column(tr("Site"), lambda host: host.place.site, width=100),
        Column(tr("Group"), lambda host: host.group or "", width=110),
        Column(tr("Tags"), lambda host: " ".join(host.tags), width=160),
        Column(tr("Owner"), lambda host: host.owner, width=120, hidden=True),
        Column(tr("Service"), lambda host: host.service, width=140, hidden=True),
        Column(tr("Address"), lambda host: host.address, width=140, hidden=True),
    )  # fmt: skip


def _groupings() -> tuple[tuple[str, Callable[[Host], str] | None], ...]:
    return (
        (tr("Not grouped"), None),
        (tr("By tenant"), lambda host: host.place.tenant),
        (tr("By client"), lambda host: host.place.client),
        (tr("By site"), lambda host: host.place.site),
        (tr("By group"), lambda host: host.group or ""),
    )
