"""What the search finds: hosts, KBs and runs, each in words and with the way to where it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.desk import Errand, Room
from gui.language import counted, tr

if TYPE_CHECKING:
    from core.app.runs import RunLine
    from core.model.host import Host

_MOST = 6
# Fewer digits alone are as likely a part of a name or an address.
_KB = re.compile(r"kb(\d{1,8})|(\d{4,8})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, in words, and where it is shown."""

    words: str
    room: Room
    errand: Errand


def found_in(text: str, hosts: tuple[Host, ...], runs: tuple[RunLine, ...]) -> tuple[Found, ...]:
    """Hosts first, then KBs, then runs; of each only so many."""
    wanted = text.strip().casefold()
    if not wanted:
        return ()
    return (*_hosts(wanted, hosts), *_kbs(wanted, runs), *_runs(wanted, runs))


def best_of(text: str, hosts: tuple[Host, ...], runs: tuple[RunLine, ...]) -> Found:
    """Where Enter leads: to the one thing that is named so, else to all that has to do with it."""
    wanted = text.strip().casefold()
    found = found_in(text, hosts, runs)
    named = [one for one in found if (one.errand.host or "").casefold() == wanted]
    if named or len(found) == 1:
        return (named or list(found))[0]
    only_runs = bool(found) and all(one.room is Room.RUNS for one in found)
    return Found(text, Room.RUNS if only_runs else Room.FLEET, Errand(search=text.strip()))


def _hosts(wanted: str, hosts: tuple[Host, ...]) -> Iterator[Found]:
    fitting = [host for host in hosts if wanted in _words_of(host)]
    # Whose name begins so is more likely meant than who has it somewhere.
    fitting.sort(key=lambda host: (not host.name.casefold().startswith(wanted), host.name.casefold()))
    for host in fitting[:_MOST]:
        place = " · ".join(dict.fromkeys((host.place.tenant, host.place.client, host.place.site)))
        yield Found(tr("Host {name}   {place}", name=host.name, place=place), Room.FLEET, Errand(host=host.name))


def _words_of(host: Host) -> str:
    return "\n".join((host.name, host.address, host.service, host.group or "", *host.tags)).casefold()


def _kbs(wanted: str, runs: tuple[RunLine, ...]) -> Iterator[Found]:
    asked = _KB.fullmatch(wanted)
    if asked is None:
        return
    digits = asked[1] or asked[2]
    yield Found(tr("KB{kb}…   hosts that wait for it", kb=digits), Room.FLEET, Errand(search=digits))
    planned = [kb for run in runs for kb in run.kbs if kb.startswith(digits)]
    for kb in sorted(set(planned))[:_MOST]:
        words = counted(planned.count(kb), "1 run", "{n} runs")
        yield Found(tr("KB{kb}   in {runs}", kb=kb, runs=words), Room.RUNS, Errand(search=f"KB{kb}"))


def _runs(wanted: str, runs: tuple[RunLine, ...]) -> Iterator[Found]:
    wanted = wanted.removeprefix("run ").strip()
    if len(wanted) < 3:
        return
    named = {wanted}
    fitting = (
        run
        for run in runs
        if run.run_id.startswith(wanted)
        or wanted in run.change.casefold()
        or wanted in run.operator.casefold()
        or not named.isdisjoint(name.casefold() for name in run.names)
    )
    for run, _ in zip(fitting, range(_MOST), strict=False):
        at = run.started_at.astimezone().strftime("%Y-%m-%d %H:%M")
        hosts = counted(run.count(), "1 host", "{n} hosts")
        words = "   ".join(part for part in (tr("Run of {at}", at=at), hosts, run.change, run.run_id[:8]) if part)
        yield Found(words, Room.RUNS, Errand(run=run.run_id))
