"""What somebody reads of a host: who spoke, who could not and why, and what stands out."""

from dataclasses import replace
from datetime import timedelta

from core.cli.facts_words import lines_of
from core.model.facts import Backup, Database, Facts, Group, Member, SqlAnswer, SqlSilence
from core.model.failure import Cause, Failure
from tests.samples import AT, facts


def _told(found: Facts) -> dict[str, str]:
    return {line[2:13].strip(): line[14:] for line in lines_of(found)[1:]}


def _with(**changed: object) -> Facts:
    found = facts()
    (engine,) = found.sql
    assert isinstance(engine, SqlAnswer)
    return replace(found, sql=(replace(engine, **changed),))  # type: ignore[arg-type]  # whatever it has


def test_every_witness_is_named_with_what_it_said() -> None:
    told = _told(facts())
    builds = dict(part.rsplit(" ", 1) for part in told["witnesses"].split(", "))
    assert set(builds) == {"registry", "sqlservr.exe", "engine"}
    assert len(set(builds.values())) == 1
    assert told["engine"] == "MSSQLSERVER: RTM CU30; 2 databases, all online"


def test_a_witness_that_could_not_speak_is_named_with_its_reason() -> None:
    silent = SqlSilence("MSSQLSERVER", Failure(Cause.SQL_LOGIN, "refused with error 18456"))
    told = _told(replace(facts(), sql=(silent,)))
    assert told["witnesses"].endswith("; no engine: refused with error 18456")
    assert "engine" not in told


def test_a_database_that_is_down_is_named() -> None:
    told = _told(_with(databases=(Database("master", "ONLINE"), Database("sales", "SUSPECT"))))
    assert told["engine"].endswith("2 databases, not online: sales (SUSPECT)")


def test_the_oldest_backup_and_what_has_none_are_named() -> None:
    backups = (
        Backup("master", AT),
        Backup("sales", AT - timedelta(days=9)),
        Backup("new"),
        Backup("tempdb"),
    )
    told = _told(_with(backups=backups))
    assert (
        told["backups"] == f"the oldest is that of sales, {AT - timedelta(days=9):%Y-%m-%d %H:%M} UTC; none here of new"
    )


def test_a_group_is_told_with_the_roles_that_were_found() -> None:
    group = Group("AG1", "ag", (Member("SQL01", "primary"), Member("SQL02", "secondary", healthy=False)))
    assert _told(replace(facts(), groups=(group,)))["group"] == "AG1 (ag): SQL01 primary, SQL02 secondary (not healthy)"


def test_what_nobody_asked_for_is_not_called_none() -> None:
    assert _told(facts())["updates"] == "nobody asked for them"
    assert "finding" in _told(facts())
