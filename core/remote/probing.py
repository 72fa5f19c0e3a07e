"""Sees from this PC whether an application works: does a port answer, an address, a query."""

import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from http.client import HTTPException
from typing import Any

from core.contract.foreign import tame
from core.model.application import FromHere, HttpCheck, Seen, SqlCheck, TcpCheck
from core.model.failure import Failure
from core.model.host import Host, Instance
from core.ports import Answer

AskIn = Callable[[Host, Instance, Sequence[str], str], tuple[Answer, ...] | Failure]

_MOST_BYTES = 1024 * 1024
_LONGEST_WORDS = 200


class Probing:
    """The Probe port."""

    def __init__(self, ask_in: AskIn) -> None:
        self._ask_in = ask_in

    def __call__(self, host: Host, check: FromHere) -> Seen:
        match check:
            case TcpCheck():
                return _knock(check.host or host.address, check.port, check.timeout_seconds)
            case HttpCheck():
                return _get(check)
            case SqlCheck():
                return self._query(host, check)

    def _query(self, host: Host, check: SqlCheck) -> Seen:
        """Without an instance every one is asked, and all have to answer so."""
        wanted = check.instance
        asked = [one for one in host.instances if wanted is None or one.name.casefold() == wanted.casefold()]
        if not asked:
            return Seen(False, f"the targets name no instance {check.instance or 'of this host'}")
        told = {one.name: self._first(host, one, check) for one in asked}
        wrong = {name: found for name, found in told.items() if found != check.expect}
        words = "; ".join(f"{name}: {found[:_LONGEST_WORDS]}" for name, found in (wrong or told).items())
        return Seen(not wrong, words)

    def _first(self, host: Host, instance: Instance, check: SqlCheck) -> str:
        answers = self._ask_in(host, instance, (check.query,), check.database)
        if isinstance(answers, Failure):
            return answers.detail
        (answer,) = answers
        if isinstance(answer, Failure):
            return answer.detail
        if not answer or not answer[0]:
            return "no row"
        value = answer[0][0]
        return "NULL" if value is None else str(value)


def _knock(address: str, port: int, patience: float) -> Seen:
    try:
        with socket.create_connection((address, port), timeout=patience):
            return Seen(True, "answers")
    except OSError as trouble:
        return Seen(False, f"does not answer: {trouble.strerror or type(trouble).__name__}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer of its own, and the check says whether it is the wanted one."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


# An application of the site is not reached through a proxy that leads out of it.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


def _get(check: HttpCheck) -> Seen:
    try:
        with _OPENER.open(check.url, timeout=check.timeout_seconds) as answer:
            status, body = answer.status, answer.read(_MOST_BYTES)
    except urllib.error.HTTPError as refused:
        with refused:
            status, body = refused.code, refused.read(_MOST_BYTES)
    except (OSError, HTTPException, ssl.SSLError) as trouble:
        reason = getattr(trouble, "reason", None) or trouble
        return Seen(False, tame(f"does not answer: {reason}", _LONGEST_WORDS))
    if status != check.status:
        return Seen(False, f"answers {status}")
    if check.contains is not None and check.contains not in body.decode("utf-8", "replace"):
        return Seen(False, f"answers {status}, without the wanted text")
    return Seen(True, f"answers {status}")
