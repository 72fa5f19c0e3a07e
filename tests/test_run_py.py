"""run.py: refuses what it cannot run on, says what it would need, and becomes the command it was asked for."""

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("python3-venv", "unixodbc", "tdsodbc")


def _tool(folder: Path, name: str, body: str) -> None:
    """A program of that name for the search path."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def run_py() -> ModuleType:
    specification = importlib.util.spec_from_file_location("run_py_under_test", _ROOT / "run.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """run.py in a tree whose environment is there already, and whose command line does what a test says."""
    tree = tmp_path / "tree"
    (tree / "core").mkdir(parents=True)
    (tree / "core" / "__init__.py").touch()
    for name in ("run.py", "pyproject.toml", "requirements.lock"):
        shutil.copy(_ROOT / name, tree)
    (tree / ".venv" / "bin").mkdir(parents=True)
    (tree / ".venv" / "bin" / "python").symlink_to(sys.executable)
    locked = hashlib.sha256((tree / "requirements.lock").read_bytes() + (tree / "pyproject.toml").read_bytes())
    stamp = {"python": sys.version, "requirements.lock": locked.hexdigest()}
    (tree / ".venv" / "installed.json").write_text(json.dumps(stamp), encoding="utf-8")
    _tool(tmp_path / "bin", "dpkg-query", "echo install ok installed")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", "")
    return tree


def _started(copy: Path, program: str, *arguments: str) -> "subprocess.Popen[str]":
    """Started from this tree, whose own "core" must not be taken for the copy's."""
    (copy / "core" / "cli.py").write_text(program, encoding="utf-8")
    command = [sys.executable, str(copy / "run.py"), "cli", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", cwd=_ROOT)


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 10, 14), (3, 14, 0)])
def test_another_python_is_refused_with_a_sentence(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], version: tuple[int, ...]
) -> None:
    monkeypatch.setattr(run_py.sys, "version_info", version)
    assert run_py.main(["cli"]) == 2
    assert "Drydock needs Python 3.11, 3.12 or 3.13" in capsys.readouterr().err


def test_an_unknown_command_is_refused_with_the_known_ones(
    run_py: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_py.main(["coffee"]) == 2
    said = capsys.readouterr().err
    assert "unknown command 'coffee'" in said
    assert "usage: python3 run.py" in said


def test_help_names_every_command(run_py: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_py.main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"\n  {command}" in said for command in ("(none)", "test", "check", "cli", "bench", "gui", "pictures"))


def test_whoever_is_not_root_is_told_the_exact_command(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _tool(tmp_path / "bin", "dpkg-query", 'case "$3" in unixodbc) echo install ok installed;; *) exit 1;; esac')
    _tool(tmp_path / "bin", "apt-get", f"touch {tmp_path}/called")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(run_py.os, "geteuid", lambda: 1000)
    run_py.install_system_packages(_PACKAGES)
    expected = "  sudo apt-get install -y --no-install-recommends python3-venv tdsodbc\n"
    assert capsys.readouterr().err.endswith(expected)
    assert not (tmp_path / "called").exists()


def test_root_installs_what_is_missing_and_nothing_else(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _tool(tmp_path / "bin", "dpkg-query", 'case "$3" in tdsodbc) exit 1;; *) echo install ok installed;; esac')
    _tool(tmp_path / "bin", "apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {tmp_path}/called')
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(run_py.os, "geteuid", lambda: 0)
    run_py.install_system_packages(_PACKAGES)
    called = (tmp_path / "called").read_text(encoding="utf-8").splitlines()
    install = "noninteractive install -y --no-install-recommends tdsodbc"
    assert called == ["noninteractive update -q", install]


def test_a_system_without_debians_tools_is_left_alone(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    run_py.install_system_packages(_PACKAGES)
    assert capsys.readouterr().err == ""


def test_an_environment_that_is_in_step_is_used_as_it_is(
    run_py: ModuleType, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_py, "ROOT", copy)
    monkeypatch.setattr(run_py, "VENV", copy / ".venv")
    before = sorted(copy.rglob("*"))
    run_py.make_environment("requirements.lock")
    assert sorted(copy.rglob("*")) == before


@pytest.fixture
def without_kerberos(run_py: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree in whose environment pip writes down what it was asked for, and fails while a file says so."""
    _tool(tmp_path / "bin", "dpkg-query", f"[ -e {tmp_path}/packages ] && echo install ok installed")
    _tool(tmp_path / "bin", "apt-get", f"echo apt-get >> {tmp_path}/asked; exit 100")
    python = f'echo "$*" >> {tmp_path}/asked; [ ! -e {tmp_path}/broken ]'
    (tmp_path / ".venv").mkdir()
    _tool(tmp_path / ".venv" / "bin", "python", python)
    (tmp_path / ".venv" / "installed.json").write_text('{"python": "3"}', encoding="utf-8")
    shutil.copy(_ROOT / "requirements-kerberos.lock", tmp_path)
    monkeypatch.setattr(run_py, "ROOT", tmp_path)
    monkeypatch.setattr(run_py, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run_py.sys, "platform", "linux")
    monkeypatch.setattr(run_py.os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    return tmp_path


def _asked(tree: Path) -> list[str]:
    asked = tree / "asked"
    return asked.read_text(encoding="utf-8").splitlines() if asked.exists() else []


def test_kerberos_is_installed_once_from_its_own_hashed_lock(run_py: ModuleType, without_kerberos: Path) -> None:
    (without_kerberos / "packages").touch()
    run_py.try_kerberos()
    run_py.try_kerberos()
    (command,) = _asked(without_kerberos)
    assert command.endswith(f"install --require-hashes -r {without_kerberos / 'requirements-kerberos.lock'}")
    assert run_py.read_stamp(without_kerberos / ".venv" / "installed.json")["python"] == "3"


@pytest.mark.parametrize(("there", "failed"), [("broken", "apt-get update"), ("packages", "-m pip")])
def test_what_kerberos_lacks_is_said_in_a_sentence_and_not_tried_at_each_start(
    run_py: ModuleType, without_kerberos: Path, capfd: pytest.CaptureFixture[str], there: str, failed: str
) -> None:
    for file in ("broken", there):
        (without_kerberos / file).touch()
    run_py.try_kerberos()
    said = capfd.readouterr().err.splitlines()[-1]
    assert "its tests are skipped" in said
    assert failed in said
    asked = _asked(without_kerberos)
    run_py.try_kerberos()
    assert (len(asked), _asked(without_kerberos)) == (1, asked)
    assert capfd.readouterr().err == ""


def test_kerberos_is_tried_again_once_its_packages_are_there(run_py: ModuleType, without_kerberos: Path) -> None:
    run_py.try_kerberos()
    (without_kerberos / "packages").touch()
    run_py.try_kerberos()
    assert [line.split()[0] for line in _asked(without_kerberos)] == ["apt-get", "-m"]


@pytest.mark.parametrize("content", ["", "[]", "{", "null"])
def test_a_damaged_stamp_means_nothing_is_installed(run_py: ModuleType, tmp_path: Path, content: str) -> None:
    stamp = tmp_path / "installed.json"
    stamp.write_text(content, encoding="utf-8")
    assert run_py.read_stamp(stamp) == {}


def test_arguments_output_and_exit_code_are_the_commands_own(copy: Path) -> None:
    program = "import sys\nprint('Grüße', *sys.argv[1:])\nprint('x', file=sys.stderr)\nsys.exit(210)\n"
    with _started(copy, program, "plan", "--json", "a b") as child:
        out, err = child.communicate(timeout=150)
    assert (child.returncode, out, err) == (210, "Grüße plan --json a b\n", "x\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_the_command(copy: Path, number: signal.Signals) -> None:
    program = (
        "import signal, sys\n"
        f"signal.signal({int(number)}, lambda *_: sys.exit(42))\n"
        "print('ready', flush=True)\nsignal.pause()\n"
    )
    with _started(copy, program) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(number)
        child.communicate(timeout=150)
    assert child.returncode == 42


def test_a_command_that_was_killed_looks_killed(copy: Path) -> None:
    with _started(copy, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n") as child:
        child.communicate(timeout=150)
    assert child.returncode == -signal.SIGKILL


@pytest.mark.parametrize(("display", "expected"), [(":0", "gui"), (None, "core.cli")])
def test_the_main_job_is_the_window_where_somebody_could_see_it(
    run_py: ModuleType, monkeypatch: pytest.MonkeyPatch, display: str | None, expected: str
) -> None:
    monkeypatch.setattr(run_py.sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    if display is not None:
        monkeypatch.setenv("DISPLAY", display)
    assert run_py.main_job()[1] == expected
