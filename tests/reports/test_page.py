"""The HTML reports: everything escaped, nothing fetched, every tag closed, readable by everybody."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from core.model.failure import Cause, Failure
from core.model.run_report import RunReport
from core.model.state import TargetState
from core.reports.page import write_page
from core.reports.plan_page import write_plan_page
from core.reports.planned import PlanBrief
from core.reports.sheets import TONE_COLOURS
from core.reports.tenant import Story
from core.reports.trend_page import write_trend_page
from tests.reports.stories import MAKING, good_story, mixed_plan, mixed_story, seen_again, told, trend
from tests.samples import AUTHORISATION, NEW, PLAN

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


_PAGES: dict[str, Callable[[Path], None]] = {
    "run": lambda path: write_page(told(mixed_story()), path),
    "plan": lambda path: write_plan_page(PlanBrief(mixed_plan(), AUTHORISATION), MAKING, path),
    "trend": lambda path: write_trend_page(trend(told(mixed_story())), path),
    "empty trend": lambda path: write_trend_page(trend(), path),
}


@pytest.fixture(params=list(_PAGES))
def page(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    _PAGES[request.param](tmp_path / "page.html")
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]
    return (tmp_path / "page.html").read_text(encoding="utf-8")


def _page(report: RunReport, folder: Path) -> str:
    write_page(report, folder / "final-report.html")
    return (folder / "final-report.html").read_text(encoding="utf-8")


def _saying(text: str) -> RunReport:
    """A run in which somebody could write this text wherever a server or a person writes."""
    story = good_story()
    failure = Failure(Cause.SCRIPT, text, text)
    first, *others = story.record.targets
    steps = tuple(
        replace(step, failure=failure, job=None if step.job is None else replace(step.job, summary=text, meaning=text))
        for step in first.steps
    )
    changed = replace(first, failure=failure, state=TargetState.FAILED, warnings=(text,), steps=steps)
    record = replace(story.record, targets=(changed, *others), reason=text, operator=text, change=text, console=text)
    return told(Story(replace(record, requests=(text,)), PLAN, story.entries))


def test_every_tag_is_closed(page: str) -> None:
    assert _Outline(page).open == []


def test_a_page_fetches_nothing_and_runs_its_own_script_alone(page: str) -> None:
    outline = _Outline(page)
    assert outline.tags.count("script") == 1
    assert not {"link", "iframe", "img", "object", "form", "base"} & set(outline.tags)
    assert not [name for name, _ in outline.attributes if name in ("src", "action", "style") or name.startswith("on")]
    assert all(value.startswith("#") for name, value in outline.attributes if name == "href")
    assert not re.search(r"https?:|url\(|@import", page)


def test_the_policy_of_a_page_names_its_style_and_script_and_nothing_else(page: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    policy = policy.replace("&#39;", "'").replace("&#43;", "+")
    for tag in ("style", "script"):
        (text,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
        assert f"{tag}-src 'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_a_page_has_landmarks_one_main_heading_and_captions(page: str) -> None:
    outline = _Outline(page)
    for landmark in ("header", "main", "footer", "h1"):
        assert outline.tags.count(landmark) == 1
    assert 'lang="en"' in page
    assert outline.tags.count("table") == outline.tags.count("caption")
    assert page.count('role="img" aria-label="') == outline.tags.count("svg")
    assert all('scope="' in one for one in re.findall(r"<th[ >][^>]*>?", page))
    labels, fields = re.findall(r'<label for="(\w+)"', page), re.findall(r'<(?:input|select) id="(\w+)"', page)
    assert labels == fields


def test_the_page_of_a_run_tells_hosts_builds_and_digest(tmp_path: Path) -> None:
    outline = _Outline(_page(told(good_story()), tmp_path))
    assert outline.tags.count("details") == 2
    for said in ("SQL01", "patched and verified", NEW, PLAN.digest, "SQL09", "the host is on a new start"):
        assert said in outline.text


def test_nothing_that_somebody_wrote_becomes_markup(tmp_path: Path) -> None:
    plain, said = (_Outline(_page(report, tmp_path)) for report in (_saying("x"), _saying(_BAD)))
    assert said.tags == plain.tags
    assert [name for name, _ in said.attributes] == [name for name, _ in plain.attributes]
    assert said.text.count(_BAD) >= 9


def test_what_needs_attention_is_named_and_good_hosts_are_not(tmp_path: Path) -> None:
    page = _page(told(mixed_story()), tmp_path)
    attention = page[page.index('id="attention"') : page.index('id="planned"')]
    for said in ("GLOBEX01 failed", "3 days old", "back it up, then plan again", "GLOBEX08", "nobody answered"):
        assert said in attention
    needing, warned = attention.split("<h3>Well, with a warning</h3>")
    assert "ACME01" not in needing
    assert "slower than GLOBEX02" in warned


def test_the_page_shows_the_sites_zone_and_the_readers(tmp_path: Path) -> None:
    report = told(mixed_story())
    first, *others = report.hosts
    abroad = replace(first, zone="America/New_York")
    page = _page(replace(report, hosts=(abroad, *others), site_zones=("America/New_York",)), tmp_path)
    assert "2026-03-01 17:00:20" in page
    assert "2026-03-01 23:00:20" in page
    assert "(Europe/Berlin, your zone)" in page
    assert "(America/New_York, and Europe/Berlin, your zone)" in page


def test_each_time_in_a_table_has_its_offset(tmp_path: Path) -> None:
    report = told(mixed_story())
    abroad = tuple(replace(one, zone="Asia/Tokyo") for one in report.hosts)
    page = _page(replace(report, hosts=abroad, site_zones=("Asia/Tokyo",)), tmp_path)
    outages = page[page.index('id="outages"') : page.index('id="deviations"')]
    assert "Times by the site's clock and, below, by yours (Europe/Berlin)" in outages
    times = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\S{6})?", re.sub(r'datetime="[^"]*"', "", outages))
    assert set(times) == {"+09:00", "+01:00"}


def test_every_lane_and_every_tick_lies_on_the_axis_and_has_its_words(tmp_path: Path) -> None:
    report = told(mixed_story())
    last = max(host.ended_at for host in report.hosts if host.ended_at is not None)
    late = replace(report.hosts[1], started_at=last, ended_at=last, worked_until=last)
    page = _page(replace(report, hosts=(report.hosts[0], late, *report.hosts[2:])), tmp_path)
    (picture,) = re.findall(r"<svg viewBox.*?</svg>", page, re.DOTALL)
    bars = [
        (float(x), float(width)) for x, width in re.findall(r'<rect [^>]*x="([\d.]+)"[^>]*width="([\d.]+)"', picture)
    ]
    assert len(bars) == 4
    assert all(x >= 150 and width >= 2 and x + width <= 660.1 for x, width in bars)
    ticks = re.findall(r'<text x="([\d.]+)" y="\d+" text-anchor="middle">([\d:]+)</text>', picture)
    assert 2 <= len(ticks) <= 8
    assert all(150 <= float(x) <= 660 for x, _ in ticks)
    assert len({words for _, words in ticks}) == len(ticks)
    assert picture.count(">deferred</text>") == 1


def test_a_look_two_days_later_stands_beside_what_the_run_took(tmp_path: Path) -> None:
    before, after = _page(told(mixed_story()), tmp_path), _page(told(seen_again(mixed_story())), tmp_path)
    took = re.compile(r"; begun .*?, took ([^<;]+)|<title>\w+: [^<]*, ([^<]+)</title>|Berlin\), ([^<;]+)[<;]")
    assert len(took.findall(before)) == 1 + 4 + 4
    assert took.findall(after) == took.findall(before)
    assert "; taken up again until 2026-03-03 23:12:00" in after
    assert re.search(r"; verified again <time[^>]*>2026-03-03 23:11:40", after)
    assert "verified again" not in before and "taken up again" not in before


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    assert _page(told(mixed_story()), tmp_path) == _page(told(mixed_story()), tmp_path)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_pair_of_colours_is_readable_in_light_in_the_dark_and_on_paper(tmp_path: Path) -> None:
    page = _page(told(good_story()), tmp_path)
    palettes = [
        dict(re.findall(r"--([\w-]+): #(\w{6})", block)) for block in re.findall(r":root \{(.*?)\}", page, re.DOTALL)
    ]
    assert len(palettes) == 3
    for colours in palettes:
        for ink, ground in [("ink", "paper"), ("soft", "paper"), ("soft", "card"), ("link", "paper")] + [
            (kind, f"{kind}-back") for kind in ("good", "bad", "open")
        ]:
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        for bar in [key for key in colours if key.endswith("-bar")]:
            assert _contrast(colours[bar], colours["paper"]) >= 3
    for ink, ground in TONE_COLOURS.values():
        assert _contrast(ink, ground) >= 4.5


def test_notes_are_searched_though_not_their_whole_length(tmp_path: Path) -> None:
    report = told(mixed_story())
    noted = replace(report.hosts[0], notes=("olga: Cable CHANGED " + "x" * 10_000,))
    page = _page(replace(report, hosts=(noted, *report.hosts[1:])), tmp_path)
    (found,) = re.findall(r'id="host-1"[^>]*data-find="([^"]*)"', page)
    assert "cable changed" in found
    assert len(found) < 1_500


def test_a_reason_of_pages_does_not_push_the_summary_away_and_is_told_in_full_at_the_end(tmp_path: Path) -> None:
    reason = "because & because " * 100 + "enough"
    write_page(replace(told(mixed_story()), reason=reason), tmp_path / "run.html")
    write_plan_page(PlanBrief(mixed_plan(), replace(AUTHORISATION, reason=reason)), MAKING, tmp_path / "plan.html")
    for name, summary in (("run.html", "What happened"), ("plan.html", "At a glance")):
        page = (tmp_path / name).read_text("utf-8")
        outline = _Outline(page)
        assert outline.open == []
        head, _, rest = outline.text.partition(summary)
        assert (head.count("because &") < 20, reason in head, reason in rest) == (True, False, True)
        assert {("href", "#reason"), ("id", "reason")} <= set(outline.attributes)


def test_a_run_without_a_host_shows_no_empty_tables_and_nothing_to_search(tmp_path: Path) -> None:
    report = told(good_story())
    empty = replace(report, hosts=(), against=(), counted=(), failures=(), left_out=(), planned_hosts=0)
    write_page(empty, tmp_path / "run.html")
    outline = _Outline((tmp_path / "run.html").read_text("utf-8"))
    assert "The plan had nothing to do." in outline.text
    assert {"table", "input"}.isdisjoint(outline.tags)
