"""What a real host would refuse, an imaginary one refuses, with the script's own code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from core.contract.answer import CODES
from core.contract.claim import ClearClaim, ReleaseClaim, TakeClaim
from core.contract.job import CollectJob, CollectResult, Reboot, RemoveJob, StartJob, StartRemoval, WatchJob
from core.contract.library import (
    CLEAR_CLAIM,
    COLLECT_JOB,
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
from core.contract.message import NoParameters, Parameters
from core.contract.package import PullPackage, ReceivePackage, VerifyPackage
from core.contract.script import Script
from core.contract.services import SetServices
from core.contract.updates import SearchUpdates, StartUpdates
from core.practice.answers.answer import RefusalError
from core.practice.answers.answering import answer
from core.practice.host import power
from core.practice.packages import SIGNER, sha256_of
from core.practice.spec.fault import FaultSpec
from tests.practice.host.hosts import PACKAGE, Practised

_HASH = sha256_of(PACKAGE)
_PATCH = "5b1f0c9e-6f0a-4b8f-9f57-0d6c6f2b7e11.200"
_OURS: dict[str, Any] = {"run_id": "run", "epoch": 1}
_LATER: dict[str, Any] = {"run_id": "run", "epoch": 2}
_OTHERS: dict[str, Any] = {"run_id": "other", "epoch": 1}


def _job(**changed: Any) -> StartJob:
    known = {**_OURS, "job_id": "second", "sha256": _HASH, "file_name": "p.exe", "signer": SIGNER, "arguments": ()}
    return StartJob.model_validate(known | changed)


def _received(**changed: Any) -> ReceivePackage:
    known = {**_OURS, "sha256": _HASH, "file_name": "p.exe", "size_bytes": len(PACKAGE)}
    return ReceivePackage.model_validate(known | changed)


def _pulled(source: str) -> PullPackage:
    more = {"pull_id": "p", "source": source, "wait_seconds": 0, "give_up": False}
    return PullPackage.model_validate(_received().model_dump() | more)


def _search(key: str = "one") -> SearchUpdates:
    return SearchUpdates(search_id=key, service="default", wait_seconds=0)


def _updates(*patches: str, **held: Any) -> StartUpdates:
    return StartUpdates.model_validate({**_OURS, "job_id": "second", "service": "default", "updates": patches} | held)


def _reboot(host: Practised) -> Reboot:
    return Reboot(**_OURS, expected_boot_id=host.machine.boot_id, delay_seconds=0)


def _denied(_: str) -> bytes:
    raise PermissionError("the share lets nobody in")


def _torn(_: str) -> bytes:
    raise OSError("the line to the share is torn")


def _claim_of_another(host: Practised) -> None:
    answer(host.machine, RELEASE_CLAIM.name, ReleaseClaim(**_OURS))
    answer(host.machine, TAKE_CLAIM.name, TakeClaim(run_id="other", epoch=1, console="there"))


def _handed_on(host: Practised) -> None:
    """The run was taken up elsewhere, and gave the host back."""
    answer(host.machine, TAKE_CLAIM.name, TakeClaim(**_LATER, console="there"))
    answer(host.machine, RELEASE_CLAIM.name, ReleaseClaim(**_LATER))


def _found_free(host: Practised) -> None:
    """The run was taken up elsewhere, and gave back what nobody held."""
    answer(host.machine, RELEASE_CLAIM.name, ReleaseClaim(**_OURS))
    answer(host.machine, RELEASE_CLAIM.name, ReleaseClaim(**_LATER))


def _searching(host: Practised) -> None:
    answer(host.machine, SEARCH_UPDATES.name, _search())
    power.crash(host.machine)
    host.later(minutes=10)


def _nothing(_: Practised) -> None:
    pass


def _reading(read: Callable[[str], bytes | None]) -> Callable[[Practised], None]:
    return lambda host: setattr(host.machine, "read_share", read)


_Row = tuple[str, Script[Any, Any], Parameters, Callable[[Practised], None]]
_ROWS: list[_Row] = [
    ("claimed", TAKE_CLAIM, TakeClaim(**_OTHERS, console="there"), _nothing),
    ("fenced", TAKE_CLAIM, TakeClaim(**_OURS, console="here"), _handed_on),
    ("fenced", TAKE_CLAIM, TakeClaim(**_OURS, console="here"), _found_free),
    ("fenced", RELEASE_CLAIM, ReleaseClaim(**_OURS), _found_free),
    ("bad_name", TAKE_CLAIM, TakeClaim(run_id="../run", epoch=1, console="here"), _claim_of_another),
    ("claimed", RELEASE_CLAIM, ReleaseClaim(**_OTHERS), _nothing),
    ("fenced", RELEASE_CLAIM, ReleaseClaim(**_LATER), _nothing),
    ("job_running", RELEASE_CLAIM, ReleaseClaim(**_OURS), Practised.install),
    ("claimed", CLEAR_CLAIM, ClearClaim(run_id="other"), _nothing),
    ("job_running", CLEAR_CLAIM, ClearClaim(run_id="run"), Practised.install),
    ("claimed", RECEIVE_PACKAGE, _received(), _claim_of_another),
    ("not_claimed", RECEIVE_PACKAGE, _received(), _handed_on),
    ("bad_size", RECEIVE_PACKAGE, _received(size_bytes=len(PACKAGE) + 1), _nothing),
    ("bad_hash", RECEIVE_PACKAGE, _received(sha256="0" * 64), _nothing),
    ("bad_name", RECEIVE_PACKAGE, _received(file_name="p.msi"), _nothing),
    ("bad_name", RECEIVE_PACKAGE, _received(file_name="..\\p.exe"), _nothing),
    ("bad_name", RECEIVE_PACKAGE, _received(sha256="..\\.."), _nothing),
    ("no_space", RECEIVE_PACKAGE, _received(), lambda host: host.machine.free.update(C=1000)),
    ("bad_name", PULL_PACKAGE, _pulled(r"C:\packages\p.exe"), _nothing),
    ("bad_name", PULL_PACKAGE, _pulled(r"\\a\b\..\p.exe"), _nothing),
    ("share_absent", PULL_PACKAGE, _pulled(r"\\a\b\p.exe"), _nothing),
    ("share_other", PULL_PACKAGE, _pulled(r"\\a\b\p.exe"), _reading(lambda _: b"")),
    ("share_denied", PULL_PACKAGE, _pulled(r"\\a\b\p.exe"), _reading(_denied)),
    ("share_failed", PULL_PACKAGE, _pulled(r"\\a\b\p.exe"), _reading(_torn)),
    ("bad_name", VERIFY_PACKAGE, VerifyPackage(sha256=_HASH, file_name="p"), _nothing),
    ("no_package", START_JOB, _job(), _nothing),
    ("job_running", START_JOB, _job(), Practised.install),
    ("bad_name", START_JOB, _job(job_id="a\\b"), _nothing),
    ("bad_name", START_JOB, _job(job_id="a."), _nothing),
    ("job_running", START_UPDATES, _updates(_PATCH), Practised.install),
    ("bad_update", START_UPDATES, _updates(_PATCH, "KB5044281"), _nothing),
    ("not_claimed", START_UPDATES, _updates(_PATCH), _handed_on),
    ("no_os_package", START_REMOVAL, StartRemoval(**_OURS, job_id="second", package="20348.1"), _nothing),
    ("job_running", START_REMOVAL, StartRemoval(**_OURS, job_id="second", package="20348.1"), Practised.install),
    ("job_running", REMOVE_JOB, RemoveJob(**_OURS, job_id="job", sha256=""), Practised.install),
    ("bad_name", WATCH_JOB, WatchJob(job_id="..", seen=0, wait_seconds=0), _nothing),
    ("search_lost", SEARCH_UPDATES, _search(), _searching),
    ("no_service", SET_SERVICES, SetServices(**_OURS, action="stop", names=("None",), wait_seconds=1), _nothing),
    ("job_running", SET_SERVICES, SetServices(**_OURS, action="stop", names=("X",), wait_seconds=1), Practised.install),
]
# Of what lies on a real host's disk, or of two requests at once: nothing here could bring them about.
_NEVER_HERE = {"bad_claim", "bad_file", "busy", "package_busy"}


def _code(host: Practised, script: Script[Any, Any], asked: Parameters) -> str:
    with pytest.raises(RefusalError) as refused:
        answer(host.machine, script.name, asked, PACKAGE)
    return refused.value.code


@pytest.mark.parametrize(("code", "script", "asked", "before"), _ROWS, ids=lambda one: getattr(one, "name", None))
def test_what_a_host_refuses_has_its_code(
    code: str, script: Script[Any, Any], asked: Parameters, before: Callable[[Practised], None]
) -> None:
    host = Practised()
    before(host)
    assert _code(host, script, asked) == code


def test_no_restart_beside_a_job_nor_when_something_blocks_it() -> None:
    busy, blocked = Practised(), Practised(FaultSpec(when="reboot", kind="reboot_blocked"))
    busy.install()
    assert _code(busy, REBOOT, _reboot(busy)) == "job_running"
    assert _code(blocked, REBOOT, _reboot(blocked)) == "reboot_refused"


@pytest.mark.parametrize("policy", ["AllSigned", "Restricted"])
def test_a_policy_against_scripts_is_named_before_anything_is_started(policy: str) -> None:
    host = Practised(execution_policy=policy)
    asked = (
        (START_JOB, _job()),
        (START_UPDATES, _updates(_PATCH)),
        (START_REMOVAL, StartRemoval(**_OURS, job_id="second", package="20348.1")),
        (SEARCH_UPDATES, _search()),
    )
    assert {_code(host, script, parameters) for script, parameters in asked} == {"execution_policy"}
    assert host.facts().limits.execution_policies[0].policy == policy
    assert not host.machine.jobs


@pytest.mark.parametrize("folder", ["foreign", "open", "link"])
def test_a_folder_in_which_somebody_could_have_a_hand_is_not_even_read(folder: str) -> None:
    host = Practised()
    host.machine.spec = host.spec.model_copy(update={"drydock_folder": folder})
    watched = WatchJob(job_id="a", seen=0, wait_seconds=0)
    for script, asked in ((READ_CLAIM, NoParameters()), (WATCH_JOB, watched), (RECEIVE_PACKAGE, _received())):
        assert _code(host, script, asked) == "bad_folder"
    assert host.facts().computer_name == "HOST"


def test_every_code_of_the_contract_can_be_met_here() -> None:
    met = {code for code, *_ in _ROWS} | {"reboot_refused", "execution_policy", "bad_folder"}
    assert met == set(CODES) - _NEVER_HERE


@pytest.mark.parametrize(("signer", "state"), [(SIGNER, "running"), ("CN=Somebody else", "refused")])
def test_a_job_starts_only_what_the_signer_signed_who_was_verified(signer: str, state: str) -> None:
    host = Practised()
    answer(host.machine, RECEIVE_PACKAGE.name, _received(), PACKAGE)
    answer(host.machine, START_JOB.name, _job(signer=signer))
    assert host.machine.jobs["second"].state == state
    assert host.noted.count("installer_start") == (state == "running")


def test_the_summary_of_an_earlier_installation_is_not_brought_for_a_job() -> None:
    host = Practised()
    host.install()
    host.later(hours=1)
    answer(host.machine, START_JOB.name, _job())

    def summary(job: str, folder: str = "150") -> str:
        told = answer(host.machine, COLLECT_JOB.name, CollectJob(job_id=job, folder=folder, max_chars=100_000))
        assert isinstance(told, CollectResult)
        return told.summary

    assert "Passed but reboot required" in summary("job")
    assert (summary("job", "160"), summary("second"), summary("third")) == ("", "", "")


def test_a_claim_that_is_renewed_keeps_its_time() -> None:
    host = Practised()
    claim = host.machine.claim
    assert claim is not None
    host.later(hours=1)
    answer(host.machine, TAKE_CLAIM.name, TakeClaim(**_LATER, console="here"))
    assert host.machine.claim is not None
    assert (host.machine.claim.taken_at, host.machine.claim.epoch) == (claim.taken_at, 2)


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (WatchJob, {"JobId": "a", "Seen": 0, "WaitSeconds": 61}),
        (WatchJob, {"JobId": "", "Seen": 0, "WaitSeconds": 1}),
        (CollectJob, {"JobId": "a", "Folder": "..", "MaxChars": 1}),
        (SearchUpdates, {"SearchId": "a", "Service": "anybody", "WaitSeconds": 1}),
    ],
)
def test_what_powershell_would_not_bind_is_not_taken(model: type[Parameters], wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(wrong)
