"""What the exit codes of SQL Server's setup mean."""

import pytest

from core.catalog.setup_codes import SetupResult, meaning_of, signed, spelled


@pytest.mark.parametrize(
    ("code", "result"),
    [
        (0, SetupResult.SUCCESS),
        (3010, SetupResult.SUCCESS_REBOOT),
        (1641, SetupResult.SUCCESS_REBOOT),
        (3011, SetupResult.SUCCESS_REBOOT),
        (1618, SetupResult.BUSY),
        (1603, SetupResult.FAILED),
        (-2067919934, SetupResult.REBOOT_PENDING),
        (-2061893606, SetupResult.FAILED),
        (-2042429437, SetupResult.NOTHING_TO_DO),
        (-2068052310, SetupResult.FAILED),
        (-2147024784, SetupResult.FAILED),
    ],
)
def test_the_exact_table_wins(code: int, result: SetupResult) -> None:
    assert meaning_of(code).result is result
    assert meaning_of(code & 0xFFFFFFFF).result is result, "the same code in its unsigned form"


def test_a_negative_code_is_never_a_success_by_its_low_word() -> None:
    code = signed(0x84AA0BC2)
    assert code & 0xFFFF == 3010
    meaning = meaning_of(code)
    assert meaning.result is SetupResult.FAILED
    assert "3010" in meaning.hint


@pytest.mark.parametrize("code", [112, -2147024784])
def test_a_full_disk_is_named_as_the_cause(code: int) -> None:
    assert meaning_of(code).words == "the disk is full"


def test_a_code_that_nobody_knows_has_failed() -> None:
    assert meaning_of(4711).result is SetupResult.FAILED


def test_the_mapping_may_know_codes_that_the_table_does_not() -> None:
    assert meaning_of(4711, success=(4711,)).result is SetupResult.SUCCESS
    assert meaning_of(4711, reboot=(4711,)).result is SetupResult.SUCCESS_REBOOT
    assert meaning_of(signed(0x84BC06BB), reboot=(0x84BC06BB,)).result is SetupResult.SUCCESS_REBOOT


def test_both_forms_of_a_code_are_shown() -> None:
    assert spelled(-2067919934) == "-2067919934 (0x84BE0BC2)"
    assert spelled(3010) == "3010 (0x00000BC2)"
