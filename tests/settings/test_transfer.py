"""How the configuration names the routes of packages."""

import json
from pathlib import Path

import pytest

from core.model.fault import Fault
from core.model.transfer import Delivery, Depot, Route
from core.settings.audit_config import AuditConfig, TransferSection
from core.settings.reading import read_file
from core.settings.values import delivery_of

_HOTFIXES = Path("/w/hotfixes")


def _faults(**transfer: object) -> list[str]:
    text = json.dumps({"schema_version": 1, "transfer": transfer})
    found = read_file(AuditConfig, "a.json", text.encode())
    assert isinstance(found, tuple)
    assert all(isinstance(one, Fault) for one in found)
    return [f"{one.path}: {one.message}" for one in found]


def test_without_a_word_packages_are_pushed_and_no_share_is_asked() -> None:
    assert delivery_of(TransferSection(), _HOTFIXES) == Delivery((Route.SMB, Route.PSRP), None, 60)


def test_a_share_is_the_first_route_and_mirrors_the_hotfixes() -> None:
    made = delivery_of(TransferSection(share=r"\\files\patches", stall_minutes=0.5), _HOTFIXES)
    depot = Depot(r"\\files\patches", str(_HOTFIXES))
    assert made == Delivery((Route.SHARE, Route.SMB, Route.PSRP), depot, 30)


def test_a_share_that_no_route_uses_is_a_fault() -> None:
    assert "is never used" in _faults(share=r"\\files\patches", routes=["smb"])[0]


def test_a_route_over_a_share_alone_needs_one() -> None:
    assert "no share is named" in _faults(routes=["share"])[0]


@pytest.mark.parametrize("share", ["files", r"C:\patches", r"\\files", "//files/patches", r"\\files\a*b", ""])
def test_only_a_whole_name_is_a_share(share: str) -> None:
    assert "transfer.share" in _faults(share=share)[0]


@pytest.mark.parametrize("wrong", [{"max_parallel": 0}, {"smb_port": 70000}, {"routes": ["ftp"]}, {"routes": []}])
def test_what_no_transfer_can_do_is_a_fault(wrong: dict[str, object]) -> None:
    assert len(_faults(**wrong)) == 1
