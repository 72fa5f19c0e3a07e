"""Parses every script as it is sent, and holds it against the rules that Windows PowerShell 5.1 sets."""

import re
import sys
from collections.abc import Iterator
from importlib.resources import files

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from core.contract.library import ALL
from core.contract.script import compose

_RUN_AS_SYSTEM = ("run_job", "copy_package", "run_search", "run_updates")
_INCLUDED = {
    "prelude.ps1",
    "package.ps1",
    "system_task.ps1",
    "jobs.ps1",
    "job_folder.ps1",
    "files.ps1",
    "setup_logs.ps1",
    "epochs.ps1",
    "job_status.ps1",
    "installers.ps1",
    "host_hardware.ps1",
    "host_cluster.ps1",
    "host_management.ps1",
    "host_components.ps1",
    "update_agent.ps1",
}
_PARSER = Parser(Language(tree_sitter_powershell.language()))
# Operators and statements that 5.1 does not know.
_TOO_NEW = re.compile(r"\?\?|\?\.\w|&&|\|\|| \? .+ : |-Parallel\b|\bclean\s*\{")


def faults_of(text: str) -> Iterator[str]:
    """What is wrong with a script's whole text."""
    if not text.isascii():
        yield "not ASCII: 5.1 reads a file without a mark in the local code page"
    for node in _bad_nodes(_PARSER.parse(text.encode()).root_node):
        yield f"line {node.start_point[0] + 1}: cannot be parsed: {(node.text or b'').decode()[:60]}"
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.lstrip().startswith("#") and _TOO_NEW.search(line):
            yield f"line {number}: not valid in Windows PowerShell 5.1: {line.strip()[:60]}"
    if "Set-StrictMode" not in text or "$ErrorActionPreference = 'Stop'" not in text:
        yield "the prelude is missing"
    if "param(" not in text:
        yield "there is no param block"


def main() -> int:
    sources = {script.name: script.text for script in ALL}
    sources |= {name: compose(f"{name}.ps1") for name in _RUN_AS_SYSTEM}
    known = {f"{name}.ps1" for name in sources} | _INCLUDED
    strays = {entry.name for entry in (files("core.contract") / "scripts").iterdir()} - known
    found = [f"{name}.ps1: {fault}" for name, text in sources.items() for fault in faults_of(text)]
    found += [f"{name}: no script of the library" for name in sorted(strays)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


def _bad_nodes(node: Node) -> Iterator[Node]:
    if node.type == "ERROR" or node.is_missing:
        yield node
    for child in node.children:
        yield from _bad_nodes(child)


if __name__ == "__main__":
    sys.exit(main())
