"""All scripts, by name and by hash."""

from functools import cache
from typing import Any

from core.contract.claim import (
    ClaimResult,
    ClearClaim,
    ClearResult,
    ReadClaimResult,
    ReleaseClaim,
    ReleaseResult,
    TakeClaim,
)
from core.contract.host import BootStateResult, HostFactsResult, HostInventoryResult
from core.contract.job import (
    CancelReboot,
    CancelRebootResult,
    CollectJob,
    CollectResult,
    Reboot,
    RebootResult,
    RemoveJob,
    RemoveResult,
    StartJob,
    StartRemoval,
    StartResult,
    WatchJob,
    WatchResult,
)
from core.contract.looking import ApplicationsResult, CheckApplications, CollectDiagnostics, DiagnosticsResult
from core.contract.message import NoParameters
from core.contract.package import (
    PlacePackage,
    PlaceResult,
    PullPackage,
    PullResult,
    ReceivePackage,
    ReceiveResult,
    VerifyPackage,
    VerifyResult,
)
from core.contract.script import Script
from core.contract.services import ServicesResult, SetServices
from core.contract.updates import CollectUpdates, SearchResult, SearchUpdates, StartUpdates, UpdatesResult

HOST_FACTS = Script("host_facts", NoParameters, HostFactsResult)
HOST_INVENTORY = Script("host_inventory", NoParameters, HostInventoryResult)
BOOT_STATE = Script("boot_state", NoParameters, BootStateResult)
TAKE_CLAIM = Script("take_claim", TakeClaim, ClaimResult)
READ_CLAIM = Script("read_claim", NoParameters, ReadClaimResult)
CLEAR_CLAIM = Script("clear_claim", ClearClaim, ClearResult)
RELEASE_CLAIM = Script("release_claim", ReleaseClaim, ReleaseResult)
RECEIVE_PACKAGE = Script("receive_package", ReceivePackage, ReceiveResult)
PLACE_PACKAGE = Script("place_package", PlacePackage, PlaceResult)
PULL_PACKAGE = Script("pull_package", PullPackage, PullResult)
VERIFY_PACKAGE = Script("verify_package", VerifyPackage, VerifyResult)
START_JOB = Script("start_job", StartJob, StartResult)
WATCH_JOB = Script("watch_job", WatchJob, WatchResult)
COLLECT_JOB = Script("collect_job", CollectJob, CollectResult)
REMOVE_JOB = Script("remove_job", RemoveJob, RemoveResult)
REBOOT = Script("reboot", Reboot, RebootResult)
CANCEL_REBOOT = Script("cancel_reboot", CancelReboot, CancelRebootResult)
START_REMOVAL = Script("start_removal", StartRemoval, StartResult)
SET_SERVICES = Script("set_services", SetServices, ServicesResult)
CHECK_APPLICATIONS = Script("check_applications", CheckApplications, ApplicationsResult)
COLLECT_DIAGNOSTICS = Script("collect_diagnostics", CollectDiagnostics, DiagnosticsResult)
SEARCH_UPDATES = Script("search_updates", SearchUpdates, SearchResult)
START_UPDATES = Script("start_updates", StartUpdates, StartResult)
COLLECT_UPDATES = Script("collect_updates", CollectUpdates, UpdatesResult)

ALL: tuple[Script[Any, Any], ...] = (
    HOST_FACTS,
    HOST_INVENTORY,
    BOOT_STATE,
    TAKE_CLAIM,
    READ_CLAIM,
    CLEAR_CLAIM,
    RELEASE_CLAIM,
    RECEIVE_PACKAGE,
    PLACE_PACKAGE,
    PULL_PACKAGE,
    VERIFY_PACKAGE,
    START_JOB,
    WATCH_JOB,
    COLLECT_JOB,
    REMOVE_JOB,
    REBOOT,
    CANCEL_REBOOT,
    START_REMOVAL,
    SET_SERVICES,
    CHECK_APPLICATIONS,
    COLLECT_DIAGNOSTICS,
    SEARCH_UPDATES,
    START_UPDATES,
    COLLECT_UPDATES,
)


@cache
def by_hash() -> dict[str, Script[Any, Any]]:
    return {script.sha256: script for script in ALL}
