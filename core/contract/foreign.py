"""Text that another computer wrote: it may forge lines, recolour a terminal, or be meant to choke whoever reads it."""

import re
from typing import Any

# Control characters besides tab and line ends, what turns the direction of writing, halves of pairs, and no characters.
_HARMFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def tame(text: str, longest: int) -> str:
    """The text with a mark for every harmful character, cut to a length."""
    return _HARMFUL.sub("\ufffd", text[:longest])


def tame_all(value: Any, longest: int) -> Any:
    """The same for all texts in a JSON document, names included."""
    match value:
        case str():
            return tame(value, longest)
        case list():
            return [tame_all(one, longest) for one in value]
        case dict():
            return {tame(str(name), longest): tame_all(one, longest) for name, one in value.items()}
        case _:
            return value
