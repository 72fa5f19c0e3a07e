"""What an engine did not tell, so that no check can see it: no evidence either way."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.model.facts import Facts, SqlAnswer, SqlSilence, Topic
from core.model.failure import Failure

WORDS: dict[Topic, str] = {
    "backups": "when its databases were saved",
    "running_work": "whether backups, restores or CHECKDB run",
    "agent_jobs": "which Agent jobs run",
    "due_jobs": "which Agent jobs begin soon",
    "replicas": "which replicas it has and who leads",
    "replication": "its part in replication",
    "log_shipping": "its part in log shipping",
    "mirroring": "its part in mirroring",
}


@dataclass(frozen=True, slots=True)
class Untold:
    """Failure is None where nobody asked."""

    instance: str
    about: Topic
    failure: Failure | None

    @property
    def why(self) -> str:
        return "it was not asked" if self.failure is None else f"{self.failure}"


def untold(facts: Facts, *topics: Topic) -> tuple[Untold, ...]:
    """Of every instance of the host. An engine that did not answer at all told nothing."""
    return tuple(one for registered in facts.instances for one in _of_instance(facts, registered.name, topics))


def _of_instance(facts: Facts, name: str, topics: tuple[Topic, ...]) -> Iterator[Untold]:
    match facts.witness(name):
        case SqlAnswer() as answer:
            gaps = {one.about: one.failure for one in answer.gaps}
            yield from (Untold(name, topic, gaps[topic]) for topic in topics if topic in gaps)
            if "backups" in topics and answer.backups is None and "backups" not in gaps:
                yield Untold(name, "backups", None)
        case SqlSilence(failure=failure):
            yield from (Untold(name, topic, failure) for topic in topics)
        case None:
            yield from (Untold(name, topic, None) for topic in topics)
