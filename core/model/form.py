"""What a form asks for: the settings of a file as fields, groups of fields and tables of entries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text."""


@dataclass(frozen=True, slots=True)
class Number:
    whole: bool


@dataclass(frozen=True, slots=True)
class Toggle:
    """Yes or no."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picks:
    """Some of these. In order: the first one that is picked comes first."""

    options: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """As many texts as somebody likes, or whole numbers."""

    numbers: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A date, like 2026-12-31."""


@dataclass(frozen=True, slots=True)
class Group:
    fields: "tuple[Field, ...]"

    def field(self, key: str) -> "Field":
        return next(one for one in self.fields if one.key == key)


@dataclass(frozen=True, slots=True)
class Table:
    """Entries of one kind, named "", or of several, each told by its key "kind"."""

    kinds: Mapping[str, Group]


Input = Text | Number | Toggle | Choice | Picks | Words | Day | Group | Table


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a file. Without a value in the file the default holds; nullable: null is a value, too."""

    key: str
    input: Input
    help: str = ""
    default: object = None
    nullable: bool = False
    required: bool = False


def leaves(group: Group, above: str = "") -> Iterator[tuple[str, Field]]:
    """All fields at any depth, by their paths without numbers, like "updates.sql.pins.reason"."""
    for field in group.fields:
        path = f"{above}.{field.key}" if above else field.key
        yield path, field
        match field.input:
            case Group():
                yield from leaves(field.input, path)
            case Table(kinds=kinds):
                for kind in kinds.values():
                    yield from leaves(kind, path)
            case _:
                pass
