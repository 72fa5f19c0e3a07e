"""The product's own reference, and mappings as text, for the tests of this folder."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from core.catalog.lint import Proof, lint
from core.model.build import Build
from core.model.reference import Reference
from core.settings.build_reference import REFERENCE, BuildReferenceFile, reference_of
from core.settings.hotfix_mapping import MappingFile
from core.settings.reading import read_file

DATA = Path(__file__).parents[1] / "data"
PATH = "hotfix_mapping.json"


@cache
def shipped() -> Reference:
    text = files("config").joinpath("build_reference.json").read_text(encoding="utf-8")
    read = read_file(BuildReferenceFile, REFERENCE, text)
    assert isinstance(read, BuildReferenceFile), read
    return reference_of(read)


def build(text: str) -> Build:
    return Build.parse(text)


def linted(document: dict[str, Any]) -> Proof:
    read = read_file(MappingFile, PATH, json.dumps(document))
    assert isinstance(read, MappingFile), read
    return lint(PATH, read, shipped(), shipped().as_of)


def found(document: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """Each fault as place, code and what would be right."""
    return [(one.path.removeprefix(f"{PATH}: "), one.code, one.expected) for one in linted(document).faults]
