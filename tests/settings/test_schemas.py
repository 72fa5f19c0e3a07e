"""The JSON Schemas that editors and other programs use."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from core.model.events import Entry, Event, RunEnded, TargetMoved
from core.model.outcome import Outcome
from core.model.state import TargetState
from core.settings.names import AUDIT_CONFIG
from core.settings.schemas import schemas
from core.settings.workspace import FILES, POLICY
from core.store.journal import write_line
from tests.checks.schemas import faults
from tests.settings import samples

SCHEMAS = schemas()
_OF = {name: f"{Path(name).stem}.schema.json" for name in FILES} | {POLICY: "policy.schema.json"}


def _errors(schema: str, document: Any) -> list[str]:
    validator = Draft202012Validator(json.loads(SCHEMAS[schema]), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in validator.iter_errors(document)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(json.loads(SCHEMAS[name]))


@pytest.mark.parametrize("name", FILES)
def test_a_sample_fits_the_schema_that_it_names(name: str) -> None:
    document = samples.document(name)
    named = (Path(name).parent / document["$schema"]).as_posix()
    assert named.replace("policies/../", "") == f"config/schemas/{_OF[name]}"
    assert _errors(_OF[name], document) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (POLICY, {"ordr": "sql_first"}),
        (POLICY, {"order": "sql_frist"}),
        (POLICY, {"preflight.space_factor": "3"}),
        (POLICY, {"application_checks": [{"name": "z", "kind": "tcp"}]}),
        (POLICY, {"updates.sql.kbs.exclude": ["KB5054833"]}),
        (AUDIT_CONFIG, {"timeouts.step": 0}),
        (AUDIT_CONFIG, {"practice": "yes"}),
        (AUDIT_CONFIG, {"remoting.credential_ref": "a b"}),
    ],
)
def test_an_editor_sees_what_we_refuse(name: str, change: dict[str, Any]) -> None:
    assert _errors(_OF[name], json.loads(samples.changed(name, change)))


def test_remarks_fit_the_schema() -> None:
    document = json.loads(samples.changed(AUDIT_CONFIG, {"_comment": "x", "remoting._comment": ["y"]}))
    assert _errors(_OF[AUDIT_CONFIG], document) == []


def test_a_line_of_the_journal_fits_the_schema_and_a_mixed_up_one_does_not() -> None:
    moved = TargetMoved(TargetState.PENDING, TargetState.SKIPPED)
    at = datetime(2026, 1, 2, tzinfo=UTC)
    first, second = (
        json.loads(write_line(Entry("r", seq, at, Event(body, "SQL01")), ""))
        for seq, body in ((1, moved), (2, RunEnded(Outcome.SUCCEEDED)))
    )
    assert _errors("events.schema.json", first) == []
    assert _errors("events.schema.json", second) == []
    assert _errors("events.schema.json", {**first, "data": second["data"]})


def test_a_published_schema_that_lags_behind_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.schema.json").write_text("old", encoding="utf-8")
    (tmp_path / "b.schema.json").write_text("{}", encoding="utf-8")
    told = faults(tmp_path, {"a.schema.json": "new"})
    assert [line.partition(":")[0] for line in told] == ["a.schema.json", "b.schema.json"]


def test_the_published_schemas_are_those_of_the_models() -> None:
    assert faults(Path(__file__).parents[2] / "config" / "schemas", SCHEMAS) == []
