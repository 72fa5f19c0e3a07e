"""Whether the databases of a host are proven to be saved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model.count import counted
from core.model.facts import Facts, SqlAnswer
from core.model.policy import Policy

# By database name, folded: backups that other replicas of an availability group remember.
Elsewhere = Mapping[str, datetime]

_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class OldBackup:
    """A database that is not saved well enough, and the age of its last full or differential backup, if it has one."""

    instance: str
    database: str
    age: timedelta | None


def old_backups(facts: Facts, policy: Policy, elsewhere: Elsewhere | None = None) -> tuple[OldBackup, ...]:
    """Databases whose last full or differential backup is older than policy asks, at the moment of the facts."""
    limit = timedelta(hours=policy.backups.max_age_hours)
    found = elsewhere or {}
    return tuple(
        OldBackup(instance, database, age)
        for instance, database, newest in backups_of(facts)
        for age in (_age(facts.host_time, newest, found.get(database.casefold())),)
        if age is None or age >= limit
    )


def _age(now: datetime, *known: datetime | None) -> timedelta | None:
    newest = max((at for at in known if at is not None), default=None)
    return None if newest is None else now - newest


def in_words(old: Iterable[OldBackup]) -> str:
    """Databases of one instance that are saved equally badly are named together."""
    alike: dict[tuple[str, str], list[str]] = {}
    for one in old:
        alike.setdefault((one.instance, "" if one.age is None else _age_words(one.age)), []).append(one.database)
    return " and ".join(
        f"the last backup of {_names(some)} on {instance} is {age} old"
        if age
        else f"there is no backup of {_names(some)} on {instance}"
        for (instance, age), some in alike.items()
    )


def _age_words(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return counted(hours, "hour") if hours < 48 else counted(hours // 24, "day")


def _names(names: list[str]) -> str:
    shown, more = names[:_MOST_NAMES], len(names) - _MOST_NAMES
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")


def backups_of(facts: Facts) -> Iterator[tuple[str, str, datetime | None]]:
    """Instance, database and the newest backup. tempdb cannot be saved."""
    for answer in facts.sql:
        if isinstance(answer, SqlAnswer):
            for one in answer.backups or ():
                if one.database.casefold() != "tempdb":
                    yield answer.instance, one.database, one.newest
