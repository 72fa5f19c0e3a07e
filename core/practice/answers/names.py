"""What the scripts take for the name of a run, a job, a package, a share's file or an update."""

import re

from core.contract.claim import ClearClaim, TakeClaim
from core.contract.message import Parameters
from core.contract.package import PullPackage
from core.contract.updates import StartUpdates
from core.practice.answers.answer import RefusalError

# PowerShell compares without case.
_AS_THERE = re.IGNORECASE | re.ASCII
_PART = re.compile(r"[A-Z0-9_-][A-Z0-9._-]{0,118}[A-Z0-9_-]|[A-Z0-9_-]", _AS_THERE)
_PACKAGE = re.compile(r"[A-Z0-9_-][A-Z0-9._-]{0,119}\.exe", _AS_THERE)
_RUN = re.compile(r"[A-Z0-9_-]{1,80}", _AS_THERE)
_SHARED = re.compile(r'\\\\[^\\/:*?"<>|]+(\\[^\\/:*?"<>|]+){2,}')
_UPWARDS = re.compile(r"\\\.{1,2}(\\|$)")
_PATCH = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.\d{1,9}", _AS_THERE)


def assert_names(asked: Parameters) -> None:
    """Raises RefusalError for a name that could lead elsewhere."""
    for key in ("job_id", "search_id", "sha256"):
        part = getattr(asked, key, "")
        if part and not _PART.fullmatch(part):
            raise RefusalError("bad_name", f"'{part}' cannot be a name in Drydock's folder")
    file_name = getattr(asked, "file_name", None)
    if file_name is not None and not _PACKAGE.fullmatch(file_name):
        raise RefusalError("bad_name", f"'{file_name}' is not a package's name")
    match asked:
        case TakeClaim(run_id=run) | ClearClaim(run_id=run) if not _RUN.fullmatch(run):
            raise RefusalError("bad_name", f"'{run}' cannot be the id of a run")
        case PullPackage(source=path) if not _SHARED.fullmatch(path) or _UPWARDS.search(path):
            raise RefusalError("bad_name", f"'{path}' is not a file on a share")
        case StartUpdates(updates=updates):
            for one in updates:
                if not _PATCH.fullmatch(one):
                    raise RefusalError("bad_update", f"'{one}' is not the identifier of an update and its revision")
        case _:
            pass
