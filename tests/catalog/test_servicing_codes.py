"""What DISM's exit codes mean when it removes a package."""

import pytest

from core.catalog.servicing_codes import RemovalResult, removal_meaning


@pytest.mark.parametrize(
    ("code", "result"),
    [
        (0, RemovalResult.REMOVED),
        (3010, RemovalResult.REMOVED_REBOOT),
        (-2146498523, RemovalResult.PERMANENT),
        (0x800F0825, RemovalResult.PERMANENT),
        (-2146498554, RemovalResult.FAILED),
        (1603, RemovalResult.FAILED),
    ],
)
def test_the_exact_table_wins(code: int, result: RemovalResult) -> None:
    assert removal_meaning(code).result is result


def test_a_code_that_nobody_knows_has_failed_and_both_forms_are_told() -> None:
    meaning = removal_meaning(-2147024784)
    assert meaning.result is RemovalResult.FAILED
    assert "0x80070070" in meaning.words
