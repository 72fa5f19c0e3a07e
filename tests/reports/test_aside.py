"""Files that are put into their place whole."""

from pathlib import Path

import pytest

from core.reports.aside import aside


def test_two_that_write_one_file_at_once_both_come_to_an_end(tmp_path: Path) -> None:
    path = tmp_path / "2026.xlsx"
    with aside(path) as mine, aside(path) as theirs:
        assert mine != theirs
        mine.write_text("mine", encoding="utf-8")
        theirs.write_text("theirs", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_not_finished_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "2026.xlsx"
    path.write_text("old", encoding="utf-8")

    def fail() -> None:
        with aside(path) as new:
            new.write_text("half", encoding="utf-8")
            raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        fail()
    assert (path.read_text(encoding="utf-8"), list(tmp_path.iterdir())) == ("old", [path])
