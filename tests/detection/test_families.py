"""A host's family decides how it is asked; one that nobody reads is refused clearly."""

from dataclasses import replace

import pytest

from core.detection.families import DETECTORS, Family, detector_for, family_of
from core.engine.assessing import assess_host
from core.model.failure import Cause, Failure
from core.model.host import Host, host_named
from core.ports import Session
from tests.conftest import HandClock


@pytest.mark.parametrize(
    ("os", "family"),
    [
        (None, Family.WINDOWS),
        ("", Family.WINDOWS),
        ("windows-2019", Family.WINDOWS),
        ("Windows Server 2022", Family.WINDOWS),
        ("RHEL 9", Family.LINUX),
        ("Ubuntu 24.04", Family.LINUX),
        ("SLES 15", Family.LINUX),
        ("macOS 15", Family.MACOS),
    ],
)
def test_a_family_is_known_by_the_inventorys_words(os: str | None, family: Family) -> None:
    assert family_of(os) is family


def test_every_family_with_a_detector_is_detected() -> None:
    for family, detector in DETECTORS.items():
        assert detector_for(replace(host_named("H"), os=str(family))) is detector


def test_a_linux_host_is_refused_before_anybody_knocks_at_it() -> None:
    def connect(host: Host) -> Session | Failure:
        raise AssertionError("nobody is to connect")

    linux = replace(host_named("LX01"), os="rhel9")
    found = assess_host(linux, connect, lambda *_: (), HandClock())
    assert isinstance(found, Failure)
    assert (found.cause, "Linux" in found.detail) == (Cause.UNSUPPORTED, True)
