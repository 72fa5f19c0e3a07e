"""Looks at hosts while a run works on them: do they answer, and what did their engines write last."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta

from core.app import composition
from core.app.workspace import Workspace, hosts, settings_of
from core.contract.library import COLLECT_DIAGNOSTICS
from core.contract.looking import CollectDiagnostics
from core.contract.script import Call
from core.detection.error_log import last_lines
from core.model.failure import SILENT, Failure
from core.model.host import Host
from core.model.signs import Light, LogLine, Signs
from core.ports import Connect, Session
from core.remote.lights import knock, ping
from core.store import facts as fact_store

__all__ = ["Light", "Lookout", "Signs"]

_PAUSE_SECONDS = 4.0
# For all instances of a host together, the present log of each and the one before.
_TAIL_CHARS = 8192
_RECENT = timedelta(hours=1)

Told = Callable[[str, Signs], None]


class Lookout:
    """For as long as somebody watches. Each host that is looked at has a thread, which owns its session."""

    def __init__(self, workspace: Workspace, names: Iterable[str], told: Told) -> None:
        """What is seen is told from those threads."""
        settings = settings_of(workspace)
        known, wanted = hosts(settings), set(names)
        self._told = told
        self._ended = threading.Event()
        self._hosts = {one.name: one for one in known if one.name in wanted}
        self._connect = composition.connect_with(composition.secrets_of(workspace, settings, known), self._ended)
        self._ports = _sql_ports(workspace, self._hosts.values())
        self._eyes: dict[str, _Eye] = {}

    def want(self, names: Collection[str], reading: Collection[str]) -> None:
        """From now on these are looked at; of those in "reading" the ERRORLOG is read, too."""
        for name in self._eyes.keys() - set(names):
            self._eyes.pop(name).ended.set()
        for name in names:
            host = self._hosts.get(name)
            if host is not None and name not in self._eyes:
                self._eyes[name] = _Eye(host, self._ports[name], self._connect, self._told)
        for name, eye in self._eyes.items():
            eye.reads = name in reading

    def close(self) -> None:
        """Nobody waits for a host that does not answer."""
        self._ended.set()
        self.want((), ())


class _Eye:
    """Looks at one host again and again."""

    def __init__(self, host: Host, ports: dict[str, int], connect: Connect, told: Told) -> None:
        self._host, self._ports, self._connect, self._told = host, ports, connect, told
        self._session: Session | None = None
        self._refused = False
        self._lines: tuple[LogLine, ...] = ()
        self.reads = False
        self.ended = threading.Event()
        threading.Thread(target=self._watch, name=f"lookout {host.name}", daemon=True).start()

    def _watch(self) -> None:
        while not self.ended.is_set():
            signs = self._signs()
            if not self.ended.is_set():
                self._told(self._host.name, signs)
            self.ended.wait(_PAUSE_SECONDS)
        self._hang_up()

    def _signs(self) -> Signs:
        address = self._host.address
        winrm = knock(address, self._host.remoting.port)
        silent = tuple(name for name, port in self._ports.items() if knock(address, port) is not Light.ANSWERS)
        sql = Light.UNKNOWN if not self._ports else Light.SILENT if silent else Light.ANSWERS
        # Whoever does not listen is not asked: a connection to nobody takes half a minute.
        if self.reads and winrm is Light.ANSWERS:
            self._read()
        return Signs(ping(address), winrm, sql, silent, self._lines)

    def _read(self) -> None:
        """What was read last stays, where nothing can be read now. Whoever refuses the logon is not asked again:
        accounts are locked by less."""
        if self._session is None and not self._refused:
            opened = self._connect(self._host)
            if isinstance(opened, Failure):
                self._refused = opened.cause not in SILENT
            else:
                self._session = opened
        if self._session is None:
            return
        since = (datetime.now(UTC) - _RECENT).isoformat()
        wanted = CollectDiagnostics(kind="errorlog", since=since, folders=(), max_chars=_TAIL_CHARS)
        answer = self._session.run(Call(COLLECT_DIAGNOSTICS, wanted))
        if isinstance(answer, Failure):
            self._hang_up()
        else:
            self._lines = last_lines((part.name, part.text) for part in answer.parts) or self._lines

    def _hang_up(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


def _sql_ports(workspace: Workspace, known: Iterable[Host]) -> dict[str, dict[str, int]]:
    """Those of the targets, else those that were found on the host. Instances whose port nobody knows are left out."""
    found: dict[str, dict[str, int]] = {}
    with composition.open_database(workspace) as database:
        for host in known:
            ports = {one.name: one.sql.port for one in host.instances}
            if 0 in ports.values():
                facts = fact_store.newest(database, host.name)
                seen = {} if facts is None else {one.name: one.tcp_port or 0 for one in facts.instances}
                ports = {name: port or seen.get(name, 0) for name, port in ports.items()}
            found[host.name] = {name: port for name, port in ports.items() if port}
    return found
