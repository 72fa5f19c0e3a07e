"""What must hold after every schedule, judged from the hosts' own ledger and the journal."""

import json
from collections.abc import Iterator

from core.evidence.folding import fold
from core.store.journal import hash_of, read_line
from tests.simulation import crowds, endings, installers, windows
from tests.simulation.evidence import Evidence
from tests.simulation.scheduler import Story


def violations(story: Story) -> tuple[str, ...]:
    """Everything that is wrong with a story."""
    if story.bugs:
        return story.bugs
    if broken := tuple(_chain(story.lines)):
        return broken
    entries = tuple(map(read_line, story.lines))
    try:
        evidence = Evidence(story, entries, fold(entries))
    except Exception as illegal:
        return (f"the journal cannot be folded: {illegal}",)
    checks = (
        endings.ended,
        installers.one_installer_at_a_time,
        installers.nothing_is_left_to_the_host_to_refuse,
        installers.no_installer_twice,
        installers.taken_back,
        endings.applications,
        endings.diagnostics,
        installers.intents_come_first,
        installers.reboots,
        endings.successes,
        installers.updates,
        endings.claims,
        crowds.pool,
        endings.requests,
        crowds.waves,
        crowds.limits,
        crowds.partners,
        crowds.restarts_at_once,
        windows.restarts_in_windows,
        windows.recalled,
        windows.ways_back_in_windows,
        windows.services,
        crowds.outsiders,
        endings.quiet_hosts_succeed,
    )
    return tuple(wrong for check in checks for wrong in check(evidence))


def _chain(lines: tuple[str, ...]) -> Iterator[str]:
    previous = ""
    for place, line in enumerate(lines, start=1):
        document = json.loads(line)
        if (document["seq"], document["prevHash"]) != (place, previous):
            yield f"the chain is broken at line {place}"
        previous = hash_of(line)
