"""Reads a scenario's file, or says everything that is wrong with it at once."""

from collections.abc import Callable, Iterator

from core.model.fault import Fault
from core.practice.spec.part import contradictions_in, salvaged
from core.practice.spec.scenario import Scenario
from core.settings.content import parsed
from core.settings.reading import read_file


def read_scenario(path: str, content: str | bytes, present: Callable[[str], bool]) -> Scenario | tuple[Fault, ...]:
    """The path is only for the faults. Present: whether a file or folder of this PC is there."""
    found = read_file(Scenario, path, content)
    document, _ = parsed(path, content)
    if not isinstance(document, dict):
        return found
    # A key that is wrong by itself must not hide what the others contradict each other in.
    wrong, readable = (found, salvaged(Scenario, document)) if isinstance(found, tuple) else ((), found)
    hidden = (
        *(Fault(f"{path}: {place}", "contradiction", why) for place, why in contradictions_in(readable)),
        *(Fault(f"{path}: {place}", "absent", why) for place, why in _absent(readable, present)),
    )
    return tuple(dict.fromkeys((*wrong, *hidden))) or readable


def _absent(scenario: Scenario, present: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    if scenario.tells("keytab") and scenario.keytab is not None and not present(scenario.keytab):
        yield "keytab", f"there is no {scenario.keytab} on this PC"
    if scenario.tells("shares"):
        for share, folder in scenario.shares.items():
            if not present(folder):
                yield f"shares.{share}", f"there is no {folder} on this PC"
