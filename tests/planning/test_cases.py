"""Every case of the tables: facts, mapping and policy become these verdicts and steps."""

import pytest

from core.model.fault import RefusedError
from tests.planning.table import (
    Case,
    all_cases,
    carried_out,
    step_words,
    time_words,
    update_words,
    verdict_words,
    warning_words,
)

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_case_comes_out_as_the_table_says(case: Case) -> None:
    if "refused" in case.expect:
        with pytest.raises(RefusedError) as refused:
            carried_out(case)
        assert [str(fault.expected) for fault in refused.value.faults] == case.expect["refused"]
        return
    made = carried_out(case)
    plan = made.plan
    found = {
        "verdicts": {
            f"{host}\\{one.instance}": verdict_words(one)
            for host, verdict in made.verdicts.items()
            for one in verdict.verdicts
        },
        "updates": {host: update_words(verdict) for host, verdict in made.verdicts.items() if verdict.updates},
        "steps": {one.host: [step_words(plan, step) for step in one.steps] for one in plan.targets},
        "windows": {one.host: list(one.windows) for one in plan.targets},
        "checks": {one.host: list(one.application_checks) for one in plan.targets},
        "times": [time_words(wave) for wave in plan.waves],
        "waves": [list(wave.hosts) for wave in plan.waves],
        "wave_names": [wave.name for wave in plan.waves],
        "held": sorted(f"{one.host}: {role}" for one in plan.targets for role in one.held_for),
        "skipped_hosts": sorted(f"{one.host}: {one.code}" for one in plan.skipped if one.instance is None),
    }
    for part in found.keys() & case.expect.keys():
        assert found[part] == case.expect[part], part
    told = warning_words(plan)
    assert set(case.expect.get("warnings", ())) <= told
    assert not [one for one in told if one.split(":")[0] in case.expect.get("no_warnings", ())]


def test_the_tables_hold_enough_cases_with_names_of_their_own() -> None:
    assert len(CASES) >= 120
    assert len({str(case) for case in CASES}) == len(CASES)


def test_every_case_expects_something_that_is_compared() -> None:
    known = {"refused", "verdicts", "updates", "steps", "waves", "held", "skipped_hosts", "warnings", "no_warnings"}
    known |= {"windows", "checks", "times", "wave_names"}
    for case in CASES:
        assert case.expect, case
        assert case.expect.keys() <= known, case
