"""What hosts said lies beside what was made of it: word for word, but for what looks like a secret."""

import json
from pathlib import Path

from core.runfolder.folder import RunFolder
from core.runfolder.raw import RawAnswers
from tests.samples import AUTHORISATION, PLAN, RUN


def _heard(**answers: str) -> dict[str, str]:
    raw = RawAnswers()
    for what, text in answers.items():
        raw.heard("SQL01", what, text)
    return raw.taken("SQL01")


def test_an_answer_is_kept_with_all_that_it_says() -> None:
    told = {"ok": True, "data": {"domain": "b\u00fcro", "unknown_to_us": [1, None]}}
    assert json.loads(_heard(host_facts=json.dumps(told))["host_facts.json"]) == told


def test_the_newest_answer_counts_and_is_given_once() -> None:
    raw = RawAnswers()
    raw.heard("SQL01", "search_updates", '{"done": false}')
    raw.heard("SQL01", "search_updates", '{"done": true}')
    raw.heard("SQL02", "search_updates", "{}")
    assert [json.loads(text) for text in raw.taken("SQL01").values()] == [{"done": True}]
    assert raw.taken("SQL01") == {}
    assert list(raw.taken("SQL02")) == ["search_updates.json"]


def test_only_what_facts_are_made_of_is_kept() -> None:
    assert list(_heard(watch_job="{}", receive_package="{}", sql_PROD="[]", host_inventory="{}")) == [
        "host_inventory.json",
        "sql_PROD.json",
    ]


def test_what_looks_like_a_secret_is_masked_and_the_rest_stays_json() -> None:
    told = json.dumps({"services": [{"name": "x", "path": "x.exe /password=hush"}], "Password=hush": 1})
    text = _heard(host_facts=told)["host_facts.json"]
    assert "hush" not in text
    assert json.loads(text)["services"][0]["name"] == "x"


def test_what_is_no_json_is_kept_as_text_and_masked_too() -> None:
    assert _heard(host_facts="Access is denied. token: hush-hush-hush") == {
        "host_facts.txt": "Access is denied. token: ***"
    }


def test_an_answer_without_end_is_cut_and_says_so() -> None:
    (name, text), *_ = _heard(host_inventory=json.dumps(["x" * 80] * 20_000)).items()
    assert name == "host_inventory.txt"
    assert len(text) < 1_050_000
    assert text.splitlines()[-1].startswith("[cut: 1048576 of ")


def test_what_the_update_agent_said_lies_beside_the_catalog(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "Runs" / RUN)
    folder.begin(RUN, PLAN, AUTHORISATION)
    for moment in ("before", "after"):
        folder.keep_raw(moment, "SQL01", {"host_facts.json": "{}", "search_updates.json": "{}"})
    found = sorted(path.relative_to(folder.path).as_posix() for path in folder.path.glob("Artifacts/*/*/raw/*"))
    (host,) = {path.split("/")[2] for path in found}
    assert found == [
        f"Artifacts/Baseline/{host}/raw/host_facts.json",
        f"Artifacts/Snapshot/{host}/raw/host_facts.json",
        f"Artifacts/Snapshot/{host}/raw/search_updates.json",
        f"Artifacts/UpdateCatalog/{host}/raw/search_updates.json",
    ]
