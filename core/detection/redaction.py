"""Takes secrets out of logs before anybody keeps them."""

import re

_MARK = "***"
# A key that names a secret, then its value: in quotes, in braces as connection strings have it, or up to the next gap.
_VALUE = r"(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|\{[^}\r\n]*\}|[^\s;,&\"'<]+)"
_NAMED = re.compile(
    rf"(?P<key>(?:\b[\w-]*(?:password|passwd|pwd|secret|passphrase|api[_-]?key|access[_-]?key|account[_-]?key|token)"
    rf"|/PID)\b[\"']?\s*[=:]\s*)(?P<value>{_VALUE})",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<key>\b(?:Bearer|Basic)\s+)(?P<value>[A-Za-z0-9+/._~-]{8,}=*)")
_IN_ADDRESS = re.compile(r"(?P<key>\b[a-z][a-z0-9+.-]*://[^\s:/@]+:)(?P<value>[^\s@/]+)(?=@)", re.IGNORECASE)
_KEY_BLOCK = re.compile(r"(?P<key>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?P<value>.*?)(?=-----END|\Z)", re.DOTALL)
_PRODUCT_KEY = re.compile(r"(?P<key>\b)(?P<value>(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5})\b")


def redacted(text: str) -> tuple[str, int]:
    """The text without what looks like a secret, and how many places that were."""
    total = 0
    for pattern in (_KEY_BLOCK, _IN_ADDRESS, _BEARER, _NAMED, _PRODUCT_KEY):
        text, count = pattern.subn(_masked, text)
        total += count
    return text, total


def _masked(found: re.Match[str]) -> str:
    return f"{found['key']}{_MARK}"
