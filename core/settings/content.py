"""From the bytes of a configuration file to its JSON document, explaining what editors and copying do to files."""

import codecs
import json
import re
from collections import Counter
from typing import Any

from core.model.fault import Fault
from core.settings.wording import printable

MOST_BYTES = 64 * 1024 * 1024
_DEEPEST = 40
_LONGEST_NUMBER = 18

_COMMENT = re.compile(r"//|/\*|#")
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"?|[\[{]|[\]}]|\n')
_MARKS = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))
_SAVE_AS = 'save it again with the encoding "UTF-8"'
_CURLY = {"\u201c", "\u201d", "\u201e", "\u2018", "\u2019"}


class _TooLongError(ValueError):
    """A number that no setting takes."""


def parsed(path: str, content: str | bytes) -> tuple[Any | None, tuple[Fault, ...]]:
    """The document, None if there is none, and what is wrong with it as JSON."""
    text = _decoded(path, content) if isinstance(content, bytes) else content
    if isinstance(text, Fault):
        return None, (text,)
    if not text.strip():
        return None, (Fault(path, "empty", "the file is empty; copy the sample of a new workspace"),)
    deep = _too_deep(path, text)
    if deep is not None:
        return None, (deep,)
    return _document(path, text)


def _decoded(path: str, content: bytes) -> str | Fault:
    if len(content) > MOST_BYTES:
        return Fault(path, "too_large", "the file is larger than 64 MB; this is no configuration file")
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if marked is None and b"\0" in content[:200]:
        alternating = not any(content[1:200:2]) or not any(content[:200:2])
        marked = "UTF-16" if alternating and any(content[:200]) else "binary"
    if marked == "binary":
        return Fault(path, "not_text", "the file is not text; put the configuration file here", found="binary")
    if marked is not None:
        message = f"the file is {marked}, as PowerShell's > and older editors write it; {_SAVE_AS}"
        return Fault(path, "wrong_encoding", message, found=marked, expected="UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        return _not_utf8(path, content, wrong.start)


def _not_utf8(path: str, content: bytes, at: int) -> Fault:
    byte, line = content[at], content.count(b"\n", 0, at) + 1
    message = f"the file is not UTF-8 (in Windows-1252 this byte would be a {_in_ansi(byte)}); {_SAVE_AS}"
    return Fault(f"{path}: line {line}", "wrong_encoding", message, found=f"byte {byte:02X}", expected="UTF-8")


def _in_ansi(byte: int) -> str:
    return printable(bytes([byte]).decode("cp1252", errors="replace"))


def _too_deep(path: str, text: str) -> Fault | None:
    depth, line = 0, 1
    for token in _TOKEN.finditer(text):
        match token.group()[0]:
            case "\n":
                line += 1
            case "[" | "{":
                depth += 1
            case "]" | "}":
                depth -= 1
            case _:
                pass
        if depth > _DEEPEST:
            message = f"objects and lists are nested more than {_DEEPEST} deep; no setting lies that deep"
            return Fault(f"{path}: line {line}", "too_deep", message)
    return None


def _document(path: str, text: str) -> tuple[Any | None, tuple[Fault, ...]]:
    repeated: list[str] = []
    strange: list[str] = []

    def whole(digits: str) -> int:
        if len(digits) > _LONGEST_NUMBER:
            raise _TooLongError(digits[:20])
        return int(digits)

    def fraction(digits: str) -> float:
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            raise _TooLongError(digits[:20])
        return value

    def constant(name: str) -> float:
        strange.append(name)
        return 0.0

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        counted = Counter(key for key, _ in pairs)
        repeated.extend(key for key, times in counted.items() if times > 1)
        return dict(pairs)

    try:
        document = json.loads(
            text, object_pairs_hook=once, parse_int=whole, parse_float=fraction, parse_constant=constant
        )
        json.dumps(document, ensure_ascii=False).encode()
    except json.JSONDecodeError as wrong:
        return None, (_not_json(path, text, wrong),)
    except _TooLongError as wrong:
        message = f"a number is larger than any setting takes: {wrong}…"
        return None, (Fault(f"{path}: line {_line_of(text, str(wrong))}", "huge_number", message, found=str(wrong)),)
    except UnicodeEncodeError:
        line = _line_of(text, r"\ud")
        message = r"half of a character is written here (\ud800 to \udfff alone); write the character itself"
        return None, (Fault(f"{path}: line {line}", "half_character", message),)
    if strange:
        return None, (*_repeated(path, repeated), *_constants(path, text, strange))
    if document is None:
        return None, (Fault(path, "empty", "the file says only null; a file begins with { and ends with }"),)
    return document, tuple(_repeated(path, repeated))


def _repeated(path: str, keys: list[str]) -> list[Fault]:
    message = "the key stands twice in one object; keep one of them"
    return [Fault(f"{path}: {printable(key)}", "repeated_key", message, found=printable(key)) for key in keys]


def _constants(path: str, text: str, names: list[str]) -> list[Fault]:
    return [
        Fault(f"{path}: line {_line_of(text, name)}", "not_a_number", f"{name} is no number; write digits", found=name)
        for name in dict.fromkeys(names)
    ]


def _line_of(text: str, part: str) -> int:
    return text.count("\n", 0, max(0, text.casefold().find(part.casefold()))) + 1


def _not_json(path: str, text: str, wrong: json.JSONDecodeError) -> Fault:
    lines = text.split("\n")
    line = lines[wrong.lineno - 1] if wrong.lineno <= len(lines) else ""
    where, found = f"{path}: line {wrong.lineno}", printable(line.strip()[:80])
    rest = text[wrong.pos :].lstrip()
    if _COMMENT.match(rest) or _COMMENT.match(line.strip()):
        message = 'JSON has no comments; remove this one, or write it as a key: "_comment": "…"'
        return Fault(where, "comment", message, found=found)
    hint = _hint(text, wrong.pos, rest)
    return Fault(where, "not_json", f"not JSON at column {wrong.colno}: {hint}", found=found)


def _hint(text: str, at: int, rest: str) -> str:
    before = text[:at].rstrip()[-1:]
    match rest[:1]:
        case "":
            return "the file ends in the middle; a closing bracket or quote is missing"
        case "'":
            return "texts and keys stand in double quotes"
        case one if one in _CURLY:
            return 'these are typographic quotes; write straight ones: "'
        case "}" | "]" if before == ",":
            return "remove the comma before the closing bracket"
        case _ if before == ",":
            return "after the last entry stands no comma, and keys stand in double quotes"
        case "\\":
            return "a backslash in a text is written twice: \\\\"
        case '"' | "{" if before in ('"', "}", "]") or before.isalnum():
            return "a comma is missing before this"
        case _:
            return "mend it with an editor that knows JSON"
