"""The faults that wait for a host."""

from collections.abc import Callable, Iterable

from core.practice.spec.fault import FaultSpec


class Faults:
    """Each waits for its moment, and happens as often as it says."""

    def __init__(self, waiting: Iterable[FaultSpec], happened: Callable[[FaultSpec], None]) -> None:
        self.waiting = list(waiting)
        self._happened = happened
        self._felt: dict[str, FaultSpec] = {}

    def take(self, when: str, *kinds: str) -> FaultSpec | None:
        """One occurrence of a fault whose moment has come. What is there always is never used up."""
        for index, one in enumerate(self.waiting):
            if one.kind in kinds and one.when == "always":
                self._happened(one)
                return one
            if one.when == when and one.kind in kinds:
                left = one.times - 1
                self.waiting[index : index + 1] = [one.model_copy(update={"times": left})] if left else []
                self._happened(one)
                return one
        return None

    def lasts(self, kind: str) -> bool:
        """Faults of the network last until they are taken away. The first time that one is felt is what is told."""
        lasting = next((one for one in self.waiting if one.kind == kind and one.when in ("connect", "always")), None)
        if lasting is not None and lasting is not self._felt.get(kind):
            self._felt[kind] = lasting
            self._happened(lasting)
        return lasting is not None
