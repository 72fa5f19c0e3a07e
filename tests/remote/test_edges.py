"""The edges that a secret or a stranger's answer could cross."""

from threading import Event
from xml.etree import ElementTree as ET

import pytest
from pypsrp.serializer import TaggedValue

from core.model.failure import Cause, Failure
from core.model.host import Host, Remoting, RemotingAuth
from core.model.secret import Credential, Secret
from core.remote.session import WinRmConnect, _as_sent
from core.remote.trouble import failure_of


class _Vault:
    """Knows one credential for every name."""

    def get(self, reference: str) -> Credential:
        return Credential("admin", Secret("p\u20acss"))


def _connect(remoting: Remoting) -> object:
    return WinRmConnect(_Vault(), Event())(Host("HOST", "127.255.255.254", remoting))


def test_basic_over_http_is_refused_before_anything_is_sent() -> None:
    failure = _connect(Remoting(transport="http", port=1, auth="basic", ca_file=None, credential_ref="any"))
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.NO_CREDENTIAL
    assert "plain text" in failure.detail


def test_a_password_that_cannot_be_encoded_is_no_crash_and_is_not_told() -> None:
    with pytest.raises(UnicodeEncodeError) as caught:
        "p\u20acss".encode("latin-1")
    failure = failure_of(caught.value, "HOST")
    assert failure.cause is Cause.NO_CREDENTIAL
    assert "\u20ac" not in str(failure) and "20ac" not in str(failure)


def test_an_answer_that_is_no_xml_is_a_failure_of_that_host() -> None:
    with pytest.raises(ET.ParseError) as caught:
        ET.fromstring("<html>")
    assert failure_of(caught.value, "HOST").cause is Cause.PROTOCOL


def test_what_breaks_in_our_own_code_stays_loud() -> None:
    with pytest.raises(KeyError):
        failure_of(KeyError("bug"), "HOST")


def test_a_size_beyond_two_gigabytes_is_sent_as_a_long() -> None:
    sent = _as_sent(3 * 1024**3)
    assert isinstance(sent, TaggedValue)
    assert (sent.tag, sent.value) == ("I64", 3 * 1024**3)
    assert (_as_sent(5), _as_sent(True), _as_sent(("a",))) == (5, True, ["a"])


@pytest.mark.parametrize("auth", ["ntlm", "negotiate"])
def test_a_logon_that_could_be_relayed_never_leaves_this_pc_over_http(auth: RemotingAuth) -> None:
    far = Host("HOST", "192.0.2.1", Remoting("http", 5985, auth, None, "any"))
    failure = WinRmConnect(_Vault(), Event())(far)
    assert isinstance(failure, Failure)
    assert (failure.cause, "relayed" in failure.detail) == (Cause.NO_CREDENTIAL, True)


def test_credssp_over_http_is_refused_before_anything_is_sent() -> None:
    failure = _connect(Remoting("http", 1, "credssp", None, "any"))
    assert isinstance(failure, Failure)
    assert failure.cause is Cause.NO_CREDENTIAL


@pytest.mark.parametrize("auth", ["basic", "credssp"])
def test_what_sends_a_password_needs_one(auth: RemotingAuth) -> None:
    failure = _connect(Remoting("https", 1, auth, None, None))
    assert isinstance(failure, Failure)
    assert (failure.cause, "needs a credential" in failure.detail) == (Cause.NO_CREDENTIAL, True)
