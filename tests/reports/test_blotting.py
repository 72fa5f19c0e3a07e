"""What is said of others is blotted out, what is one's own stays whole."""

from dataclasses import dataclass

import pytest

from core.reports.blotting import Blotting

_BLOTTING = Blotting({"GLOBEX01", "globex", "berlin", "4", "Großbank", "|odd| one"}, {"SQL01.berlin.example", "hq"})


@dataclass(frozen=True)
class _Said:
    zone: str
    words: tuple[str, ...]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("slower than GLOBEX01.", "slower than (not yours)."),
        (r"\\globex-files\share of globex_crm", r"\\(not yours)-files\share of (not yours)_crm"),
        ("Berlin, and berliner", "(not yours), and berliner"),
        ("a GLOBEX011 is nobody's", "a GLOBEX011 is nobody's"),
        ("großbank and |ODD| one", "(not yours) and (not yours)"),
        ("SQL01.berlin.example at hq", "SQL01.berlin.example at hq"),
        ("build 15.0.4.1 ended with 4", "build 15.0.4.1 ended with 4"),
        ("globex", "(not yours)"),
        ("", ""),
    ],
)
def test_a_name_is_blotted_out_wherever_a_text_holds_it(said: str, read: str) -> None:
    assert _BLOTTING.out_of(said) == read


def test_what_names_nobody_is_the_same_noun() -> None:
    said = _Said("Europe/Berlin", ("fine", "really"))
    assert _BLOTTING.out_of(said) is said


def test_a_time_zone_is_nobodys_name_and_every_part_of_a_noun_is_read() -> None:
    found = _BLOTTING.out_of(_Said("Europe/Berlin", ("fine", "as berlin")))
    assert found == _Said("Europe/Berlin", ("fine", "as (not yours)"))
