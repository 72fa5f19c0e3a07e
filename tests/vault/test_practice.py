"""The practice fleet's credentials: a file for its owner alone."""

import os
import stat
from pathlib import Path

import pytest

from core.model.failure import Cause, Failure
from core.model.secret import Credential, Secret
from core.vault.practice import PracticeVault, write_credentials

_PASSWORD = "pa55-Wörd"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "practice_credentials.json"
    write_credentials(written, {"os": Credential("administrator", Secret(_PASSWORD))})
    return written


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
def test_the_file_is_its_owners_alone_whatever_was_there_before(path: Path) -> None:
    path.chmod(0o666)
    write_credentials(path, {"os": Credential("administrator", Secret("another"))})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = PracticeVault(path).get("os")
    assert isinstance(found, Credential)
    assert found.password.reveal() == "another"


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_may_touch_is_not_trusted(path: Path, mode: int) -> None:
    path.chmod(mode)
    refused = PracticeVault(path).get("os")
    assert isinstance(refused, Failure)
    assert "chmod 600" in refused.hint


@pytest.mark.parametrize("content", ["", "[]", "null", '{"os": 1}', '{"os": {"username": "x"}}', "\x00", '{"os": {"'])
def test_a_damaged_file_is_a_failure_not_a_crash(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    refused = PracticeVault(path).get("os")
    assert isinstance(refused, Failure)
    assert refused.cause is Cause.NO_CREDENTIAL


def test_a_failure_never_tells_the_password(path: Path) -> None:
    path.write_text(f'{{"os": {{"username": "x", "password": ["{_PASSWORD}"]}}}}', encoding="utf-8")
    assert _PASSWORD not in repr(PracticeVault(path).get("os"))
