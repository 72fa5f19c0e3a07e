"""What hosts answer is held against the schemas that are published for it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from core.contract.answer import write_result
from core.contract.claim import ClearClaim, ReleaseClaim, TakeClaim
from core.contract.job import CancelReboot, CollectJob, Reboot, RemoveJob, StartJob, StartRemoval, WatchJob
from core.contract.library import (
    ALL,
    BOOT_STATE,
    CANCEL_REBOOT,
    CHECK_APPLICATIONS,
    CLEAR_CLAIM,
    COLLECT_DIAGNOSTICS,
    COLLECT_JOB,
    COLLECT_UPDATES,
    HOST_FACTS,
    HOST_INVENTORY,
    PLACE_PACKAGE,
    PULL_PACKAGE,
    READ_CLAIM,
    REBOOT,
    RECEIVE_PACKAGE,
    RELEASE_CLAIM,
    REMOVE_JOB,
    SEARCH_UPDATES,
    SET_SERVICES,
    START_JOB,
    START_REMOVAL,
    START_UPDATES,
    TAKE_CLAIM,
    VERIFY_PACKAGE,
    WATCH_JOB,
)
from core.contract.looking import CheckApplications, CollectDiagnostics
from core.contract.message import NoParameters, Parameters, Result
from core.contract.package import PlacePackage, PullPackage, ReceivePackage, VerifyPackage
from core.contract.script import Script
from core.contract.services import SetServices
from core.contract.updates import CollectUpdates, SearchUpdates, StartUpdates
from core.practice.answers.answering import answer
from core.practice.host.jobs import Claim
from core.practice.host.updates import patch_id_of
from core.practice.packages import SIGNER, sha256_of
from core.practice.spec.os_update import OsUpdateSpec
from tests.practice.host.hosts import PACKAGE, Practised, Several

_PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "config" / "schemas" / "script_results.schema.json").read_text(encoding="utf-8")
)
_MISSING = OsUpdateSpec(kb="5044281", title="Cumulative update", severity="Critical", cves=("CVE-2025-1234",))
_THERE = OsUpdateSpec(kb="5044280", title="Older cumulative update", revision=9000, installed=True)

_HELD: dict[str, Any] = {"run_id": "run", "epoch": 1}
_FILE: dict[str, Any] = {"sha256": sha256_of(PACKAGE), "file_name": "p.exe"}
_SENT: dict[str, Any] = {**_HELD, **_FILE, "size_bytes": len(PACKAGE)}
_PULLED: dict[str, Any] = {**_SENT, "pull_id": "p", "source": r"\\a\b\p.exe", "wait_seconds": 0}
_UPDATES: dict[str, Any] = {**_HELD, "job_id": "updates", "service": "default", "updates": (patch_id_of(_MISSING),)}
_SEARCH = SearchUpdates(search_id="one", service="default", wait_seconds=0)
_BOOT: dict[str, Any] = {**_HELD, "expected_boot_id": "another"}

_ASKED: tuple[tuple[Script[Any, Any], Parameters], ...] = (
    (HOST_FACTS, NoParameters()),
    (HOST_INVENTORY, NoParameters()),
    (BOOT_STATE, NoParameters()),
    (TAKE_CLAIM, TakeClaim(**_HELD, console="here")),
    (READ_CLAIM, NoParameters()),
    (CLEAR_CLAIM, ClearClaim(run_id="run")),
    (RELEASE_CLAIM, ReleaseClaim(**_HELD)),
    (RECEIVE_PACKAGE, ReceivePackage(**_SENT)),
    (PLACE_PACKAGE, PlacePackage(**_SENT)),
    (PULL_PACKAGE, PullPackage(**_PULLED, give_up=False)),
    (PULL_PACKAGE, PullPackage(**_PULLED, give_up=True)),
    (VERIFY_PACKAGE, VerifyPackage(**_FILE)),
    (VERIFY_PACKAGE, VerifyPackage(sha256="ab", file_name="p.exe")),
    (START_JOB, StartJob(**_HELD, **_FILE, job_id="job", signer=SIGNER, arguments=())),
    (START_JOB, StartJob(**_HELD, **_FILE, job_id="another", signer=SIGNER, arguments=())),
    (WATCH_JOB, WatchJob(job_id="job", seen=0, wait_seconds=0)),
    (WATCH_JOB, WatchJob(job_id="none", seen=0, wait_seconds=0)),
    (COLLECT_JOB, CollectJob(job_id="job", folder="150", max_chars=100)),
    (REMOVE_JOB, RemoveJob(**_HELD, job_id="job", sha256="ab")),
    (REBOOT, Reboot(**_BOOT, delay_seconds=0)),
    (CANCEL_REBOOT, CancelReboot(**_BOOT)),
    (START_REMOVAL, StartRemoval(**_HELD, job_id="removal", package="20348.9000")),
    (SET_SERVICES, SetServices(action="stop", names=("MSSQLSERVER",), wait_seconds=60, **_HELD)),
    (CHECK_APPLICATIONS, CheckApplications(processes=("sqlservr",), services=("WinRM", "Nobody"))),
    *(
        (
            COLLECT_DIAGNOSTICS,
            CollectDiagnostics(kind=kind, since="2026-01-01T00:00:00Z", folders=("150",), max_chars=500),
        )
        for kind in ("setup_log", "errorlog", "event_log", "servicing_log", "cluster_log", "state")
    ),
    (SEARCH_UPDATES, _SEARCH),
    (START_UPDATES, StartUpdates(**_UPDATES)),
    (COLLECT_UPDATES, CollectUpdates(job_id="none")),
)


def _check(script: Script[Any, Any], data: Any) -> None:
    Draft202012Validator(_PUBLISHED).validate({script.name: data})


def _told(host: Practised, script: Script[Any, Any], parameters: Parameters) -> dict[str, Any]:
    """What a host answers, which must fit."""
    told = answer(host.machine, script.name, parameters, PACKAGE)
    assert isinstance(told, Result)
    data: dict[str, Any] = json.loads(write_result(told))["data"]
    _check(script, data)
    return data


def _host() -> Practised:
    host = Practised(os_updates=(_MISSING, _THERE), applications=("App",), pending_reboot=("file_rename",))
    host.machine.read_share = lambda _: PACKAGE
    host.install()
    host.later(minutes=30)
    return host


@pytest.mark.parametrize(("script", "parameters"), _ASKED, ids=lambda one: getattr(one, "name", ""))
def test_an_answer_fits_the_schema_that_is_published_for_it(script: Script[Any, Any], parameters: Parameters) -> None:
    _told(_host(), script, parameters)


def test_every_script_of_the_contract_is_asked() -> None:
    assert {script.name for script, _ in _ASKED} == {script.name for script in ALL}


def test_what_was_found_and_what_was_installed_fit() -> None:
    host = _host()
    assert _told(host, SEARCH_UPDATES, _SEARCH)["done"] is False
    host.later(minutes=2)
    found = _told(host, SEARCH_UPDATES, _SEARCH)
    assert ([len(found[key]) for key in ("offered", "installed")], found["done"]) == ([1, 1], True)
    _told(host, START_UPDATES, StartUpdates(**_UPDATES))
    host.later(minutes=30)
    assert len(_told(host, COLLECT_UPDATES, CollectUpdates(job_id="updates"))["updates"]) == 1
    assert _told(host, WATCH_JOB, WatchJob(job_id="updates", seen=0, wait_seconds=0))["status"]["percent"] == 100


@pytest.mark.parametrize(
    "happened",
    [
        Practised.install,
        lambda host: setattr(host.machine, "claim", None),
        lambda host: setattr(host.machine, "claim", Claim("there", "other", 3, host.machine.now)),
        lambda host: host.machine.install_something("wusa.exe", timedelta(hours=1).total_seconds()),
    ],
    ids=["installing", "free", "claimed", "other installer"],
)
def test_a_look_fits_whatever_goes_on(happened: Callable[[Practised], None]) -> None:
    host = _host()
    happened(host)
    for script in (HOST_FACTS, HOST_INVENTORY, BOOT_STATE, READ_CLAIM):
        _told(host, script, NoParameters())


@pytest.mark.parametrize("kind", ["ag", "fci"])
def test_members_of_groups_fit(kind: str) -> None:
    several = Several(kind, "ONE", "TWO")
    for name in ("ONE", "TWO"):
        assert len(_told(several[name], HOST_FACTS, NoParameters())["cluster"]["nodes"]) == 2


def test_every_script_has_its_schema_and_nothing_else_has() -> None:
    assert set(_PUBLISHED["properties"]) == {script.name for script in ALL}


@pytest.mark.parametrize("script", ALL, ids=lambda script: script.name)
def test_a_schema_refuses_what_lacks_everything(script: Script[Any, Any]) -> None:
    with pytest.raises(ValidationError):
        _check(script, {})
