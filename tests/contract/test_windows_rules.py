"""What parses and yet goes wrong on Windows PowerShell 5.1, on an older one, or on 7."""

import re
from typing import Any

import pytest

from core.contract.library import ALL, HOST_FACTS
from core.contract.script import Script, compose
from tests.contract.scripts import text_of, tree, walk

_TASKS = ("copy_package", "run_job", "run_search", "run_updates")
_TEXTS = {script.name: script.text for script in ALL} | {name: compose(f"{name}.ps1") for name in _TASKS}
_EACH = pytest.mark.parametrize("text", _TEXTS.values(), ids=list(_TEXTS))


@_EACH
@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (r"::new\(", "PowerShell 4, as Server 2012 R2 brings it, cannot call a constructor so"),
        (r"\b(Get|Invoke)-Wmi\w+", "PowerShell 7 has no WMI commands, CIM only"),
        (r"\.[SG]etAccessControl\(", "files and folders have these methods in .NET Framework only"),
        (r"CreateDirectory\(\$\w+\)", "a folder without rights of its own can be entered before it gets them"),
        (r"ReadAllText\(", "it shares for reading only: whoever replaces the file meanwhile fails"),
        (r"Get-ScheduledTask .*SilentlyContinue", "a scheduler that cannot be asked would look like a task at rest"),
        (r"PrefetchParameters.*-Name", "servers need not count starts there"),
        (r"\$input\b", "in a remote pipeline it is read before it is filled"),
    ],
    ids=str,
)
def test_what_fails_on_some_windows_is_not_written(text: str, wrong: str, why: str) -> None:
    lines = [line.strip() for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert not [line for line in lines if re.search(wrong, line)], why


@_EACH
def test_every_file_is_opened_with_its_sharing(text: str) -> None:
    """Without it .NET shares for reading: a deliberate choice here, an accident there."""
    opened = re.findall(r"\[IO\.File\]::Open\((.*)\)", text)
    assert all(len(one.split("', '")) >= 3 for one in opened), opened


@pytest.mark.parametrize("script", ALL, ids=lambda script: script.name)
def test_nothing_but_the_answer_is_written(script: Script[Any, Any]) -> None:
    """What creates, adds or removes returns something, too, and that would be a second document."""
    for line in script.text.splitlines():
        assert not re.match(r"\s*(New-Item|Register-ScheduledTask|\$\w+\.Add\(|mkdir)\b", line), line


def test_a_list_is_a_list_also_when_it_is_empty_or_has_one_entry() -> None:
    """A pipeline without output would be {} in JSON, and one with a single entry would be that entry."""
    answer = HOST_FACTS.text[HOST_FACTS.text.rindex("Invoke-Answer {") :]
    for name in (
        "disks",
        "services",
        "pending_reboot",
        "instances",
        "sessions",
        "installers",
        "components",
    ):
        assert re.search(rf"^\s+{name} = @\(", answer, re.MULTILINE)


def test_what_may_be_missing_is_null_and_not_nothing() -> None:
    """Nothing becomes {} in the JSON of 5.1: these functions write null where they have no answer."""
    for name in (
        "Get-TcpPort",
        "Get-FileBuild",
        "Get-ClusterState",
        "Get-ConfigurationManager",
        "ConvertTo-Number",
    ):
        functions = map(text_of, walk(tree(HOST_FACTS.text), "function_statement"))
        (body,) = (one for one in functions if one.startswith(f"function {name} "))
        assert re.search(r"^\s+(\$null|.*return \$null.*)$", body, re.MULTILINE)


def test_an_installer_that_was_started_is_never_called_refused() -> None:
    """The console takes a refusal for proof that nothing ran."""
    text = compose("run_job.ps1")
    refused = text.index("Save-Status 'refused'")
    assert text.index("$process = Start-Installer") < refused < text.index("$process.WaitForExit()")
    assert "refused" not in text[refused + len("Save-Status 'refused'") :]
