"""The build of an instance as its witnesses tell it: registry, file version and the engine itself."""

from dataclasses import dataclass

from core.model.build import Build
from core.model.facts import Facts, RegisteredInstance, SqlAnswer, SqlSilence


@dataclass(frozen=True, slots=True)
class Testimony:
    """What each witness said. Who is missing could not speak, and why is said."""

    builds: dict[str, Build]
    missing: dict[str, str]

    @property
    def agreed(self) -> Build | None:
        """The one build that all who spoke named, or None when they contradict each other."""
        said = set(self.builds.values())
        return said.pop() if len(said) == 1 else None

    def __str__(self) -> str:
        return ", ".join(f"{witness} {build}" for witness, build in self.builds.items())


def testimony(facts: Facts, instance: RegisteredInstance) -> Testimony:
    """All that is known of one instance's build."""
    builds = {"registry": instance.patch_level}
    missing: dict[str, str] = {}
    if instance.binary is not None:
        builds["sqlservr.exe"] = instance.binary
    else:
        missing["sqlservr.exe"] = "the file was not found"
    match facts.witness(instance.name):
        case SqlAnswer(build=build):
            builds["engine"] = build
        case SqlSilence(failure=failure):
            missing["engine"] = failure.detail
        case None:
            missing["engine"] = "the inventory does not name this instance, so it was not asked"
    return Testimony(builds, missing)
