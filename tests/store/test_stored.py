"""Documents that were damaged in the database are refused in plain words."""

from collections.abc import Callable

import pytest

from core.model.fault import RefusedError
from core.store import facts as fact_store
from core.store import plans as plan_store
from core.store.database import Database
from tests.samples import PLAN, facts

_READS: dict[str, Callable[[Database], object]] = {
    "plans": lambda database: plan_store.find_plans(database, "last"),
    "authorisations": lambda database: plan_store.authorisations_of(database, PLAN.id),
    "facts": lambda database: fact_store.newest(database, "SQL01"),
}


@pytest.mark.parametrize("damage", ["{", "{}", "7"])
@pytest.mark.parametrize("table", _READS)
def test_a_damaged_document_is_a_refusal(database: Database, table: str, damage: str) -> None:
    fact_store.keep(database, facts())
    with database.write() as connection:
        connection.exec_driver_sql(f"UPDATE {table} SET document = ?", (damage,))
    with pytest.raises(RefusedError, match=r"cannot be read .*restore the database from a backup"):
        _READS[table](database)
