"""One plan or run is meant: by id, by a unique beginning, or as the last."""

from dataclasses import replace

import pytest

from core.app.lookup import the_plan, the_run
from core.model.fault import RefusedError
from core.store.database import Database
from core.store.plans import keep_plan
from tests.samples import AT, PLAN


def test_a_beginning_that_fits_two_is_ambiguous(database: Database) -> None:
    other = replace(PLAN, id=PLAN.id[:-1] + "b", made_at=AT)
    keep_plan(database, other)
    with pytest.raises(RefusedError, match="2 plans begin so"):
        the_plan(database, PLAN.id[:8])
    assert the_plan(database, PLAN.id) == PLAN
    assert the_plan(database, "last") == other


def test_what_is_not_there_is_refused_with_the_next_step(database: Database) -> None:
    with pytest.raises(RefusedError, match="make one first"):
        the_plan(database, "zzz")
    with pytest.raises(RefusedError, match="a deployment begins one"):
        the_run(database, "last")
