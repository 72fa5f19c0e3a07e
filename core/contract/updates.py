"""Parameters and results around updates of the operating system."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from core.contract.claim import Held
from core.contract.message import Parameters, Part, PollSeconds, Result, Text
from core.model.policy import UpdateService


class SearchUpdates(Parameters):
    """Asked again until it is done; the answer is given once."""

    search_id: Text
    service: UpdateService
    wait_seconds: PollSeconds


class ServicePart(Part):
    """Who answered. The server is that of a managed service."""

    id: str
    name: str
    server: str


class OfferedPart(Part):
    """As the agent has it. A patch id is the update's identifier and its revision; classes go by their id. Of what it
    supersedes all that is offered itself is there, and of the rest only as much as there is room for."""

    patch_id: str
    title: str
    kbs: tuple[str, ...]
    severity: str
    class_id: str
    class_name: str
    products: tuple[str, ...]
    supersedes: tuple[str, ...]
    supersedes_left_out: int
    reboot: int
    size_bytes: int
    cves: tuple[str, ...]
    released: date | None
    downloaded: bool
    exclusive: bool


class InstalledPart(Part):
    patch_id: str
    title: str
    kbs: tuple[str, ...]


class SearchResult(Result):
    """The numbers are the agent's own: an HRESULT that is not 0 means that nothing was found out."""

    done: bool
    hresult: int
    message: str
    result_code: int
    service: ServicePart | None
    offered: tuple[OfferedPart, ...]
    installed: tuple[InstalledPart, ...]


class StartUpdates(Held):
    """Exactly these patch ids are installed."""

    job_id: Text
    service: UpdateService
    updates: Annotated[tuple[Text, ...], Field(min_length=1)]


class CollectUpdates(Parameters):
    job_id: Text


class OutcomePart(Part):
    """How one update of the list ended. One that the service no longer offers has none."""

    patch_id: str
    title: str
    kb: str
    class_id: str
    state: Literal["installed", "install_failed", "download_failed", "barred"]
    downloaded: bool
    result_code: int
    hresult: int
    reboot_required: bool
    duration_ms: int
    message: str


class UpdatesResult(Result):
    longest: ClassVar[int] = 4096

    hresult: int
    message: str
    reboot_required: bool
    updates: tuple[OutcomePart, ...]
