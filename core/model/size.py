"""Sizes in the words that Windows uses: a GB is 1024 MB."""

_MB = 2**20
_GB = 2**30


def size_in_words(size_bytes: int) -> str:
    return f"{size_bytes / _GB:.2f} GB" if size_bytes >= _GB else f"{size_bytes / _MB:.1f} MB"
