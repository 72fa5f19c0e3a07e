"""What targets write reaches nobody as it is."""

import json

import pytest

from core.contract.answer import read_answer
from core.contract.foreign import tame
from core.contract.job import CollectResult
from core.contract.library import BOOT_STATE, COLLECT_JOB
from core.model.failure import Failure

_HARMFUL = ["\x1b[31m", "\x07", "\x9b2J", "\x00", "\u202eexe", "\u2028", "\ud800", "\uffff"]


@pytest.mark.parametrize("harm", _HARMFUL, ids=ascii)
def test_what_could_do_harm_is_marked(harm: str) -> None:
    told = tame(f"before{harm}after", 100)
    assert harm[0] not in told
    assert told.startswith("before\ufffd")
    told.encode()


def test_lines_tabs_and_letters_of_all_languages_stay() -> None:
    assert tame("a\tb\r\nc \u00e4\u6f22\U0001f600", 100) == "a\tb\r\nc \u00e4\u6f22\U0001f600"


def test_an_error_of_a_script_is_tamed_and_cut() -> None:
    text = json.dumps({"ok": False, "error": {"code": "claimed", "message": "by \x1b]0;owned\x07" + "x" * 9000}})
    failure = read_answer(BOOT_STATE, text)
    assert isinstance(failure, Failure)
    assert "\x1b" not in failure.detail
    assert len(failure.detail) == 2000


def test_names_inside_a_result_are_tamed_and_cut() -> None:
    services = ["MSSQL$\x1b[2J", "y" * 9000]
    result = read_answer(BOOT_STATE, _boot_state(services_waiting=services))
    assert not isinstance(result, Failure)
    assert result.services_waiting == ("MSSQL$\ufffd[2J", "y" * 4096)


def test_the_name_of_an_unknown_key_is_tamed() -> None:
    failure = read_answer(BOOT_STATE, _boot_state(**{"\x1b[31mnew": 1}))
    assert isinstance(failure, Failure)
    assert "\x1b" not in failure.detail


def test_what_setup_left_may_be_long() -> None:
    data = {"schema_version": 1, "output": "", "summary": "z" * 200_000}
    result = read_answer(COLLECT_JOB, json.dumps({"ok": True, "data": data}))
    assert isinstance(result, CollectResult)
    assert len(result.summary) == 200_000


def _boot_state(**more: object) -> str:
    boot = {"booted_at": "2026-01-01T00:00:00Z", "boot_id": "event:1"}
    data = {"schema_version": 1, "host_time": "2026-01-01T00:00:00Z", "boot": boot, "servicing_busy": False}
    return json.dumps({"ok": True, "data": data | {"services_waiting": []} | more})
