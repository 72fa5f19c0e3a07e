"""The JSON Schemas of what people and programs read and write, generated from the models."""

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from core.contract.library import ALL
from core.model.document import json_schema
from core.model.events import EVENTS_VERSION, Body, Level
from core.model.facts import Facts
from core.model.phase import Phase
from core.model.plan import Plan
from core.model.run_report import RunReport
from core.model.trend import Trend
from core.settings.audit_config import AuditConfig
from core.settings.build_reference import BuildReferenceFile
from core.settings.hotfix_mapping import MappingFile
from core.settings.policy_file import PolicyFile
from core.settings.reading import Section
from core.settings.targets import TargetsFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_FORMS: dict[str, type[Section]] = {
    "audit_config": AuditConfig,
    "sql_targets": TargetsFile,
    "hotfix_mapping": MappingFile,
    "build_reference": BuildReferenceFile,
    "policy": PolicyFile,
}


def schemas() -> dict[str, str]:
    """File names and texts."""
    documents = {name: _of_file(form) for name, form in _FORMS.items()}
    documents |= {"plan": json_schema(Plan), "facts": json_schema(Facts), "events": _of_events()}
    documents |= {"run_report": json_schema(RunReport), "trend": json_schema(Trend)}
    documents |= {"script_results": _of_scripts()}
    return {f"{name}.schema.json": _text(document) for name, document in documents.items()}


def _of_file(form: type[Section]) -> dict[str, Any]:
    document = form.model_json_schema()
    document["properties"] = {"$schema": {"type": "string"}, **document["properties"]}
    return document


def _of_events() -> dict[str, Any]:
    """A line of Events.jsonl. What "data" holds depends on the event."""
    bodies = json_schema(Body)
    definitions = bodies["$defs"]
    kinds: dict[str, str] = bodies["discriminator"]["mapping"]
    for reference in kinds.values():
        body = definitions[reference.rpartition("/")[2]]
        body["properties"].pop("kind")
        body["required"] = [key for key in body.get("required", ()) if key != "kind"]
    properties = {
        "schema_version": {"const": EVENTS_VERSION},
        "timestamp": {"type": "string", "format": "date-time"},
        "seq": {"type": "integer", "minimum": 1},
        "runId": {"type": "string"},
        "event": {"enum": list(kinds)},
        "level": {"enum": [level.value for level in Level]},
        "phaseId": {"enum": [None, *(phase.value for phase in Phase)]},
        "target": {"type": ["string", "null"]},
        "data": {"type": "object"},
        "prevHash": {"type": "string", "pattern": "^([0-9a-f]{64})?$"},
    }
    rules = [
        {"if": {"properties": {"event": {"const": kind}}}, "then": {"properties": {"data": {"$ref": reference}}}}
        for kind, reference in kinds.items()
    ]
    line = {"title": "Event", "type": "object", "properties": properties, "required": list(properties)}
    return {**line, "additionalProperties": False, "allOf": rules, "$defs": definitions}


def _of_scripts() -> dict[str, Any]:
    """What each script of the contract answers under "data", by the script's name."""
    results = {script.name: script.result for script in ALL}
    keys, definitions = models_json_schema(
        [(model, "serialization") for model in dict.fromkeys(results.values())], title="Results of the scripts"
    )
    properties = {name: keys[model, "serialization"] for name, model in sorted(results.items())}
    return {**definitions, "type": "object", "properties": properties, "additionalProperties": False}


def _text(document: dict[str, Any]) -> str:
    return json.dumps({"$schema": _DIALECT, **document}, indent=2, ensure_ascii=False) + "\n"
