"""Parameters and results: frozen, strict, and nothing unknown."""

import pytest
from pydantic import ValidationError

from core.contract.job import StartJob, WatchJob, WatchResult

_START = {
    "RunId": "r",
    "Epoch": 1,
    "JobId": "j",
    "Sha256": "ab",
    "FileName": "p.exe",
    "Signer": "CN=M",
    "Arguments": ("/quiet",),
}


def test_parameters_go_out_under_powershell_names() -> None:
    assert StartJob.model_validate(_START).model_dump(by_alias=True) == _START


@pytest.mark.parametrize(
    "wrong", [{"Epoch": "1"}, {"Epoch": None}, {"Arguments": "/quiet"}, {"Command": "calc"}, {"JobId": 5}]
)
def test_parameters_of_another_type_are_never_sent(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        StartJob.model_validate(_START | wrong)


def test_messages_are_frozen() -> None:
    asked = WatchJob(job_id="j", seen=0, wait_seconds=5)
    with pytest.raises(ValidationError, match="frozen"):
        asked.seen = 1  # type: ignore[misc]


def test_a_time_without_a_zone_is_refused() -> None:
    status = {"sequence": 1, "state": "running", "started_at": "2026-03-01T22:00:00", "ended_at": None}
    status |= {"exit_code": None, "message": ""}
    with pytest.raises(ValidationError, match="timezone"):
        WatchResult.model_validate({"schema_version": 1, "known": True, "running": True, "status": status})
