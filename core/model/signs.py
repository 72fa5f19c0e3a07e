"""Signs of life: what answers on a host just now, as this PC sees it, and the last that its engines wrote."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Light(StrEnum):
    ANSWERS = "answers"
    SILENT = "silent"
    # Nobody can ask from here: no way to ping, no port that is known.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LogLine:
    """The last line of an instance's ERRORLOG. Its time is by the clock on the host's wall, which tells no zone."""

    instance: str
    wall_time: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Signs:
    """SQL answers when every instance does; "silent" names those that do not."""

    ping: Light = Light.UNKNOWN
    winrm: Light = Light.UNKNOWN
    sql: Light = Light.UNKNOWN
    silent: tuple[str, ...] = ()
    error_logs: tuple[LogLine, ...] = ()

    @property
    def looked_at(self) -> bool:
        return {self.ping, self.winrm, self.sql} != {Light.UNKNOWN}
