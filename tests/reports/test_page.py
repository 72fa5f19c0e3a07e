"""The HTML report: everything escaped, nothing fetched, every tag closed."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from core.evidence.folding import fold
from core.model.failure import Cause, Failure
from core.model.plan import Skipped
from core.model.record import RunRecord
from core.model.state import TargetState
from core.reports.page import write_page
from tests.samples import NEW, PLAN, entries, whole_run

_RECORD = fold(entries(whole_run()))
_VOID = {"meta", "link", "br", "img", "input", "hr"}
_BAD = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7 * 7 }}&amp;"


class _Outline(HTMLParser):
    """Tags, attributes and text of a page; a tag that closes nothing fails."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _page(record: RunRecord, folder: Path) -> str:
    path = folder / "final-report.html"
    write_page(record, PLAN, path)
    assert [one.name for one in folder.iterdir()] == [path.name]
    return path.read_text(encoding="utf-8")


def test_a_host_that_could_not_be_assessed_needs_attention(tmp_path: Path) -> None:
    silent = Skipped("SQL07", None, Cause.UNREACHABLE, "it could not be assessed: nobody answered")
    write_page(_RECORD, replace(PLAN, skipped=(*PLAN.skipped, silent)), tmp_path / "page.html")
    attention = (tmp_path / "page.html").read_text(encoding="utf-8").partition("Host by host")[0]
    assert "SQL07" in attention
    assert "nobody answered" in attention


def _saying(text: str) -> RunRecord:
    first, *others = _RECORD.targets
    changed = replace(first, failure=Failure(Cause.SCRIPT, text), state=TargetState.FAILED, warnings=(text,))
    return replace(_RECORD, targets=(changed, *others), reason=text, operator=text, change=text, console=text)


def test_the_page_is_whole(tmp_path: Path) -> None:
    outline = _Outline(_page(_RECORD, tmp_path))
    assert outline.open == []
    assert outline.tags.count("article") == 2
    for said in ("SQL01", "patched and verified", NEW, PLAN.digest, "SQL09", "the host is on a new start, since"):
        assert said in outline.text


def test_nothing_that_somebody_wrote_becomes_markup(tmp_path: Path) -> None:
    plain, said = (_Outline(_page(record, tmp_path)) for record in (_saying("x"), _saying(_BAD)))
    assert said.tags == plain.tags
    assert [name for name, _ in said.attributes] == [name for name, _ in plain.attributes]
    assert said.text.count(_BAD) >= 5


def test_the_page_fetches_nothing_and_runs_nothing(tmp_path: Path) -> None:
    page = _page(_RECORD, tmp_path)
    outline = _Outline(page)
    assert not {"script", "link", "iframe", "img", "object", "form"} & set(outline.tags)
    assert not [name for name, _ in outline.attributes if name in ("src", "href", "action") or name.startswith("on")]
    assert not re.search(r"https?:|//|url\(|@import", page)


@pytest.mark.parametrize("length", range(1, len(whole_run())))
def test_a_run_is_reported_wherever_it_stands(tmp_path: Path, length: int) -> None:
    outline = _Outline(_page(fold(entries(whole_run()[:length])), tmp_path))
    assert outline.open == []
    assert "not ended" in outline.text


def test_what_needs_attention_is_named_and_good_hosts_are_not(tmp_path: Path) -> None:
    page = _page(_saying("the disk is full"), tmp_path)
    attention = page[page.index('id="attention"') : page.index('id="hosts"')]
    assert "SQL01" in attention
    assert "the disk is full" in attention
    assert "SQL02" not in attention
