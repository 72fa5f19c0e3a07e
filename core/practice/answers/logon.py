"""With which logon a script reaches the update agent: its own, which came over the network, or that of a task."""

import re
from functools import lru_cache

from core.practice.host.updates import Logon

_AGENT = "Microsoft.Update."
_FOR_A_TASK = re.compile(r"@'\n.*?^'@", re.DOTALL | re.MULTILINE)


@lru_cache(64)
def logon_of(script: str) -> Logon:
    """What the script's text only hands on to a task of SYSTEM is run with the rights of that."""
    return "network" if _AGENT in _FOR_A_TASK.sub("", script) else "system"
