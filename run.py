"""Sets up Drydock's private environment and runs a command in it; needs nothing but Python's standard library."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SUPPORTED = ((3, 11), (3, 13))

# Debian's packages beyond Python: the driver manager and FreeTDS let the product speak to SQL Server,
# the others draw the window.
DEBIAN_BASE = (
    "python3-venv",
    "unixodbc",
    "tdsodbc",
    "libglib2.0-0",
    "libegl1",
    "libgl1",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon0",
    "libx11-6",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-render-util0",
    "libxcb-render0",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxcb-util1",
    "libxkbcommon-x11-0",
    "fonts-inter",
    "fonts-noto-core",
)
# Microsoft's own driver, which the tests use beside FreeTDS, is linked against these.
DEBIAN_TEST = ("libkrb5-3", "libgssapi-krb5-2", "libltdl7", "samba")
# A KDC for the tests of Kerberos, and what its Python packages are compiled with.
DEBIAN_KERBEROS = ("krb5-kdc", "krb5-admin-server", "krb5-user", "libkrb5-dev", "gcc", "python3-dev")
KERBEROS_LOCK = "requirements-kerberos.lock"
COMPILE_SECONDS = 600

USAGE = """usage: python3 run.py [COMMAND]

  (none)         the window on a practice fleet; with no display one whole patch cycle, ending with Excel and HTML
  test           every check and test that CI runs
  check          the static ones alone: format, lint, types, architecture, PowerShell, schemas
  cli ARGS...    the command line: python3 run.py cli --help
  gui            the window on your own workspace
  bench [NAME]   measure: python3 run.py bench --help
  pictures [DIR] a picture of each page, light and dark, small and large
"""


def main(arguments: list) -> int:
    if sys.stdout is not None:
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        sys.stderr.reconfigure(encoding="utf-8", errors="replace")
    if not SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]:
        print(
            "Drydock needs Python 3.11, 3.12 or 3.13; this is Python %s. Start run.py with one of those."
            % platform.python_version(),
            file=sys.stderr,
        )
        return 2
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command in ("-h", "--help", "help"):
        print(USAGE)
        return 0
    commands = {
        "": main_job(),
        "gui": ["-m", "gui"],
        "pictures": ["-m", "tests.gui.pictures"],
        "cli": ["-m", "core.cli"],
        "test": ["-m", "tests.suite", "test"],
        "check": ["-m", "tests.suite", "check"],
        "bench": ["-m", "bench"],
    }
    if command not in commands:
        print("run.py: unknown command %r\n\n%s" % (command, USAGE), file=sys.stderr)
        return 2
    for_development = command in ("test", "check", "bench", "pictures")
    try:
        install_system_packages(DEBIAN_BASE + (DEBIAN_TEST if for_development else ()))
        make_environment("requirements-dev.lock" if for_development else "requirements.lock")
    except subprocess.CalledProcessError as failed:
        print("run.py: setting up failed: %s" % " ".join(map(str, failed.cmd)), file=sys.stderr)
        return 2
    if command == "test":
        try_kerberos()
    return run([str(python_of(VENV)), *commands[command], *rest])


def main_job() -> list:
    """The window on imaginary servers; where nobody could see it, the same cycle without one."""
    place = ["--workspace", str(ROOT / "output" / "practice")]
    return ["-m", "gui", "--practise", *place] if has_display() else ["-m", "core.cli", "demo", *place]


def has_display() -> bool:
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def install_system_packages(packages: tuple) -> None:
    """On Debian and its kin: as root installs what is missing, otherwise prints the exact command and goes on."""
    if shutil.which("dpkg-query") is None:
        return
    missing = [name for name in packages if not is_installed(name)]
    if not missing:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0:
        print("run.py: missing system packages; install them with:\n  sudo %s" % " ".join(install), file=sys.stderr)
        return
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["apt-get", "update", "-q"], install):
        subprocess.run(command, stdout=sys.stderr, stdin=subprocess.DEVNULL, env=environment, check=True)


def is_installed(package: str) -> bool:
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f=${Status}", package], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    return asked.stdout.decode().startswith("install ok installed")


def make_environment(lock_file: str) -> None:
    """Makes .venv once and installs from the hashed lock file whenever that file or the interpreter changed."""
    lock = ROOT / lock_file
    wanted = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / "installed.json"
    installed = read_stamp(stamp)
    if installed.get("python") != sys.version or not python_of(VENV).exists():
        say("making .venv")
        stamp.unlink(missing_ok=True)
        venv.EnvBuilder(clear=True, with_pip=True).create(VENV)
        installed = {"python": sys.version}
    if installed.get(lock_file) == wanted:
        return
    say("installing from %s" % lock_file)
    subprocess.run(pip_install("--require-hashes", "-r", lock), check=True, stdout=sys.stderr)
    subprocess.run(pip_install("--no-build-isolation", "--no-deps", "-e", ROOT), check=True, stdout=sys.stderr)
    installed[lock_file] = wanted
    stamp.write_text(json.dumps(installed), encoding="utf-8")


def try_kerberos() -> None:
    """Tests of Kerberos are skipped where this fails; it is tried again only when lock file or packages changed."""
    if not sys.platform.startswith("linux"):
        return
    stamp = VENV / "installed.json"
    installed = read_stamp(stamp)
    if installed.get(KERBEROS_LOCK) == kerberos_needs():
        return
    try:
        install_system_packages(DEBIAN_KERBEROS)
        say("installing from %s" % KERBEROS_LOCK)
        # What a compiler says of missing headers helps nobody here; the command shows it to whoever wants to know.
        install = pip_install("--require-hashes", "-r", ROOT / KERBEROS_LOCK)
        subprocess.run(install, check=True, capture_output=True, timeout=COMPILE_SECONDS)
    except (OSError, subprocess.SubprocessError) as failed:
        what = " ".join(map(str, getattr(failed, "cmd", [failed])))
        print("run.py: no Kerberos here, its tests are skipped; what failed: %s" % what, file=sys.stderr)
    stamp.write_text(json.dumps(dict(installed, **{KERBEROS_LOCK: kerberos_needs()})), encoding="utf-8")


def kerberos_needs() -> str:
    """The lock file, and the system's packages that are still missing."""
    missing = [] if shutil.which("dpkg-query") is None else [one for one in DEBIAN_KERBEROS if not is_installed(one)]
    return hashlib.sha256((ROOT / KERBEROS_LOCK).read_bytes() + " ".join(missing).encode()).hexdigest()


def pip_install(*arguments: object) -> list:
    return [python_of(VENV), "-m", "pip", "--disable-pip-version-check", "--no-input", "-qq", "install", *arguments]


def read_stamp(stamp: Path) -> dict:
    try:
        return dict(json.loads(stamp.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def python_of(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(command: list) -> int:
    """Becomes the command on POSIX; on Windows runs it as a child. Exit code and signals are the command's own."""
    os.environ.setdefault("PYTHONUTF8", "1")
    # Without this, a folder called "core" where the user happens to stand would be taken for ours.
    os.environ["PYTHONSAFEPATH"] = "1"
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    child = subprocess.Popen(command)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the child got it too and decides what it means
            continue


def say(what: str) -> None:
    print("run.py: %s ..." % what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
