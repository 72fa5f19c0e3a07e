"""What a script's source says of itself: its parameters, its answer's keys, the codes it can end with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

_PARSER = Parser(Language(tree_sitter_powershell.language()))
_CODE = re.compile(r"Stop-Script '(\w+)'")


@dataclass(frozen=True)
class Parameter:
    """One parameter as its param block declares it."""

    name: str
    type: str
    mandatory: bool


def tree(text: str) -> Node:
    return _PARSER.parse(text.encode()).root_node


def text_of(node: Node) -> str:
    return (node.text or b"").decode()


def walk(node: Node, kind: str) -> Iterator[Node]:
    if node.type == kind:
        yield node
    for child in node.children:
        yield from walk(child, kind)


def parameters(text: str) -> list[Parameter]:
    """Those of the script itself: the first param block."""
    block = next(walk(tree(text), "param_block"))
    found = []
    for one in walk(block, "script_parameter"):
        attributes = re.findall(r"\[[^\[\]]*(?:\[\])?[^\[\]]*\]", text_of(one))
        name = next(text_of(node) for node in one.children if node.type == "variable")
        types = [attribute for attribute in attributes if "(" not in attribute]
        mandatory = any("Mandatory = $true" in attribute for attribute in attributes)
        found.append(Parameter(name.removeprefix("$"), types[-1] if types else "", mandatory))
    return found


def limits(text: str) -> dict[str, dict[str, Any]]:
    """What PowerShell binds to each parameter, in the words of a JSON schema. An empty text is none, unless allowed."""
    block = next(walk(tree(text), "param_block"))
    return {one.name: _limits(source, one.type) for one, source in zip(parameters(text), _sources(block), strict=True)}


def _limits(source: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if (numbers := re.search(r"ValidateRange\((\d+), (\d+)\)", source)) is not None:
        found |= {"minimum": int(numbers[1]), "maximum": int(numbers[2])}
    pattern = re.search(r"ValidatePattern\('(.+)'\)", source)
    chosen = re.search(r"ValidateSet\((.+)\)", source)
    texts: dict[str, Any] = {} if "AllowEmptyString" in source else {"minLength": 1}
    if kind == "[string[]]":
        return found | {"items": {"type": "string", **texts}} | ({} if "AllowEmptyCol" in source else {"minItems": 1})
    if chosen is not None:
        return found | {"enum": re.findall(r"'(\w+)'", chosen[1])}
    if pattern is not None:
        return found | {"pattern": pattern[1]}
    return found | (texts if kind == "[string]" else {})


def _sources(block: Node) -> list[str]:
    return [text_of(one) for one in walk(block, "script_parameter")]


def answers(text: str) -> list[set[str]]:
    """The keys of every hashtable that carries a schema_version and goes nowhere but into the script's answer."""
    found = []
    for table in walk(tree(text), "hash_literal_expression"):
        keys = [text_of(next(walk(entry, "key_expression"))) for entry in _entries(table)]
        if "schema_version" in keys and _command(table).startswith(("Invoke-Answer", "Invoke-Alone")):
            found.append(set(keys))
    return found


def codes(text: str) -> set[str]:
    return set(_CODE.findall(text))


def _command(node: Node) -> str:
    """The innermost command around the node: an answer is handed to nothing but what runs the body."""
    while node.parent is not None and node.type != "command":
        node = node.parent
    return text_of(node)


def _entries(table: Node) -> list[Node]:
    """The table's own entries, not those of tables inside it."""
    body = [child for child in table.children if child.type == "hash_literal_body"]
    return [entry for part in body for entry in part.children if entry.type == "hash_entry"]
