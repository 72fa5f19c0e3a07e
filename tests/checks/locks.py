"""Whether the lock files hold what pyproject.toml asks for, every line hashed, and no registry's name."""

import re
import sys
import tomllib
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==\S+", re.MULTILINE)


def main() -> int:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = {_name(one) for one in project["dependencies"]}
    extras = {extra: {_name(one) for one in asked} for extra, asked in project["optional-dependencies"].items()}
    locks = {
        "requirements.lock": runtime,
        "requirements-dev.lock": runtime | extras["dev"],
        "requirements-kerberos.lock": extras["kerberos"],
    }
    found = [
        f"{file}: {fault}"
        for file, wanted in locks.items()
        for fault in faults_of((_ROOT / file).read_text(encoding="utf-8"), wanted)
    ]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


def faults_of(text: str, wanted: set[str]) -> list[str]:
    """What is wrong with a lock file's text."""
    found = [f"{name} is not locked" for name in sorted(wanted - set(_PIN.findall(text)))]
    unhashed = [block.split("\n")[0] for block in re.split(r"\n(?=[a-z0-9])", text) if "--hash=sha256:" not in block]
    found += [f"no hash for {line}" for line in unhashed]
    if "://" in text or "index-url" in text:
        found.append("names a registry")
    return found


def _name(requirement: str) -> str:
    return re.split(r"[<>=!~ \[;]", requirement, maxsplit=1)[0].lower()


if __name__ == "__main__":
    sys.exit(main())
