"""What a plan's review found: whole words or none, and nobody overlooks that there is more."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.model.review import Finding, Review, Weight
from gui.widgets.findings import Findings

_FOUND = tuple(
    Finding(f"code{number}", weight, f"something that takes some room {number}", ("SQL01",), ("why",))
    for number, weight in enumerate((Weight.HOLDS, Weight.HOLDS, *(Weight.KNOW for _ in range(8))))
)


@pytest.mark.parametrize("width", [160, 420, 700, 1100, 1900])
def test_what_has_no_room_is_counted_and_a_click_away(dressed: QApplication, qtbot: QtBot, width: int) -> None:
    followed: list[Finding] = []
    findings = Findings(followed.append)
    qtbot.addWidget(findings)
    findings.show_review(Review(_FOUND))
    findings.resize(max(width, findings.minimumSizeHint().width()), 30)
    findings.show()
    shown = sum(link.isVisible() for link in findings.links)
    assert findings.more.text() == f"+{len(_FOUND) - shown} more"
    assert findings.more.geometry().right() < findings.width(), "it has no room itself"
    findings.more.click()
    assert followed == [_FOUND[shown]]


def test_where_all_have_room_nothing_more_is_told(dressed: QApplication, qtbot: QtBot) -> None:
    findings = Findings(lambda _: None)
    qtbot.addWidget(findings)
    findings.resize(1900, 30)
    findings.show()
    findings.show_review(Review(_FOUND[:6]))
    assert not findings.more.isVisible()
    assert all(link.isVisible() for link in findings.links)
