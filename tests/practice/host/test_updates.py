"""The update agent of an imaginary host: whom it answers, and what it says."""

from __future__ import annotations

import pytest

from core.contract.job import StartResult
from core.contract.library import ALL, HOST_FACTS, SEARCH_UPDATES, START_UPDATES
from core.contract.script import compose
from core.contract.updates import SearchResult, SearchUpdates, StartUpdates
from core.practice.answers.answer import Hold, RefusalError
from core.practice.answers.answering import answer
from core.practice.answers.logon import logon_of
from core.practice.host.updates import patch_id_of
from core.practice.spec.fault import FaultSpec
from core.practice.spec.os_update import OsUpdateSpec
from tests.practice.host.hosts import Practised

_UPDATE = OsUpdateSpec(kb="5044281", title="Cumulative update", reboot="always", size_mb=400)
_DENIED = FaultSpec(when="assess", kind="wua_denied")


def _search(host: Practised) -> SearchResult:
    wanted = SearchUpdates(search_id="one", service="default", wait_seconds=60)
    assert isinstance(answer(host.machine, SEARCH_UPDATES.name, wanted), Hold)
    host.later(minutes=2)
    found = answer(host.machine, SEARCH_UPDATES.name, wanted)
    assert isinstance(found, SearchResult)
    return found


def _install(host: Practised) -> None:
    wanted = StartUpdates(run_id="run", epoch=1, job_id="job", service="default", updates=(patch_id_of(_UPDATE),))
    assert isinstance(answer(host.machine, START_UPDATES.name, wanted), StartResult)
    host.later(minutes=30)


def _reasons(host: Practised) -> list[str]:
    return [one.reason for one in host.facts().pending_reboot]


def test_what_waits_for_a_restart_is_said_by_registry_and_agent() -> None:
    host = Practised(os_updates=(_UPDATE,))
    assert _reasons(host) == []
    _install(host)
    assert _reasons(host) == ["windows_update", "windows_update_agent"]
    host.restart()
    host.later(minutes=5)
    assert _reasons(host) == []


def test_where_the_agent_takes_no_network_logon_the_registry_speaks_alone() -> None:
    host = Practised(_DENIED, os_updates=(_UPDATE,), pending_reboot=("windows_update_agent", "file_rename"))
    assert _reasons(host) == ["file_rename"]
    assert host.noted[-2:] == ["fault", "refused"]
    _install(host)
    assert _reasons(host) == ["file_rename", "windows_update"]


def test_where_the_agent_takes_no_network_logon_the_task_of_system_searches_all_the_same() -> None:
    host = Practised(_DENIED, os_updates=(_UPDATE,))
    host.facts()
    found = _search(host)
    assert (found.hresult, [one.kbs for one in found.offered]) == (0, [("5044281",)])


def test_a_search_over_the_network_would_be_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.practice.answers.updates.logon_of", lambda _: "network")
    host = Practised(_DENIED, os_updates=(_UPDATE,))
    host.facts()
    found = _search(host)
    assert (found.done, found.hresult, found.offered) == (True, -2147024891, ())
    with pytest.raises(RefusalError, match="0x80070005"):
        _install(host)


def test_only_the_pending_restart_is_asked_over_the_network() -> None:
    assert [script.name for script in ALL if logon_of(script.text) == "network"] == [HOST_FACTS.name]


@pytest.mark.parametrize("task", ["run_search", "run_updates"])
def test_what_a_task_does_by_itself_would_be_over_the_network_if_it_were_sent(task: str) -> None:
    assert logon_of(compose(f"{task}.ps1")) == "network"
