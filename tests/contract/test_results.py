"""What hosts answer is held against the schemas that are published for it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from core.contract.answer import write_result
from core.contract.job import CancelReboot, CollectJob, RemoveJob, WatchJob
from core.contract.library import (
    ALL,
    BOOT_STATE,
    CANCEL_REBOOT,
    CHECK_APPLICATIONS,
    COLLECT_DIAGNOSTICS,
    COLLECT_JOB,
    HOST_FACTS,
    HOST_INVENTORY,
    REMOVE_JOB,
    SET_SERVICES,
    VERIFY_PACKAGE,
    WATCH_JOB,
)
from core.contract.looking import CheckApplications, CollectDiagnostics
from core.contract.message import NoParameters, Parameters, Result
from core.contract.package import VerifyPackage
from core.contract.script import Script
from core.contract.services import SetServices
from core.practice.answers.answering import answer
from tests.practice.host.hosts import Practised

_PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "config" / "schemas" / "script_results.schema.json").read_text(encoding="utf-8")
)
_HELD: dict[str, Any] = {"run_id": "run", "epoch": 1}
_ASKED: tuple[tuple[Script[Any, Any], Parameters], ...] = (
    (HOST_FACTS, NoParameters()),
    (HOST_INVENTORY, NoParameters()),
    (BOOT_STATE, NoParameters()),
    (VERIFY_PACKAGE, VerifyPackage(sha256="ab", file_name="p.exe")),
    (WATCH_JOB, WatchJob(job_id="job", seen=0, wait_seconds=0)),
    (COLLECT_JOB, CollectJob(job_id="job", folder="150", max_chars=100)),
    (CHECK_APPLICATIONS, CheckApplications(processes=("sqlservr",), services=("WinRM", "Nobody"))),
    *(
        (
            COLLECT_DIAGNOSTICS,
            CollectDiagnostics(kind=kind, since="2026-01-01T00:00:00Z", folders=("150",), max_chars=500),
        )
        for kind in ("setup_log", "errorlog", "event_log", "servicing_log", "cluster_log", "state")
    ),
    (CANCEL_REBOOT, CancelReboot(expected_boot_id="another", **_HELD)),
    (REMOVE_JOB, RemoveJob(job_id="job", sha256="ab", **_HELD)),
    (SET_SERVICES, SetServices(action="stop", names=("MSSQLSERVER",), wait_seconds=60, **_HELD)),
)


def _check(script: Script[Any, Any], data: Any) -> None:
    Draft202012Validator(_PUBLISHED).validate({script.name: data})


@pytest.mark.parametrize(("script", "parameters"), _ASKED, ids=lambda one: getattr(one, "name", ""))
def test_an_answer_fits_the_schema_that_is_published_for_it(script: Script[Any, Any], parameters: Parameters) -> None:
    host = Practised()
    host.install()
    host.later(minutes=30)
    told = answer(host.machine, script.name, parameters)
    assert isinstance(told, Result)
    _check(script, json.loads(write_result(told))["data"])


def test_every_script_has_its_schema_and_nothing_else_has() -> None:
    assert set(_PUBLISHED["properties"]) == {script.name for script in ALL}


@pytest.mark.parametrize("script", ALL, ids=lambda script: script.name)
def test_a_schema_refuses_what_lacks_everything(script: Script[Any, Any]) -> None:
    with pytest.raises(ValidationError):
        _check(script, {})
