"""Sizes in the words that Windows uses: a GB is 1024 MB."""

_MB = 2**20
_GB = 2**30


def size_in_words(size_bytes: int) -> str:
    return f"{size_bytes / _GB:.2f} GB" if size_bytes >= _GB else f"{size_bytes / _MB:.1f} MB"


def part_in_words(part_bytes: int, whole_bytes: int) -> str:
    """How much of it, in the whole's unit: of whole megabytes no tenths."""
    if whole_bytes >= _GB:
        return f"{part_bytes / _GB:.2f} of {whole_bytes / _GB:.2f} GB"
    digits = 0 if whole_bytes >= 10 * _MB else 1
    return f"{part_bytes / _MB:.{digits}f} of {whole_bytes / _MB:.{digits}f} MB"
