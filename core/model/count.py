"""Counts in words: "1 host", "2 hosts", "5,000 hosts"."""


def counted(count: int, noun: str, plural: str | None = None) -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
