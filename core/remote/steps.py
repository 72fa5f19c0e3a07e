"""Walks the way to a host step by step, and says of each step how it went: the answer to "why does it fail?"."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from core.contract.library import HOST_FACTS
from core.contract.message import NoParameters
from core.contract.script import Call
from core.detection import sql
from core.model.check import Check, CheckResult
from core.model.facts import SqlAnswer, SqlSilence
from core.model.failure import Cause, Failure
from core.model.host import Host, Instance
from core.ports import AskSql, Connect, Session, Stop
from core.remote.leaving import StoppedError, left, unless_stopped

_CONNECT_SECONDS = 10
_LOGON = frozenset({Cause.ACCESS_DENIED, Cause.NO_CREDENTIAL})

Step = Callable[[], str | Failure]


class Way:
    """The way to one host. Each step builds on the ones before; after one that failed none is tried."""

    def __init__(self, host: Host, connect: Connect, ask_sql: AskSql, stop: Stop) -> None:
        self._host = host
        self._connect = connect
        self._ask_sql = ask_sql
        self._stop = stop
        self._session: Session | None = None

    def walked(self) -> Iterator[Check]:
        """SQL is asked whatever became of remoting: it goes another way."""
        try:
            yield from self._remoting()
            for instance in self._host.instances:
                yield self._tried(f"SQL {instance.name}", "the engine answers", partial(self._sql, instance))
        finally:
            if self._session is not None:
                self._session.close()

    def _remoting(self) -> Iterator[Check]:
        steps: list[tuple[str, str, Step]] = [
            ("name", "the name leads to an address", self._name),
            ("TCP", f"port {self._host.remoting.port} is open", self._tcp),
        ]
        if self._host.remoting.transport == "https":
            steps.append(("TLS", "the certificate is accepted", self._tls))
        lost = None
        for name, expected, step in steps:
            check = (
                self._tried(name, expected, self._left_with_the_flag(step))
                if lost is None
                else self._not_tried(name, expected, lost)
            )
            lost = lost or (name if check.result is CheckResult.FAILED else None)
            yield check
        yield from self._powershell(lost)

    def _powershell(self, lost: str | None) -> Iterator[Check]:
        """One library call logs on and opens the shell; the kind of its failure tells which of the two it was."""
        logon = ("authentication", f"{self._host.remoting.auth} is accepted")
        shell, script = ("shell", "PowerShell opens a session"), ("script", "the facts come back")
        if lost is not None:
            yield from (self._not_tried(name, expected, lost) for name, expected in (logon, shell, script))
            return
        opened = self._connect(self._host)
        if isinstance(opened, Failure):
            refused = opened.cause in _LOGON
            failed = self._failed(*(logon if refused else shell), opened)
            if not refused:
                yield Check(
                    logon[0], self._host.name, CheckResult.UNKNOWN, logon[1], "the line ended before it was known"
                )
            yield failed
            rest = (shell, script) if refused else (script,)
            yield from (self._not_tried(name, expected, failed.name) for name, expected in rest)
            return
        self._session = opened
        yield self._passed(*logon, "accepted")
        yield self._passed(*shell, "open")
        yield self._tried(*script, lambda: self._facts(opened))

    def _left_with_the_flag(self, step: Step) -> Step:
        def tried() -> str | Failure:
            try:
                return unless_stopped(step, self._stop)
            except StoppedError:
                return left(self._host.address)

        return tried

    def _name(self) -> str | Failure:
        try:
            found = socket.getaddrinfo(self._host.address, self._host.remoting.port, type=socket.SOCK_STREAM)
        except OSError as trouble:
            detail = f"the name {self._host.address} is not known ({trouble.strerror})"
            return Failure(Cause.NAME_NOT_RESOLVED, detail, "check the spelling and the DNS")
        return ", ".join(dict.fromkeys(str(one[4][0]) for one in found))

    def _tcp(self) -> str | Failure:
        try:
            with self._line():
                return "open"
        except ConnectionRefusedError:
            hint = "run Enable-PSRemoting -Force on the target; is the port right?"
            return Failure(Cause.UNREACHABLE, "the connection was refused", hint)
        except OSError as trouble:
            detail = f"no connection: {trouble.strerror or type(trouble).__name__}"
            return Failure(Cause.UNREACHABLE, detail, "is it up? is a firewall between?")

    def _tls(self) -> str | Failure:
        try:
            context = ssl.create_default_context(cafile=self._host.remoting.ca_file)
            with self._line() as line, context.wrap_socket(line, server_hostname=self._host.address) as secured:
                certificate: dict[str, Any] = secured.getpeercert() or {}
                return f"{secured.version()}, valid until {certificate.get('notAfter', 'an unknown time')}"
        except ssl.SSLCertVerificationError as wrong:
            hint = "give the CA's file in remoting.ca_file, and use the name in the certificate"
            return Failure(Cause.BAD_CERTIFICATE, wrong.verify_message, hint)
        except ssl.SSLError as wrong:
            hint = "port 5986 is for https and 5985 for http; see remoting.transport and remoting.port"
            return Failure(Cause.BAD_CERTIFICATE, f"no TLS came about ({wrong.reason})", hint)
        except OSError as trouble:
            hint = "is remoting.ca_file there and readable? did the target end the line?"
            return Failure(Cause.BAD_CERTIFICATE, trouble.strerror or "the line ended before TLS came about", hint)

    def _line(self) -> socket.socket:
        return socket.create_connection((self._host.address, self._host.remoting.port), timeout=_CONNECT_SECONDS)

    def _facts(self, session: Session) -> str | Failure:
        result = session.run(Call(HOST_FACTS, NoParameters()))
        return result if isinstance(result, Failure) else f"{result.computer_name}, {result.os.caption}"

    def _sql(self, instance: Instance) -> str | Failure:
        match sql.words_of(instance.name, self._ask_sql(self._host, instance, sql.QUESTIONS)).witness:
            case SqlAnswer(build=build):
                return f"build {build}"
            case SqlSilence(failure=failure):
                return failure

    def _tried(self, name: str, expected: str, step: Step) -> Check:
        began = time.monotonic()
        found = step()
        if isinstance(found, Failure):
            return self._failed(name, expected, found)
        return self._passed(name, expected, f"{found} ({(time.monotonic() - began) * 1000:.0f} ms)")

    def _passed(self, name: str, expected: str, found: str) -> Check:
        return Check(name, self._host.name, CheckResult.PASSED, expected, found)

    def _failed(self, name: str, expected: str, failure: Failure) -> Check:
        return Check(name, self._host.name, CheckResult.FAILED, expected, str(failure))

    def _not_tried(self, name: str, expected: str, lost: str) -> Check:
        return Check(name, self._host.name, CheckResult.UNKNOWN, expected, f"not tried: {lost} failed")
