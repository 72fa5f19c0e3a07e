"""Logs are kept without the secrets that others wrote into them, and otherwise as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.detection.redaction import redacted


@pytest.mark.parametrize(
    "text",
    [
        "Server=A;UID=app;PWD=hunter2;Encrypt=yes",
        "PWD={hunter2;with brace};x",
        'password="hunter2 with spaces"',
        "Password : hunter2",
        '{"client_secret": "hunter2"}',
        "<add key='ApiKey' value='x'/> api_key='hunter2'",
        "setup.exe /SAPWD=hunter2 /quiet",
        'setup.exe /SQLSVCPASSWORD="hunter2 x" /quiet',
        "Authorization: Bearer hunter2hunter2",
        "https://olga:hunter2@example.com/feed",
        "AccountKey=hunter2==;",
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2\nhunter2\n-----END RSA PRIVATE KEY-----",
        "/PID=hunt2-ABCDE-12345-FGHIJ-67890 and AAAA2-ABCDE-12345-FGHIJ-67890",
    ],
)
def test_a_secret_is_gone_and_the_place_is_counted(text: str) -> None:
    clean, places = redacted(text)
    assert "hunter2" not in clean
    assert "hunt2-ABCDE" not in clean
    assert "AAAA2-ABCDE" not in clean
    assert "***" in clean
    assert places >= 1


@pytest.mark.parametrize(
    "text",
    [
        "Error: 18456, Severity: 14, State: 8. Password did not match that for the login provided.",
        "C:\\Program Files\\Microsoft SQL Server\\150\\Setup Bootstrap\\Log\\Summary.txt",
        "HResult: 0x84BE0BC2; Facility 1214; exit code -2067919934",
        "{90160000-0011-0000-1000-0000000FF1CE} was installed",
        "Process 4711 ended with 0x80070005",
        "2026-03-01T22:00:00Z System 6008: The previous shutdown was unexpected.",
    ],
)
def test_what_explains_a_failure_stays_as_it_is(text: str) -> None:
    assert redacted(text) == (text, 0)


@given(st.text(alphabet="abcXYZ019+/_-", min_size=6, max_size=40), st.sampled_from(["PWD=", "password: ", "Bearer "]))
def test_no_value_of_a_secrets_key_survives(value: str, key: str) -> None:
    secret = f"s3cret{value}"
    assert secret not in redacted(f"before {key}{secret} after")[0]


def test_redacting_twice_changes_nothing_more() -> None:
    once, _ = redacted("a PWD=hunter2; b https://x:y@z c")
    assert redacted(once)[0] == once
