"""What an import changes, and what it leaves alone."""

import json
from typing import Any

from core.inventory.changes import Merged, merge
from core.inventory.csv_list import read_csv
from core.settings.targets import Target


def _merged(existing: list[dict[str, Any]], csv: str) -> Merged:
    targets = tuple(Target.model_validate_json(json.dumps(one)) for one in existing)
    return merge(existing, targets, read_csv("l.csv", csv.encode()).rows)


def _told(merged: Merged) -> list[tuple[str, str]]:
    return [(change.kind, change.what) for change in merged.changes]


def test_new_changed_same_and_missing_targets_are_told_apart() -> None:
    merged = _merged(
        [{"id": "a", "server": "A", "port": 1}, {"id": "b", "server": "B"}, {"id": "c", "server": "C", "site": "x"}],
        "server;instance;port;site\nA;;2;\nC;;;x\nD;;;\n",
    )
    assert _told(merged) == [("changed", "A\\MSSQLSERVER"), ("not_listed", "B"), ("unchanged", "C"), ("added", "D")]
    assert [(one.field, one.before, one.after) for one in merged.changes[0].fields] == [("port", "1", "2")]


def test_a_new_target_tells_what_would_be_written_of_it() -> None:
    merged = _merged([], "server;instance;tenant;tags;site\nD;PROD;acme;a,b;\n")
    (new,) = merged.changes
    assert [(one.field, one.before, one.after) for one in new.fields] == [
        ("tenant", None, "acme"),
        ("metadata.tags", None, "a, b"),
    ]


def test_what_the_list_does_not_say_stays() -> None:
    merged = _merged(
        [{"id": "a", "server": "sql01", "tenant": "acme", "metadata": {"tags": ["x"], "description": "old"}}],
        "server;description;site\nSQL01;new;hq\n",
    )
    assert merged.targets == (
        {
            "id": "a",
            "server": "sql01",
            "tenant": "acme",
            "metadata": {"tags": ["x"], "description": "new"},
            "site": "hq",
        },
    )


def test_a_row_about_a_host_is_about_all_its_instances() -> None:
    merged = _merged(
        [{"id": "a", "server": "A", "instance": "X"}, {"id": "b", "server": "A", "instance": "Y"}],
        "server;site;id\nA;hq;z\n",
    )
    assert [(one["id"], one["site"]) for one in merged.targets] == [("a", "hq"), ("b", "hq")]


def test_a_new_target_gets_an_id_that_is_free() -> None:
    merged = _merged([{"id": "sql01-prod", "server": "B"}], "server;instance\nSQL01;PROD\n")
    assert [one["id"] for one in merged.targets] == ["sql01-prod", "sql01-prod-2"]


def test_importing_again_changes_nothing() -> None:
    csv = "server;instance;port;tags;enabled\nSQL01;PROD;1444;a,b;no\nSQL02;;;;\n"
    first = _merged([], csv)
    again = _merged(list(first.targets), csv)
    assert {change.kind for change in again.changes} == {"unchanged"}
    assert again.targets == first.targets
