"""The rows of a database engine become facts; what it refuses becomes a gap, and what nobody can read a silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.detection.sql import EngineWords, words_of
from core.model.build import Build
from core.model.facts import Backup, Database, DueJob, Gap, Group, Link, Member, RunningJob, SqlAnswer, SqlSilence
from core.model.failure import Cause, Failure
from core.ports import Answer

_VERSION: Answer = (("15.0.4430.1", "RTM", "KB5054833", "Enterprise", "CU32", 1, 1),)
_DATABASES: Answer = (("master", "ONLINE", 0), ("Sales", "SUSPECT", 1))
_SAVED = datetime(2026, 3, 1, 23, 30)  # noqa: DTZ001 - as the engine writes it
_REFUSED = Failure(Cause.SQL_LOGIN, "SQL01 refused with error 229", "grant the login SELECT on it")


_NO_WORK: Answer = ((1, None, None, None, 60),)


# No jobs due, no replication, no log shipping, no mirrors.
_ALONE: tuple[Answer, ...] = ((), (), (), ())


def _words(
    work: Answer = _NO_WORK, agent: Answer = (), replicas: Answer = (), others: tuple[Answer, ...] = _ALONE
) -> EngineWords:
    return words_of("PROD", (_VERSION, _DATABASES, (), work, agent, replicas, *others))


def _told(version: Answer = _VERSION, databases: Answer = _DATABASES, backups: Answer = ()) -> SqlAnswer:
    witness = words_of("PROD", (version, databases, backups, _NO_WORK, (), (), *_ALONE)).witness
    assert isinstance(witness, SqlAnswer), witness
    return witness


def test_an_engine_names_its_build_update_and_databases() -> None:
    told = _told()
    assert (told.build, told.level, told.update) == (Build.parse("15.0.4430.1"), "RTM", "KB5054833")
    assert (told.update_level, told.clustered, told.availability_groups) == ("CU32", True, True)
    assert told.databases == (Database("master", "ONLINE"), Database("Sales", "SUSPECT", in_group=True))


def test_properties_that_an_old_engine_does_not_know_are_not_made_up() -> None:
    told = _told(version=(("11.0.7001.0", "SP4", None, "Standard", None, None, None),))
    assert (told.update, told.update_level, told.clustered, told.availability_groups) == (None, None, False, False)


@pytest.mark.parametrize(("offset", "hour"), [(60, 22), (-480, 7), (345, 17), (0, 23)])
def test_a_backup_is_as_old_as_the_hosts_own_clock_says_whatever_its_zone(offset: int, hour: int) -> None:
    (backup,) = _told(backups=(("Sales", _SAVED, None, None, offset),)).backups or ()
    assert backup.full == (_SAVED - timedelta(minutes=offset)).replace(tzinfo=UTC)
    assert backup.full.hour == hour
    assert backup.newest == backup.full


def test_a_database_that_was_never_saved_is_asked_all_the_same() -> None:
    assert _told(backups=(("Sales", None, None, None, 60),)).backups == (Backup("Sales"),)


def test_a_log_backup_alone_is_not_taken_for_one() -> None:
    (backup,) = _told(backups=(("Sales", None, None, _SAVED, 0),)).backups or ()
    assert backup.log is not None
    assert backup.newest is None


def test_without_a_right_on_msdb_the_rest_is_known_and_the_gap_is_named() -> None:
    told = _told(backups=_REFUSED)
    assert told.build == Build.parse("15.0.4430.1")
    assert told.backups is None
    assert told.gaps == (Gap("backups", _REFUSED),)


@pytest.mark.parametrize("place", [0, 1])
def test_an_engine_that_does_not_say_its_build_or_databases_is_no_witness(place: int) -> None:
    answers: list[Answer] = [_VERSION, _DATABASES, (), _NO_WORK, (), (), *_ALONE]
    answers[place] = _REFUSED
    assert words_of("PROD", tuple(answers)) == EngineWords(SqlSilence("PROD", _REFUSED))


@pytest.mark.parametrize("count", [1, 9, 11])
def test_a_wrong_number_of_answers_is_nobodys_silence(count: int) -> None:
    with pytest.raises(ValueError, match=f"10 questions, and {count} answers"):
        words_of("PROD", (_VERSION, _DATABASES, *[()] * (count - 2))[:count])


@pytest.mark.parametrize(
    ("command", "kind"), [("BACKUP LOG", "backup"), ("RESTORE DATABASE", "restore"), ("DBCC TABLE CHECK", "checkdb")]
)
def test_work_that_runs_has_its_kind_database_and_start(command: str, kind: Any) -> None:
    since = (_SAVED - timedelta(minutes=60)).replace(tzinfo=UTC)
    assert _words(work=((1, command, "Sales", _SAVED, 60),)).jobs == (RunningJob(kind, "Sales", "PROD", since),)


def test_a_running_agent_job_has_its_name_and_start() -> None:
    since = _SAVED.replace(tzinfo=UTC)
    assert _words(agent=(("Nightly", _SAVED, 0),)).jobs == (RunningJob("agent_job", "Nightly", "PROD", since),)


def test_a_login_that_sees_its_own_work_only_has_seen_nothing() -> None:
    words = _words(work=((0, "BACKUP LOG", "Sales", _SAVED, 60),), agent=(("Nightly", _SAVED, 0),))
    assert isinstance(words.witness, SqlAnswer)
    assert [one.kind for one in words.jobs] == ["agent_job"]
    (gap,) = words.witness.gaps
    assert (gap.about, gap.failure.cause) == ("running_work", Cause.SQL_LOGIN)


def test_a_closed_msdb_leaves_what_the_server_itself_shows() -> None:
    words = _words(work=((1, "BACKUP LOG", "Sales", _SAVED, 60),), agent=_REFUSED)
    assert isinstance(words.witness, SqlAnswer)
    assert [one.kind for one in words.jobs] == ["backup"]
    assert words.witness.gaps == (Gap("agent_jobs", _REFUSED),)


def test_a_primary_knows_the_role_and_health_of_every_replica() -> None:
    words = _words(
        replicas=(
            ("AG1", "SQL01\\PROD", "PRIMARY", "SQL01\\PROD", "SYNCHRONOUS_COMMIT", "HEALTHY"),
            ("AG1", "SQL02\\PROD", "SECONDARY", "SQL01\\PROD", "SYNCHRONOUS_COMMIT", "NOT_HEALTHY"),
            ("AG2", "SQL01\\PROD", "RESOLVING", "", "ASYNCHRONOUS_COMMIT", "HEALTHY"),
        )
    )
    assert words.groups == (
        Group("AG1", "ag", (Member("SQL01", "primary", True), Member("SQL02", "secondary", True, False)), "PROD"),
        Group("AG2", "ag", (Member("SQL01", "unknown"),), "PROD"),
    )


def test_a_secondary_knows_its_own_state_and_who_leads() -> None:
    words = _words(
        replicas=(
            ("AG1", "SQL01", None, "sql01", "SYNCHRONOUS_COMMIT", None),
            ("AG1", "SQL02", "SECONDARY", "sql01", "ASYNCHRONOUS_COMMIT", "HEALTHY"),
            ("AG1", "SQL03", None, "sql01", "SYNCHRONOUS_COMMIT", None),
        )
    )
    assert [one.role for one in words.groups[0].members] == ["primary", "secondary", "secondary"]
    assert [one.synchronous for one in words.groups[0].members] == [True, False, True]


def test_replicas_that_are_not_shown_are_a_gap_and_no_proof_that_there_are_none() -> None:
    words = _words(replicas=_REFUSED)
    assert isinstance(words.witness, SqlAnswer)
    assert (words.groups, words.witness.gaps) == ((), (Gap("replicas", _REFUSED),))


def test_a_job_that_is_due_is_known_by_its_time() -> None:
    words = _words(others=((("Nightly", _SAVED, 60),), (), (), ()))
    assert words.due == (DueJob("Nightly", "PROD", (_SAVED - timedelta(minutes=60)).replace(tzinfo=UTC)),)


def test_a_publisher_knows_its_distributor_and_its_subscribers() -> None:
    servers = ((0, 0, 1, "DIST01", 2), (0, 1, 0, "SUB01\\X", 2), (0, 1, 0, "tcp:SUB02,1444", 2))
    (link,) = _words(others=((), servers, (), ())).links
    assert link == Link("replication", "publisher", ("DIST01", "SUB01", "SUB02"), "PROD")


def test_an_engine_can_be_its_own_distributor() -> None:
    links = _words(others=((), ((1, 0, 1, "SQL01", 1),), (), ())).links
    assert [one.role for one in links] == ["distributor", "publisher"]


def test_subscribers_that_are_only_listed_make_no_publisher() -> None:
    assert _words(others=((), ((0, 1, 0, "SUB01", 0),), (), ())).links == ()


def test_log_shipping_and_mirroring_name_both_ends() -> None:
    shipping = (("primary", "SQL02"), ("primary", "SQL03\\A"), ("secondary", "SQL09"), ("primary", None))
    mirrors = (("MIRROR", "SQL05"),)
    assert _words(others=((), (), shipping, mirrors)).links == (
        Link("log_shipping", "primary", ("SQL02", "SQL03"), "PROD"),
        Link("log_shipping", "secondary", ("SQL09",), "PROD"),
        Link("mirroring", "mirror", ("SQL05",), "PROD"),
    )


def test_roles_that_are_not_shown_are_gaps() -> None:
    words = _words(others=(_REFUSED, _REFUSED, _REFUSED, _REFUSED))
    assert isinstance(words.witness, SqlAnswer)
    assert [one.about for one in words.witness.gaps] == ["due_jobs", "replication", "log_shipping", "mirroring"]


_UNREADABLE: dict[str, tuple[Any, Any, Any]] = {
    "no build": ((), _DATABASES, ()),
    "a build that is none": ((("fifteen", "RTM", None, "Enterprise", None, 0, 0),), _DATABASES, ()),
    "another number of columns": (_VERSION, (("master",),), ()),
    "a time that is none": (_VERSION, _DATABASES, (("Sales", "yesterday", None, None, 60),)),
    "no offset": (_VERSION, _DATABASES, (("Sales", _SAVED, None, None, None),)),
    "a time out of reach": (_VERSION, _DATABASES, (("Sales", _SAVED, None, None, 10**12),)),
}


@pytest.mark.parametrize("answers", _UNREADABLE.values(), ids=_UNREADABLE)
def test_rows_that_nobody_understands_are_the_protocols_fault(answers: tuple[Any, Any, Any]) -> None:
    witness = words_of("PROD", (*answers, _NO_WORK, (), (), *_ALONE)).witness
    assert isinstance(witness, SqlSilence)
    assert witness.failure.cause is Cause.PROTOCOL
