"""What the update agent says, as facts: in the same words whatever the host's language, and silence is named."""

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from core.contract.updates import InstalledPart, OfferedPart, SearchResult, ServicePart
from core.detection.update_codes import in_words, meaning_of, spelled
from core.detection.updates import CLASSES, records, superseded_by, words_of
from core.model.facts import OsUpdate, UpdateAnswer, UpdateSilence
from core.model.failure import Cause, Failure
from core.model.policy import OsRules
from core.model.verdict import Unwanted
from core.policy.updates import judge_update
from tests.engine.scripted import facts

_AT = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
_OLD, _NEW = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
_SECURITY = "0fa1201d-4330-4fa8-8ae9-b877473b6441"


def _offered(update_id: str = _NEW, revision: int = 200, **more: object) -> OfferedPart:
    told: dict[str, object] = {
        "patch_id": f"{update_id}.{revision}",
        "title": "Kumulatives Update",
        "kbs": ("5044281",),
        "severity": "Critical",
        "class_id": _SECURITY,
        "class_name": "Sicherheitsupdates",
        "products": ("Windows Server 2019",),
        "supersedes": (),
        "supersedes_left_out": 0,
        "reboot": 2,
        "size_bytes": 5,
        "cves": ("CVE-2026-0001",),
        "released": date(2026, 3, 10),
        "downloaded": False,
        "exclusive": False,
    }
    return OfferedPart.model_validate(told | more)


def _result(*offered: OfferedPart, **more: object) -> SearchResult:
    told: dict[str, object] = {
        "schema_version": 1,
        "done": True,
        "hresult": 0,
        "message": "",
        "result_code": 2,
        "service": ServicePart(id="3da2", name="WSUS", server="http://wsus.example.com"),
        "offered": offered,
        "installed": (InstalledPart(patch_id=f"{_OLD}.1", title="Altes Update", kbs=("5000001",)),),
    }
    return SearchResult.model_validate(told | more)


def test_a_class_is_known_by_its_id_whatever_language_its_name_is_in() -> None:
    (update,) = words_of(_result(_offered()), _AT).updates
    assert (update.classification, update.kb, update.severity) == ("Security Updates", "5044281", "critical")
    assert (update.requires_reboot, update.released, update.cves) == ("can", date(2026, 3, 10), ("CVE-2026-0001",))


def test_who_answered_and_what_is_installed_is_kept() -> None:
    witness = words_of(_result(), _AT).witness
    assert isinstance(witness, UpdateAnswer)
    assert (witness.service, witness.server, witness.complete) == ("WSUS", "http://wsus.example.com", True)
    assert [one.kb for one in witness.installed] == ["5000001"]


def test_a_search_that_met_errors_is_no_whole_answer() -> None:
    witness = words_of(_result(_offered(), result_code=3), _AT).witness
    assert isinstance(witness, UpdateAnswer)
    assert not witness.complete


def test_a_service_that_is_not_reached_is_a_gap_named_in_words() -> None:
    words = words_of(_result(hresult=-2145107924, message="Ausnahme"), _AT)
    assert isinstance(words.witness, UpdateSilence)
    assert words.witness.failure.cause is Cause.UPDATE_SERVICE
    assert "0x8024402C: the name of the update service" in words.witness.failure.detail
    assert words.updates == ()


def test_a_line_that_broke_is_a_gap_too() -> None:
    broken = Failure(Cause.NO_ANSWER, "no answer came")
    assert words_of(broken, _AT).witness == UpdateSilence(broken)


def test_what_is_superseded_is_named_with_the_revision_that_is_offered() -> None:
    newer, older = words_of(_result(_offered(supersedes=(_OLD, "elsewhere")), _offered(_OLD, 3)), _AT).updates
    assert newer.supersedes == (f"{_OLD}.3", "elsewhere")
    assert older.patch_id == f"{_OLD}.3"


@pytest.mark.parametrize(
    ("offered", "found"),
    [
        ((OsUpdate(f"{_NEW}.1", "newer", supersedes=(_OLD,)),), "newer"),
        ((OsUpdate(f"{_OLD}.201", "revised"),), "revised"),
        ((OsUpdate(f"{_NEW}.1", "another"),), None),
    ],
)
def test_what_stands_in_the_place_of_a_vanished_update_is_found(
    offered: tuple[OsUpdate, ...], found: str | None
) -> None:
    newer = superseded_by(replace(facts(), updates=offered), f"{_OLD}.200")
    assert (None if newer is None else newer.title) == found


def test_a_patch_record_has_the_time_at_which_it_was_detected() -> None:
    words = words_of(_result(_offered()), _AT)
    (record,) = records(replace(facts(), updates=words.updates, update_witness=words.witness))
    assert (record.vendor, record.affected_component, record.requires_reboot) == (
        "Microsoft",
        "Windows Server 2019",
        "can",
    )
    assert (record.release_date, record.detection_timestamp) == (date(2026, 3, 10), _AT)
    assert records(replace(facts(), updates=words.updates)) == ()


def test_numbers_are_spelled_as_the_vendor_does_in_whichever_form_they_came() -> None:
    assert spelled(-2145107924) == spelled(0x8024402C) == "0x8024402C"
    assert meaning_of(-2147024784).words == "the disk is full"
    assert in_words(-1) == "0xFFFFFFFF: a number that is not known"


@pytest.mark.parametrize("name", ["Definition Updates", "Feature Packs", "Upgrades"])
def test_what_policy_never_takes_the_host_refuses_by_itself(name: str) -> None:
    """The second guard is a list of its own in PowerShell: the two must not drift apart."""
    guard = (files("core.contract") / "scripts" / "update_agent.ps1").read_text(encoding="ascii")
    never = guard[guard.index("$NeverClasses = @(") :].partition(")")[0]
    (class_id,) = [key for key, value in CLASSES.items() if value == name]
    assert class_id in never
    assert isinstance(judge_update(OsUpdate("u", "x", classification=name), OsRules(), _AT.date()), Unwanted)


def test_the_host_refuses_no_class_that_policy_may_take() -> None:
    guard = (files("core.contract") / "scripts" / "update_agent.ps1").read_text(encoding="ascii")
    never = guard[guard.index("$NeverClasses = @(") :].partition(")")[0]
    assert sum(class_id in never for class_id in CLASSES) == 3
