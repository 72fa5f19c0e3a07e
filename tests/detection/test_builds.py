"""The testimony about a build: who spoke, who could not, and whether they agree."""

from dataclasses import replace

from core.detection import builds
from core.model.build import Build
from core.model.facts import SqlSilence
from tests.samples import LOST, NEW, OLD, facts


def test_three_witnesses_that_agree_name_one_build() -> None:
    told = builds.testimony(facts(), facts().instances[0])
    assert set(told.builds) == {"registry", "sqlservr.exe", "engine"}
    assert told.agreed == Build.parse(OLD)
    assert told.missing == {}


def test_witnesses_that_contradict_each_other_agree_on_nothing() -> None:
    instance = replace(facts().instances[0], binary=Build.parse(NEW))
    told = builds.testimony(facts(), instance)
    assert told.agreed is None
    assert str(told) == f"registry {OLD}, sqlservr.exe {NEW}, engine {OLD}"


def test_who_is_missing_is_said_with_the_reason() -> None:
    silent = replace(facts(), sql=(SqlSilence("MSSQLSERVER", LOST),))
    told = builds.testimony(silent, replace(silent.instances[0], binary=None))
    assert set(told.builds) == {"registry"}
    assert told.agreed == Build.parse(OLD)
    assert told.missing == {"sqlservr.exe": "the file was not found", "engine": LOST.detail}
    assert "engine" in builds.testimony(replace(facts(), sql=()), facts().instances[0]).missing
