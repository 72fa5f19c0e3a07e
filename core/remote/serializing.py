"""Scripts as pypsrp writes them to the wire, made once: it goes over every line of them each time that they run."""

from pypsrp.powershell import RunspacePool
from pypsrp.serializer import Serializer

_READY: dict[str, str | None] = {}


def make_ready(script: str) -> None:
    """For texts of ours alone: they stay, come again and again, and hold nothing of anybody."""
    if script not in _READY:
        _READY[script] = Serializer()._serialize_string(script)  # noqa: SLF001 - there is no other way to it


def use_what_is_ready(pool: RunspacePool) -> None:
    """Before the pool is opened: it hands its serializer on to all that runs in it."""
    pool._serializer = pool._fragmenter.serializer = _Ready()  # noqa: SLF001 - it can be given no other


class _Ready(Serializer):
    def _serialize_string(self, value: str | None) -> str | None:
        ready = None if value is None else _READY.get(value)
        return super()._serialize_string(value) if ready is None else ready
