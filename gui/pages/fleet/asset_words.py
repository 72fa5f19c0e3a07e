"""What is known of one host, in words: facts, what is pending, how far behind an instance is, its patch-blocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from core.model.block import PatchBlock
from core.model.compliance import Compliance
from core.model.facts import Facts, OsUpdate, SqlAnswer
from core.model.reference import Behind
from core.model.size import size_in_words
from gui.language import counted, tr
from gui.models.table import Column
from gui.times import age, day_and_time

# What it is about, and what is to be said of it.
Told = tuple[str, str]


def known_since(standing: Compliance) -> Iterator[str]:
    if standing.assessed_at is not None:
        ago = age(standing.assessed_at, datetime.now(UTC))
        asked_since = standing.unanswered is not None
        yield tr("what is shown is from {ago}", ago=ago) if asked_since else tr("assessed {ago}", ago=ago)


def block_in_words(block: PatchBlock) -> str:
    """Of the oldest one the line below the host's name tells."""
    since = day_and_time(block.blocked_at)
    return tr("Also patch-blocked since {since}: {detail}", since=since, detail=block.detail)


def behind_in_words(behind: Behind | None) -> str:
    if behind is None:
        return tr("not known")
    if behind.cus == 0 and behind.updates == 0:
        return tr("nothing")
    cus, others = counted(behind.cus, "1 CU", "{n} CUs"), counted(behind.updates, "1 later update", "{n} later updates")
    updates = cus if behind.cus else others
    if behind.months is None:
        return updates
    return tr("{updates}, {months}", updates=updates, months=counted(behind.months, "1 month", "{n} months"))


def told_columns(first: str, second: str) -> tuple[Column[Told], ...]:
    return (Column(first, lambda one: one[0], width=260), Column(second, lambda one: one[1], width=600))


def pending_in_words(pending: str, offered: Mapping[str, OsUpdate]) -> Told:
    """What it is for, or its KB; then what it is, with what the update service said of it."""
    name, _, title = pending.partition(": ")
    update = offered.get(title) or offered.get(pending)
    if update is None:
        return name, title
    size = size_in_words(update.size_bytes) if update.size_bytes else ""
    return name, "  ·  ".join(one for one in (update.title, update.severity, size) if one)


def facts_in_words(facts: Facts) -> Iterator[Told]:
    yield tr("System"), f"{facts.os.caption} {facts.os.version}.{facts.os.revision}"
    yield tr("Computer name"), facts.computer_name
    yield tr("Time zone"), facts.os.time_zone
    yield tr("Started"), day_and_time(facts.boot.booted_at)
    yield tr("Clock apart from this computer"), _skew(facts)
    for disk in facts.disks:
        free, whole = size_in_words(disk.free_bytes), size_in_words(disk.size_bytes)
        yield tr("Disk {drive}", drive=disk.drive), tr("{free} free of {whole}", free=free, whole=whole)
    for reboot in facts.pending_reboot:
        yield tr("Waits for a restart"), " ".join((reboot.reason.replace("_", " "), reboot.detail)).strip()
    for group in facts.groups:
        members = ", ".join(f"{one.host} ({one.role})" for one in group.members)
        yield tr("Group {name}", name=group.name), members
    for witness in facts.sql:
        yield tr("Engine {name}", name=witness.instance), _witness(witness)
    for service in facts.services:
        yield tr("Service {name}", name=service.name), f"{service.state}, {service.start_mode}"


def _skew(facts: Facts) -> str:
    return tr("{n} s", n=round(abs((facts.host_time - facts.collected_at).total_seconds())))


def _witness(witness: object) -> str:
    if isinstance(witness, SqlAnswer):
        update = witness.update_level or witness.level
        return tr("answers: {build}, {update}, {edition}", build=witness.build, update=update, edition=witness.edition)
    return tr("was not reached: {why}", why=str(getattr(witness, "failure", "")))
