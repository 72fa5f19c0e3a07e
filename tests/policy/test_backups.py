"""What is not saved well enough is said in a sentence, however many databases it is."""

from datetime import timedelta

import pytest

from core.policy.backups import OldBackup, in_words

_DAYS = timedelta(days=3, hours=5)


@pytest.mark.parametrize(
    ("old", "words"),
    [
        ([OldBackup("A", "crm", _DAYS)], "the last backup of crm on A is 3 days old"),
        (
            [OldBackup("A", "crm", _DAYS), OldBackup("A", "hr", _DAYS), OldBackup("B", "crm", timedelta(hours=30))],
            "the last backup of crm, hr on A is 3 days old and the last backup of crm on B is 30 hours old",
        ),
        ([OldBackup("A", "crm", None)], "there is no backup of crm on A"),
        (
            [OldBackup("A", f"db{number}", None) for number in range(1204)],
            "there is no backup of db0, db1, db2, db3 and 1,200 more on A",
        ),
    ],
)
def test_databases_that_are_saved_equally_badly_are_named_together(old: list[OldBackup], words: str) -> None:
    assert in_words(old) == words
