"""Whether the databases of a host are proven to be saved."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from core.model.facts import Facts, SqlAnswer
from core.model.policy import Policy

# By database name, folded: backups that other replicas of an availability group remember.
Elsewhere = Mapping[str, datetime]


def old_backups(facts: Facts, policy: Policy, elsewhere: Elsewhere | None = None) -> tuple[str, ...]:
    """Databases whose last full or differential backup is older than policy asks, at the moment of the facts."""
    oldest = facts.host_time - timedelta(hours=policy.backups.max_age_hours)
    found = elsewhere or {}
    return tuple(
        f"{instance}.{database}"
        for instance, database, newest in backups_of(facts)
        if max((at for at in (newest, found.get(database.casefold())) if at is not None), default=oldest) <= oldest
    )


def backups_of(facts: Facts) -> Iterator[tuple[str, str, datetime | None]]:
    """Instance, database and the newest backup. tempdb cannot be saved."""
    for answer in facts.sql:
        if isinstance(answer, SqlAnswer):
            for one in answer.backups or ():
                if one.database.casefold() != "tempdb":
                    yield answer.instance, one.database, one.newest
