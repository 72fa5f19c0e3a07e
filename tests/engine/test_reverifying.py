"""After work by hand a host is called well only if everything that is asked says so."""

from dataclasses import replace

import pytest

from core.contract.claim import ClaimResult, ReleaseResult
from core.contract.looking import ApplicationsResult, ServiceStatePart
from core.engine.reverifying import reverify
from core.model.application import ServiceCheck
from core.model.events import TargetMoved
from core.model.state import TargetState
from tests.engine.scripted import AFTER, Driver, errand, facts, patch_step, with_baseline

_PAYROLL = ServiceCheck("payroll", 1, True, "Payroll")


@pytest.mark.parametrize(
    ("service", "build", "state"),
    [
        ("Running", AFTER, TargetState.SUCCESS),
        ("Stopped", AFTER, TargetState.FAILED),
        ("Running", "15.0.4385.2", TargetState.FAILED),
    ],
)
def test_neither_the_build_nor_an_application_is_taken_on_trust(service: str, build: str, state: TargetState) -> None:
    """Also where the application was not looked at before: another check had failed by then."""
    told = ApplicationsResult(
        schema_version=1, processes=(), services=(ServiceStatePart(name="Payroll", state=service),)
    )
    driver = Driver(
        {
            "take_claim": [ClaimResult(schema_version=1, renewed=True)],
            "release_claim": [ReleaseResult(schema_version=1, released=True)],
            "assess": [facts(build)],
            "check_applications": [told],
        }
    )
    made = replace(with_baseline(errand((patch_step(),)), facts()), applications=(_PAYROLL,))
    assert driver.drive(reverify(made, TargetState.FAILED)) is state
    moved = driver.told[-1]
    assert isinstance(moved, TargetMoved)
    assert (moved.after, moved.failure is None) == (state, state is TargetState.SUCCESS)
