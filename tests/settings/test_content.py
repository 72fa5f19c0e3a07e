"""What editors and copying do to files, explained."""

import pytest

from core.settings.content import MOST_BYTES, parsed

CASES: dict[str, tuple[bytes, str, str]] = {
    "an empty file": (b"", "empty", "f: the file is empty"),
    "a file of blanks": (b" \r\n", "empty", "f: the file is empty"),
    "a file of null": (b"null", "empty", "f: the file says only null"),
    "UTF-16 with a mark": ("{}".encode("utf-16"), "wrong_encoding", "f: the file is UTF-16"),
    "UTF-16 without a mark": ('{"a": 1}'.encode("utf-16-le"), "wrong_encoding", "f: the file is UTF-16"),
    "UTF-32": ("{}".encode("utf-32"), "wrong_encoding", "f: the file is UTF-32"),
    "Windows-1252": ('{\n"a": "ä"}'.encode("cp1252"), "wrong_encoding", "f: line 2: the file is not UTF-8"),
    "an archive": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "not_text", "f: the file is not text"),
    "nothing but zeros": (bytes(40), "not_text", "f: the file is not text"),
    "a comment on a line": (b"{\n// x\n}", "comment", "f: line 2: JSON has no comments"),
    "a comment behind a value": (b'{\n"a": 1, // x\n"b": 2}', "comment", "f: line 2: JSON has no comments"),
    "a comment of blocks": (b'{\n"a": 1 /* x */}', "comment", "f: line 2: JSON has no comments"),
    "a comment of shells": (b'{\n"a": 1 # x\n}', "comment", "f: line 2: JSON has no comments"),
    "a comma too many": (b'{"a": 1,}', "not_json", "f: line 1: not JSON at column 9: remove the comma"),
    "a comma too few": (b'{"a": 1\n"b": 2}', "not_json", "f: line 2: not JSON at column 1: a comma is missing"),
    "single quotes": (b"{'a': 1}", "not_json", "f: line 1: not JSON at column 2: texts and keys stand in double"),
    "typographic quotes": ("{“a”: 1}".encode(), "not_json", "f: line 1: not JSON at column 2: these are typographic"),
    "a single backslash": (b'{"p": "D:\\Patches"}', "not_json", "f: line 1: not JSON at column 10: a backslash"),
    "half a file": (b'{"a": [1, 2', "not_json", "f: line 1: not JSON at column 12: the file ends in the middle"),
    "two documents": (b"{}\n{}", "not_json", "f: line 2: not JSON at column 1: a comma is missing"),
    "not a number": (b'{\n"a": NaN}', "not_a_number", "f: line 2: NaN is no number"),
    "infinity": (b'{"a": -Infinity}', "not_a_number", "f: line 1: -Infinity is no number"),
    "a huge number": (b'{\n"a": 1' + b"0" * 5000 + b"}", "huge_number", "f: line 2: a number is larger than any"),
    "a huge exponent": (b'{"a": 1e999}', "huge_number", "f: line 1: a number is larger than any"),
    "deep lists": (b"[" * 100_000, "too_deep", "f: line 1: objects and lists are nested more than 40 deep"),
    "deep objects": (b'{"a":\n' * 50 + b"1" + b"}" * 50, "too_deep", "f: line 41: objects and lists are nested"),
    "half a character": (b'{"a": "\\ud800"}', "half_character", "f: line 1: half of a character"),
    "a key twice": (b'{"a": 1, "b": {"c": 1, "c": 2}}', "repeated_key", "f: c: the key stands twice"),
    "a large file": (b" " * (MOST_BYTES + 1), "too_large", "f: the file is larger than 64 MB"),
}


@pytest.mark.parametrize(("content", "code", "words"), CASES.values(), ids=CASES.keys())
def test_a_broken_file_is_explained(content: bytes, code: str, words: str) -> None:
    _, faults = parsed("f", content)
    assert [fault.code for fault in faults] == [code]
    assert str(faults[0]).startswith(words)


def test_a_mark_of_utf8_is_no_fault() -> None:
    assert parsed("f", b'\xef\xbb\xbf{"a": 1}') == ({"a": 1}, ())


def test_brackets_in_texts_do_not_count_as_depth() -> None:
    assert parsed("f", '{"a": "' + "[" * 100 + '\\"["}')[1] == ()


def test_what_would_drive_a_terminal_is_written_out() -> None:
    _, faults = parsed("f", '{"\\u001b[31m": 1, "\\u001b[31m": 2}')
    assert str(faults[0]).startswith("f: \\u001b[31m: the key stands twice")
