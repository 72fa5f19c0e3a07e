"""Whether the published JSON Schemas are those of the models. "--write" makes them so."""

import sys
from pathlib import Path

from core.settings.schemas import schemas

_FOLDER = Path(__file__).parents[2] / "config" / "schemas"


def main(arguments: list[str]) -> int:
    wanted = schemas()
    if arguments == ["--write"]:
        _FOLDER.mkdir(exist_ok=True)
        for name, text in wanted.items():
            (_FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    found = faults(_FOLDER, wanted)
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


def faults(folder: Path, wanted: dict[str, str]) -> list[str]:
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    remedy = 'run "python -m tests.checks.schemas --write"'
    told = [f"{name}: is not as the models are; {remedy}" for name, text in wanted.items() if there.get(name) != text]
    return told + [f"{name}: belongs to no model; remove it" for name in sorted(there.keys() - wanted.keys())]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
