"""Shares of the practice world: a folder of this PC, as an imaginary host reads it."""

from pathlib import Path

import pytest

from core.practice.shares import no_shares, reader_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shared" / "2019").mkdir(parents=True)
    (tmp_path / "shared" / "2019" / "p.exe").write_bytes(b"package")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    return tmp_path / "shared"


def test_a_file_is_read_by_its_path_on_the_share_in_any_case(folder: Path) -> None:
    read = reader_of({r"\\Practice\hotfixes": str(folder)})
    assert read(r"\\practice\Hotfixes\2019\p.exe") == b"package"


@pytest.mark.parametrize(
    "source",
    [
        r"\\practice\hotfixes\2019\other.exe",
        r"\\practice\hotfixes\2019",
        r"\\practice\hotfixes2\2019\p.exe",
        r"\\other\hotfixes\2019\p.exe",
        r"\\practice\hotfixes\..\secret.txt",
    ],
)
def test_nothing_else_is_there(folder: Path, source: str) -> None:
    assert reader_of({r"\\practice\hotfixes": str(folder)})(source) is None


def test_a_host_without_shares_reads_nothing() -> None:
    assert no_shares(r"\\practice\hotfixes\2019\p.exe") is None
