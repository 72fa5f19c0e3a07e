"""Facts of many hosts, against bare pypsrp threads that fetch the same payload; the fleet is another process."""

from __future__ import annotations

import queue
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from bench.figure import Asking, Figure
from core.app import composition, practice
from core.app.assess import Assessment, assess
from core.app.workspace import Workspace, hosts, settings_of
from core.contract.library import HOST_FACTS
from core.model.facts import Facts, SqlAnswer, UpdateAnswer
from core.model.failure import Failure
from core.model.host import Host, Instance
from core.model.secret import Credential
from core.model.selection import Selection
from core.ports import Answer, AskSql, Hear, Secrets, Stop
from core.practice.spec.scenario import Generate, Scenario
from core.remote.odbc import OdbcAskSql
from core.settings.workspace import Settings

_HOSTS, _QUICK = 500, 40
_WORKERS = 50
_ROUNDS = 2


class _Timed(OdbcAskSql):
    """How much processor time the threads spent in it that speak with the engines."""

    guard = threading.Lock()
    spent = 0.0

    def converse(
        self, host: Host, instance: Instance, questions: Sequence[str], database: str | None
    ) -> tuple[Answer, ...] | Failure:
        began = time.thread_time()
        try:
            return super().converse(host, instance, questions, database)
        finally:
            with self.guard:
                _Timed.spent += time.thread_time() - began


def measure(asking: Asking) -> Iterator[Figure]:
    count = asking.count or (_QUICK if asking.quick else _HOSTS)
    with _fleet(count, asking.seed) as workspace:
        settings = settings_of(workspace)
        known = hosts(settings)
        secrets = composition.secrets_of(workspace, settings, known)
        # Libraries are loaded and the database is made once, however many hosts there are: nobody is charged for it.
        _bare(known[:_WORKERS], secrets)
        assess(workspace, Selection(tuple(host.name for host in known[:_WORKERS])))
        bare, ours, odbc, seconds = [], [], [], []
        for _ in range(1 if asking.quick else _ROUNDS):
            bare.append(_cpu(lambda: _bare(known, secrets)))
            began = time.perf_counter()
            whole, asked = _assessed(workspace, known, with_updates=False)
            seconds.append(time.perf_counter() - began)
            ours.append(whole - asked)
            odbc.append(asked)
        searched, asked = _assessed(workspace, known, with_updates=True)
    yield Figure("hosts", len(known), "hosts")
    yield Figure("seconds to assess them", min(seconds), "s")
    yield Figure("client CPU of bare pypsrp", min(bare), "s")
    yield Figure("client CPU of assess without ODBC", min(ours), "s")
    yield Figure("client CPU of ODBC", min(odbc), "s")
    yield Figure("assess against bare pypsrp", min(ours) / min(bare), "ratio", 1.5)
    yield Figure("with the search for updates", (searched - asked) / min(bare), "ratio", 3)


@contextmanager
def _fleet(count: int, seed: int) -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory() as folder:
        fleet = practice.start(Path(folder) / "workspace", Scenario(seed=seed, generate=Generate(count=count)))
        workspace = Workspace(fleet.workspace)
        try:
            yield workspace
        finally:
            practice.stop(workspace)


def _assessed(workspace: Workspace, known: tuple[Host, ...], *, with_updates: bool) -> tuple[float, float]:
    """The product's own use case, database included; and what of it was ODBC."""
    plain = composition.ask_sql_with

    def ask_sql_with(secrets: Secrets, settings: Settings, stop: Stop, hear: Hear | None = None) -> AskSql:
        return _Timed(secrets, settings.audit.sql.driver, stop, hear)

    composition.ask_sql_with = ask_sql_with
    _Timed.spent = 0.0
    try:
        began = time.process_time()
        found = assess(workspace, Selection(), with_updates=with_updates)
        whole = time.process_time() - began
    finally:
        composition.ask_sql_with = plain
    _refuse_half_a_sweep(found, known, with_updates)
    return whole, _Timed.spent


def _refuse_half_a_sweep(found: Sequence[Assessment], known: tuple[Host, ...], with_updates: bool) -> None:
    """Work that was not done costs nothing, and proves nothing."""
    facts = [one.result for one in found if isinstance(one.result, Facts)]
    silent = [one for taken in facts for one in taken.sql if not isinstance(one, SqlAnswer)]
    if with_updates and not all(isinstance(taken.update_witness, UpdateAnswer) for taken in facts):
        raise RuntimeError("not every host was searched for updates")
    if len(facts) != len(known) or silent:
        raise RuntimeError(f"{len(facts)} of {len(known)} hosts answered, {len(silent)} engines were silent")


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _bare(known: Sequence[Host], secrets: Secrets) -> None:
    """What somebody writes who only wants the payload: a thread a worker, one script a host."""
    waiting: queue.SimpleQueue[Host] = queue.SimpleQueue()
    for host in known:
        waiting.put(host)

    def work() -> int:
        fetched = 0
        while True:
            try:
                host = waiting.get_nowait()
            except queue.Empty:
                return fetched
            fetched += len(_fetch(host, secrets))

    with ThreadPoolExecutor(_WORKERS) as pool:
        workers = [pool.submit(work) for _ in range(_WORKERS)]
        if not all(worker.result() >= 0 for worker in workers):
            raise RuntimeError("nothing was fetched")


def _fetch(host: Host, secrets: Secrets) -> str:
    credential = secrets.get(host.remoting.credential_ref or "")
    if not isinstance(credential, Credential):
        raise TypeError(f"no credential for {host.name}")
    wsman = WSMan(
        host.address,
        port=host.remoting.port,
        ssl=host.remoting.transport == "https",
        auth=host.remoting.auth,
        username=credential.username,
        password=credential.password.reveal(),
        cert_validation=host.remoting.ca_file or True,  # type: ignore[arg-type]  # a path is taken, too
        no_proxy=True,
    )
    pool = RunspacePool(wsman)
    pool.open()
    shell = PowerShell(pool)
    shell.add_script(HOST_FACTS.text)
    (text,) = shell.invoke()
    pool.close()
    wsman.close()
    return str(text)
