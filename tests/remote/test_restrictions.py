"""What keeps PowerShell on a target from running a script is named, with what to do about it."""

from dataclasses import dataclass

import pytest

from core.model.failure import Cause
from core.remote.restrictions import refusal_of


@dataclass(frozen=True)
class _Error:
    fq_error: str
    words: str = "eine Meldung in irgendeiner Sprache"

    def __str__(self) -> str:
        return self.words


@pytest.mark.parametrize(
    ("identifier", "said"),
    [
        ("MethodInvocationNotSupportedInConstrainedLanguage", "constrained language"),
        ("ScriptsNotAllowed", "no-language"),
        ("ScriptContainedMaliciousContent", "virus scanner"),
        ("UnauthorizedAccess,Microsoft.PowerShell.Commands.X", "execution policy"),
        ("System.OutOfMemoryException", "memory"),
        ("CommandNotFoundException", "missing or hidden"),
    ],
)
def test_a_restriction_is_known_by_its_identifier_whatever_the_language(identifier: str, said: str) -> None:
    failure = refusal_of("host_facts", [_Error(identifier)])
    assert failure is not None
    assert failure.cause is Cause.RESTRICTED
    assert said in failure.detail
    assert failure.hint


def test_an_error_that_nobody_knows_is_not_called_a_restriction() -> None:
    assert refusal_of("host_facts", [_Error("DivideByZero")]) is None
    assert refusal_of("host_facts", []) is None
