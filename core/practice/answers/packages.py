"""Packages: how they arrive, and whether they are what they should be."""

from core.contract.library import PLACE_PACKAGE, PULL_PACKAGE, RECEIVE_PACKAGE, VERIFY_PACKAGE
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
from core.practice.answers.answer import RefusalError, to, to_input
from core.practice.answers.looking import ALMOST_NOTHING
from core.practice.host.jobs import File
from core.practice.host.machine import NETWORK_DOWN_SECONDS, Machine
from core.practice.packages import SIGNER, is_signed, read_package, sha256_of


def _receive(machine: Machine, wanted: ReceivePackage, content: bytes) -> ReceiveResult:
    if len(content) != wanted.size_bytes:
        raise RefusalError("bad_size", f"{len(content)} of {wanted.size_bytes} bytes arrived")
    if machine.fault("transfer", "drop_network") is not None:
        machine.cut_network(NETWORK_DOWN_SECONDS)
        raise RefusalError("bad_size", f"the line broke before {wanted.size_bytes} bytes had arrived")
    _keep(machine, wanted, content)
    return ReceiveResult(schema_version=1, size_bytes=len(content))


def _pull(machine: Machine, wanted: PullPackage) -> PullResult:
    """An imaginary host copies in no time."""
    if wanted.give_up:
        return PullResult(schema_version=1, done=False, received_bytes=0)
    try:
        content = machine.read_share(wanted.source)
    except PermissionError as denied:
        raise RefusalError("share_denied", str(denied)) from None
    except OSError as trouble:
        raise RefusalError("share_failed", str(trouble)) from None
    if content is None:
        raise RefusalError("share_absent", f"{wanted.source} is not there")
    if len(content) != wanted.size_bytes:
        raise RefusalError("share_other", f"{wanted.source} has {len(content)} bytes instead of {wanted.size_bytes}")
    _keep(machine, wanted, content)
    return PullResult(schema_version=1, done=True, received_bytes=len(content))


def _place(_: Machine, wanted: PlacePackage) -> PlaceResult:
    """Imaginary hosts have no administrative share, so that nothing was ever pushed."""
    folder = f"C:\\ProgramData\\Drydock\\packages\\{wanted.sha256}"
    return PlaceResult(schema_version=1, placed=False, folder=folder, received_bytes=0)


def _keep(machine: Machine, wanted: ReceivePackage | PullPackage, content: bytes) -> None:
    free = machine.free["C"]
    if machine.fault("transfer", "disk_full") is not None:
        free = machine.free["C"] = ALMOST_NOTHING
    if free < wanted.size_bytes:
        raise RefusalError("no_space", f"the package needs {wanted.size_bytes} bytes, {free} are free")
    found = sha256_of(content)
    if machine.fault("transfer", "file_corrupt") is not None:
        found = found[::-1]
    if found != wanted.sha256:
        raise RefusalError("bad_hash", f"the hash of what arrived is {found}")
    file = File(len(content), found, read_package(content), is_signed(content, machine.root))
    machine.note("file", name=wanted.file_name, sha256=found, size=file.size)
    replaced = machine.files.get((wanted.sha256, wanted.file_name))
    machine.files[wanted.sha256, wanted.file_name] = file
    machine.free["C"] -= file.size - (0 if replaced is None else replaced.size)


def _verify_package(machine: Machine, wanted: VerifyPackage) -> VerifyResult:
    file = machine.files.get((wanted.sha256, wanted.file_name))
    if file is None:
        signature, signer = "none", ""
    else:
        signature, signer = ("Valid", SIGNER) if file.signed else ("NotSigned", "")
    return VerifyResult(
        schema_version=1,
        present=file is not None,
        sha256=None if file is None else file.sha256,
        signature=signature,
        signer=signer,
        partial_bytes=0,
        free_bytes=machine.free["C"],
    )


ANSWERS = dict(
    (
        to_input(RECEIVE_PACKAGE, _receive),
        to(PLACE_PACKAGE, _place),
        to(PULL_PACKAGE, _pull),
        to(VERIFY_PACKAGE, _verify_package),
    )
)
