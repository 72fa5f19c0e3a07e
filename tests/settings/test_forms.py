"""Forms ask for what the files' models hold."""

from core.model.form import Choice, Day, Group, Number, Picks, Table, Text, Toggle, Words, leaves
from core.settings.audit_config import AuditConfig
from core.settings.forms import form_of
from core.settings.hotfix_mapping import MappingFile
from core.settings.policy_file import PolicyFile

_AUDIT = form_of(AuditConfig)
_POLICY = form_of(PolicyFile)


def _inner(group: Group, *keys: str) -> Group:
    for key in keys:
        found = group.field(key).input
        assert isinstance(found, Group)
        group = found
    return group


def test_a_number_knows_its_default_and_its_help() -> None:
    step = _inner(_AUDIT, "timeouts").field("step")
    assert step.input == Number(whole=False)
    assert step.default == 30
    at_once = _inner(_AUDIT, "concurrency").field("max_per_tenant")
    assert at_once.input == Number(whole=True)
    assert at_once.nullable
    assert "one tenant" in at_once.help


def test_a_choice_has_its_options_and_an_ordered_one_says_so() -> None:
    assert _inner(_AUDIT, "remoting").field("transport").input == Choice(("http", "https"))
    assert _inner(_AUDIT, "transfer").field("routes").input == Picks(("share", "smb", "psrp"), ordered=True)
    severities = _inner(_POLICY, "updates", "os").field("severities").input
    assert isinstance(severities, Picks)
    assert not severities.ordered


def test_entries_of_several_kinds_have_a_form_each() -> None:
    checks = _POLICY.field("application_checks").input
    assert isinstance(checks, Table)
    assert set(checks.kinds) == {"process", "service", "tcp", "http", "sql"}
    assert checks.kinds["tcp"].field("port").required
    windows = _POLICY.field("maintenance_windows").input
    assert isinstance(windows, Table)
    assert list(windows.kinds) == [""]
    assert isinstance(windows.kinds[""].field("weekdays").input, Picks)


def test_texts_dates_lists_and_switches_are_told_apart() -> None:
    pins = _inner(_POLICY, "updates", "sql").field("pins").input
    assert isinstance(pins, Table)
    assert pins.kinds[""].field("review_by").input == Day()
    assert pins.kinds[""].field("reason").input == Text()
    assert _inner(_AUDIT, "output").field("excel").input == Toggle()
    codes = dict(leaves(form_of(MappingFile)))["mappings.files.success_codes"]
    assert codes.input == Words(numbers=True)


def test_what_has_one_value_only_is_not_asked_for() -> None:
    assert "schema_version" not in {field.key for field in _AUDIT.fields}
    assert not any(path.endswith(".kind") for path, _ in leaves(_POLICY))
