"""A password goes to a protocol and the vault, nowhere else: when a logon fails, a log tells all, or it all breaks."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from core.app import practice
from core.app.workspace import Workspace
from core.contract.library import ALL
from core.model.secret import Credential, Secret
from core.practice.handover import SQL_ACCOUNT, WINDOWS_ACCOUNT
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from core.vault.practice import FILE, write_credentials

CANARY = "c4n4ry};PWD=x y\u20ac"
_TELLS_ALL = ("--log-level", "DEBUG", "--verbose")
_BREAKS = """
import core.remote.session as session

class Broken(session.RunspacePool):
    def open(self):
        raise ZeroDivisionError("the library broke")

session.RunspacePool = Broken
from core.cli.main import main
main()
"""


class Place:
    """A practice workspace whose vault can be given other passwords than the fleet knows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.vault = path / FILE
        self.right: dict[str, dict[str, str]] = json.loads(self.vault.read_text(encoding="utf-8"))
        self.told = b""
        self.temporary = path / "temporary"
        self.temporary.mkdir()

    def keep(self, **wrong: str) -> None:
        kept = {name: wrong.get(name, one["password"]) for name, one in self.right.items()}
        write_credentials(
            self.vault, {name: Credential(self.right[name]["username"], Secret(text)) for name, text in kept.items()}
        )

    def run(self, *arguments: str, program: tuple[str, ...] = ("-m", "core.cli")) -> subprocess.CompletedProcess[bytes]:
        """Temporary files end in a folder of the workspace, where they are looked for like all others."""
        command = [sys.executable, *program, *arguments, "--workspace", str(self.path), *_TELLS_ALL]
        environment = os.environ | {"TMPDIR": str(self.temporary)}
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
            listed = _process_list()
            out, errors = process.communicate(timeout=150)
        self.told += out + errors + listed
        return subprocess.CompletedProcess(command, process.returncode, out, errors)

    def ask(self, *arguments: str) -> dict[str, object]:
        done = self.run(*arguments, "--json")
        data: dict[str, object] = json.loads(done.stdout.splitlines()[-1])["data"]
        return data

    def holders(self, secret: str) -> set[str]:
        """Who holds the secret in any form in which it travels or is kept, the vault aside."""
        forms = {form for text in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]) for form in _written(text)}
        files = [path for path in self.path.rglob("*") if path.is_file() and path != self.vault]
        found = {str(path.relative_to(self.path)) for path in files if _holds(path.read_bytes(), forms)}
        return found | ({"what was told"} if _holds(self.told, forms) else set())


def _process_list() -> bytes:
    """What everybody on this PC may see of everybody's processes. Another system's list shows the same arguments."""
    found = b""
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found += one.read_bytes() + b"\n"
    return found


def _written(text: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le"):
        plain = text.encode(encoding)
        yield from (plain, base64.b64encode(plain).rstrip(b"="))


def _holds(content: bytes, forms: set[bytes]) -> bool:
    return any(form in content for form in forms)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    server = ServerSpec(name="SQL01", instances=(InstanceSpec(build="15.0.4385.2"),))
    fleet = practice.start(tmp_path_factory.mktemp("leaks") / "w", Scenario(time_scale=2000, servers=(server,)))
    try:
        yield Place(fleet.workspace)
    finally:
        practice.stop(Workspace(fleet.workspace))


def test_the_search_finds_a_secret_in_every_form(place: Place) -> None:
    for number, form in enumerate(_written("a needle")):
        path = place.path / f"{number}.txt"
        path.write_bytes(b"before" + form + b"after")
        assert place.holders("a needle") == {path.name}
        path.unlink()


def test_a_refused_logon_tells_nothing(place: Place) -> None:
    place.keep(**{WINDOWS_ACCOUNT: CANARY})
    done = place.run("assess")
    assert done.returncode != 0
    assert b"refused the logon" in done.stdout + done.stderr
    assert place.holders(CANARY) == set()


def test_a_refused_sql_login_tells_nothing(place: Place) -> None:
    place.keep(**{SQL_ACCOUNT: CANARY})
    place.run("assess")
    shown = json.dumps(place.ask("facts", "show", "SQL01"))
    assert "sql_login" in shown
    assert place.holders(CANARY) == set()


def test_a_failure_in_the_journal_tells_nothing(place: Place) -> None:
    place.keep()
    place.run("assess")
    made = place.ask("plan")
    place.run("authorise", str(made["id"]), "--reason", "a search for leaks")
    place.keep(**{WINDOWS_ACCOUNT: CANARY})
    done = place.run("deploy", str(made["id"]), "--yes")
    assert done.returncode != 0
    journals = list(place.path.rglob("Events.jsonl"))
    assert any("access_denied" in one.read_text(encoding="utf-8") for one in journals)
    assert place.holders(CANARY) == set()


def test_a_crash_tells_nothing(place: Place) -> None:
    place.keep(**{WINDOWS_ACCOUNT: CANARY})
    done = place.run("assess", program=("-c", _BREAKS))
    assert b"ZeroDivisionError: the library broke" in done.stderr
    assert place.holders(CANARY) == set()


def test_the_log_at_debug_was_written_and_searched(place: Place) -> None:
    place.keep(**{WINDOWS_ACCOUNT: CANARY})
    place.run("assess")
    place.keep()
    place.run("assess")
    logs = [one.read_text(encoding="utf-8") for one in (place.path / "output" / "logs").glob("hotfix_*.log")]
    assert any("script ran" in one for one in logs), "a log that tells nothing proves nothing"
    assert place.holders(CANARY) == set()


def test_no_script_takes_a_secret_as_a_value() -> None:
    """And their texts are fixed: the fleet refuses one whose hash it does not know."""
    names = {name for script in ALL for name in script.parameters.model_fields}
    assert {name for name in names if re.search("password|secret|credential|token", name)} == set()


def test_a_whole_run_leaves_the_real_passwords_nowhere(place: Place) -> None:
    place.keep()
    place.run("assess")
    made = place.ask("plan")
    place.run("authorise", str(made["id"]), "--reason", "a search for leaks")
    assert place.run("deploy", str(made["id"]), "--yes").returncode == 0
    raw = {path.name for path in place.path.glob("output/Runs/*/Artifacts/*/*/raw/*")}
    assert {"host_facts.json", "host_inventory.json", "sql_MSSQLSERVER.json"} <= raw
    for account in place.right.values():
        assert place.holders(account["password"]) == set()
