"""The encrypted file as a vault."""

import base64
import json
from pathlib import Path

import pytest

from core.model.failure import Cause, Failure
from core.model.secret import Credential, Secret
from core.vault.encrypted import EncryptedVault

ACCOUNT = Credential("LAB\\dba", Secret("s3cret-\u00fc"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deeper" / "vault.json"


def vault(path: Path, passphrase: str = "right") -> EncryptedVault:
    return EncryptedVault(path, Secret(passphrase))


def test_what_is_put_in_comes_out_again(path: Path) -> None:
    assert vault(path).put("sql", ACCOUNT) is None
    found = vault(path).get("sql")
    assert isinstance(found, Credential)
    assert (found.username, found.password.reveal()) == ("LAB\\dba", "s3cret-\u00fc")
    assert vault(path).names() == ("sql",)


def test_the_file_tells_nothing_and_only_its_owner_may_read_it(path: Path) -> None:
    vault(path).put("a reference", ACCOUNT)
    text = path.read_text(encoding="utf-8")
    sealed = b"".join(base64.b64decode(part) for part in json.loads(text).values() if isinstance(part, str))
    for hidden in ("s3cret", "LAB\\dba", "a reference"):
        assert hidden not in text
        assert hidden.encode() not in sealed
    assert path.stat().st_mode & 0o077 == 0


def test_the_same_content_is_never_sealed_alike(path: Path) -> None:
    vault(path).put("sql", ACCOUNT)
    first = path.read_text(encoding="utf-8")
    vault(path).put("sql", ACCOUNT)
    assert path.read_text(encoding="utf-8") != first


def test_a_wrong_passphrase_opens_nothing_and_loses_nothing(path: Path) -> None:
    vault(path).put("sql", ACCOUNT)
    before = path.read_bytes()
    for answer in (
        vault(path, "wrong").get("sql"),
        vault(path, "wrong").put("x", ACCOUNT),
        vault(path, "wrong").names(),
    ):
        assert isinstance(answer, Failure)
        assert answer.cause is Cause.NO_CREDENTIAL
        assert "wrong" not in str(answer)
    assert path.read_bytes() == before


def test_a_changed_byte_is_noticed(path: Path) -> None:
    vault(path).put("sql", ACCOUNT)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["content"] = document["content"][:-8] + "AAAAAAA="
    path.write_text(json.dumps(document), encoding="utf-8")
    assert isinstance(vault(path).get("sql"), Failure)


def test_a_file_that_is_no_vault_is_said_to_be_none(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("[1, 2]", encoding="utf-8")
    assert isinstance(vault(path).names(), Failure)


def test_what_is_forgotten_is_gone(path: Path) -> None:
    vault(path).put("sql", ACCOUNT)
    assert vault(path).forget("sql") is None
    assert isinstance(vault(path).get("sql"), Failure)
    assert isinstance(vault(path).forget("sql"), Failure)
