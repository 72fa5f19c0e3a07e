"""SQL Server builds: parsing, order and the version family a build belongs to."""

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

_FORM = re.compile(r"([0-9]{1,5})\.([0-9]{1,5})\.([0-9]{1,5})(?:\.([0-9]{1,5}))?")

FAMILIES: dict[tuple[int, int], str] = {
    (8, 0): "2000",
    (9, 0): "2005",
    (10, 0): "2008",
    (10, 50): "2008R2",
    (11, 0): "2012",
    (12, 0): "2014",
    (13, 0): "2016",
    (14, 0): "2017",
    (15, 0): "2019",
    (16, 0): "2022",
    (17, 0): "2025",
}


@total_ordering
@dataclass(frozen=True, slots=True)
class Build:
    """A build of three or four numbers. Servers report four, the public reference three."""

    major: int
    minor: int
    number: int
    revision: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Build":
        """Raises ValueError for anything but "15.0.4298" and "15.0.4298.1"."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError(f'"{text}" is not a build like 15.0.4298.1')
        major, minor, number, revision = match.groups()
        return cls(int(major), int(minor), int(number), None if revision is None else int(revision))

    def __str__(self) -> str:
        short = f"{self.major}.{self.minor}.{self.number}"
        return short if self.revision is None else f"{short}.{self.revision}"

    def __lt__(self, other: "Build") -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[int, int, int, int]:
        return (self.major, self.minor, self.number, -1 if self.revision is None else self.revision)

    @property
    def family(self) -> str | None:
        """The product's year ("2019"), or None for a product we do not know."""
        return FAMILIES.get((self.major, self.minor))

    @property
    def short(self) -> tuple[int, int, int]:
        """The numbers that every form of a build carries."""
        return (self.major, self.minor, self.number)

    def is_same(self, other: "Build") -> bool:
        """Equal on the numbers that both carry: 15.0.4430 names the same build as 15.0.4430.1."""
        if self.revision is None or other.revision is None:
            return self.short == other.short
        return self == other

    def reaches(self, target: "Build") -> bool:
        """Whether a server on this build has what the target brings: compared on the numbers that both carry."""
        if self.short != target.short or self.revision is None or target.revision is None:
            return self.short >= target.short
        return self.revision >= target.revision

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: Any) -> "CoreSchema":
        """In documents a build is its text. The window is there before the library is loaded."""
        from pydantic_core import core_schema

        from_text = core_schema.no_info_after_validator_function(
            cls.parse, core_schema.str_schema(pattern=f"^{_FORM.pattern}$")
        )
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), from_text]),
            serialization=core_schema.to_string_ser_schema(),
        )
