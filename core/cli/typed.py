"""What was refused, in the words of whoever types: the option that is meant, and the command that helps."""

from collections.abc import Iterator

from core.model.fault import Fault

# What the core calls by its name stands behind an option here.
_OPTIONS = {
    "server": "--server",
    "tag": "--tag",
    "tenant": "--tenant",
    "client": "--client",
    "site": "--site",
    "failed in": "--failed-in",
    "reason": "--reason",
    "expiry": "--expires",
}
_ABOUT_OPTIONS = frozenset({"empty", "past", "none_failed", *(f"unknown_{word}" for word in _OPTIONS)})

# What the core advises, and the command that does it.
COMMANDS = {
    "into the vault": "drydock secret set NAME",
    "authorise it": "drydock authorise PLAN --reason TEXT",
    "unblock the host": "drydock unblock HOST --reason TEXT",
    "look how it stands": "drydock status RUN",
    "take it up again": "drydock deploy --resume RUN",
    "have it verified again": "drydock reverify RUN HOST",
    "make one first": "drydock plan",
    "a deployment begins one": "drydock deploy",
    "no workspace here": "drydock init DIR; --workspace DIR names another",
    "no practice fleet here": "drydock practice start --workspace DIR",
    "in the files of the configuration": "drydock config check",
    "the check of the mapping": "drydock mapping lint",
    "newer build reference": "drydock builds import FILE",
    "import a list": "drydock targets import FILE",
    "which targets there are": "drydock targets list",
    "how the targets write": "drydock targets list",
    "sample of a new workspace": "drydock init DIR",
}


def as_typed(fault: Fault) -> str:
    where = fault.path
    if fault.code in _ABOUT_OPTIONS:
        name = next((one for one in _OPTIONS if where == one or where.startswith(f"{one} ")), None)
        where = where if name is None else _OPTIONS[name] + where.removeprefix(name)
    return f"{where}: {fault.message}"


def commands_for(text: str) -> tuple[str, ...]:
    """A line for each piece of advice in the text, unless the command stands there already."""
    return tuple(dict.fromkeys(_commands_for(text)))


def _commands_for(text: str) -> Iterator[str]:
    for advice, command in COMMANDS.items():
        if advice in text and " ".join(command.split()[:2]) not in text:
            yield f"{advice}: {command}"
