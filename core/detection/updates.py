"""Updates of a Windows host from the words of its update agent, in the same form whatever the vendor."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from core.contract.updates import OfferedPart, SearchResult
from core.detection.update_codes import SUCCEEDED, in_words, meaning_of
from core.model.facts import (
    Facts,
    InstalledUpdate,
    OsUpdate,
    RebootNeed,
    Severity,
    UpdateAnswer,
    UpdateSilence,
    UpdateWitness,
)
from core.model.failure import Cause, Failure

# Classes go by their id: their names come in the language of the host.
CLASSES: dict[str, str] = {
    "0fa1201d-4330-4fa8-8ae9-b877473b6441": "Security Updates",
    "e6cf1350-c01b-414d-a61f-263d14d133b4": "Critical Updates",
    "28bc880e-0592-4cbf-8f95-c79b17911d5f": "Update Rollups",
    "68c5b0a3-d1a6-4553-ae49-01d3a7827828": "Service Packs",
    "cd5ffd1e-e932-4e3a-bf74-18bf0b1bbd83": "Updates",
    "ebfc1fc5-71a4-4f7b-9aca-3b9a503104a0": "Drivers",
    "b54e7d24-7add-428f-8b75-90a396fa584f": "Feature Packs",
    "3689bdc8-b205-4af4-8d4a-a63924c5e9d5": "Upgrades",
    "e0789628-ce08-4437-be74-2495b842f43b": "Definition Updates",
    "b4832bd8-e735-4761-8daf-37f882276dab": "Tools",
}

_SEVERITIES: dict[str, Severity] = {
    "critical": "critical",
    "important": "important",
    "moderate": "moderate",
    "low": "low",
}
# A behaviour that is none of these may restart the host, for all we know.
_REBOOTS: dict[int, RebootNeed] = {0: "never", 1: "always", 2: "can"}


@dataclass(frozen=True, slots=True)
class UpdateWords:
    """All that the agent said."""

    witness: UpdateWitness
    updates: tuple[OsUpdate, ...] = ()


@dataclass(frozen=True, slots=True)
class PatchRecord:
    """One patch that is missing, in the form that other systems correlate by."""

    patch_id: str
    vendor: str
    severity: Severity
    affected_component: str
    requires_reboot: RebootNeed
    release_date: date | None
    detection_timestamp: datetime


def words_of(result: SearchResult | Failure, searched_at: datetime) -> UpdateWords:
    """A search that failed is a gap with a name, and leaves everything else that is known of the host."""
    if isinstance(result, Failure):
        return UpdateWords(UpdateSilence(result))
    if result.hresult != 0 or result.service is None:
        told = f"the update service was not heard: {in_words(result.hresult)} ({result.message})"
        return UpdateWords(UpdateSilence(Failure(Cause.UPDATE_SERVICE, told, meaning_of(result.hresult).hint)))
    answer = UpdateAnswer(
        service=result.service.name,
        service_id=result.service.id,
        server=result.service.server,
        searched_at=searched_at,
        complete=result.result_code == SUCCEEDED,
        installed=tuple(InstalledUpdate(one.patch_id, one.title, _kb(one.kbs)) for one in result.installed),
    )
    ids = {update_id(one.patch_id): one.patch_id for one in result.offered}
    return UpdateWords(answer, tuple(_update(one, ids) for one in result.offered))


def with_updates(facts: Facts, words: UpdateWords) -> Facts:
    return replace(facts, updates=words.updates, update_witness=words.witness)


def records(facts: Facts) -> tuple[PatchRecord, ...]:
    match facts.update_witness:
        case UpdateAnswer(searched_at=at):
            return tuple(
                PatchRecord(
                    one.patch_id,
                    one.vendor,
                    one.severity,
                    one.affected_component,
                    one.requires_reboot,
                    one.released,
                    at,
                )
                for one in facts.updates
            )
        case _:
            return ()


def update_id(patch_id: str) -> str:
    """Without the revision."""
    return patch_id.rpartition(".")[0]


def is_system_rollup(title: str) -> bool:
    """Whether it is the cumulative update of the system itself, by its English title: the only one whose package can be
    named by the system's build and revision."""
    words = title.casefold()
    return "cumulative update" in words and ".net" not in words


def superseded_by(facts: Facts, patch_id: str) -> OsUpdate | None:
    """What is offered in the place of an update that is offered no longer: another revision, or what contains it."""
    gone = update_id(patch_id)
    return next(
        (one for one in facts.updates if update_id(one.patch_id) == gone or gone in map(_id_of, one.supersedes)), None
    )


def _update(one: OfferedPart, ids: dict[str, str]) -> OsUpdate:
    """The agent says what is superseded without its revision."""
    return OsUpdate(
        patch_id=one.patch_id,
        title=one.title,
        kb=_kb(one.kbs),
        severity=_SEVERITIES.get(one.severity.casefold(), "unrated"),
        classification=CLASSES.get(one.class_id, one.class_name),
        affected_component=", ".join(one.products),
        requires_reboot=_REBOOTS.get(one.reboot, "can"),
        size_bytes=one.size_bytes,
        supersedes=tuple(ids.get(other, other) for other in one.supersedes),
        supersedes_left_out=one.supersedes_left_out,
        released=one.released,
        cves=one.cves,
        exclusive=one.exclusive,
    )


def _id_of(superseded: str) -> str:
    return superseded.partition(".")[0]


def _kb(kbs: tuple[str, ...]) -> str | None:
    return kbs[0] if kbs else None
