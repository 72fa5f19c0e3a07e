"""The form of every parameter set and every result."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

# PowerShell takes no empty text where one is mandatory, unless the script says so.
Text = Annotated[str, Field(min_length=1)]
PollSeconds = Annotated[int, Field(ge=0, le=60)]
MostChars = Annotated[int, Field(ge=1, le=1_048_576)]


class Parameters(BaseModel):
    """What a script is given. In PowerShell the names are written in Pascal case."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", alias_generator=to_pascal, populate_by_name=True
    )


class NoParameters(Parameters):
    """For scripts that only read."""


class Result(BaseModel):
    """What a script answers, as JSON. A result of a newer schema is refused; longer texts are cut."""

    longest: ClassVar[int] = 4096

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int


class Part(BaseModel):
    """A part of a result."""

    model_config = ConfigDict(frozen=True, extra="forbid")
