"""What is shown beside a plan's hosts before it is signed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.app.review import roles_of
from core.model.facts import Group, Member, MemberRole
from core.store import facts as fact_store
from core.store.database import Database
from tests.samples import facts, plan


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("primary", "primary of AG-SALES"),
        ("passive", "passive node of AG-SALES"),
        ("unknown", "role not known in AG-SALES"),
    ],
)
def test_the_role_stands_before_its_group(database: Database, role: MemberRole, words: str) -> None:
    group = Group("AG-SALES", "ag", (Member("SQL02", "secondary"), Member("sql01", role)))
    fact_store.keep(database, replace(facts("SQL01"), groups=(group,)))
    made = plan("SQL01", "SQL02")
    grouped = replace(made, targets=tuple(replace(one, groups=("AG-SALES",)) for one in made.targets))
    assert roles_of(database, grouped) == {"SQL01": words}
