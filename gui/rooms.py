"""Which pages there are, in the rail's order."""

from __future__ import annotations

from gui.desk import Desk, Page, Room
from gui.language import tr
from gui.pages.fleet.page import FleetPage
from gui.pages.overview import OverviewPage
from gui.pages.runs import RunsPage


def make_pages(desk: Desk) -> dict[Room, tuple[str, Page]]:
    return {
        Room.OVERVIEW: (tr("Overview"), OverviewPage(desk)),
        Room.FLEET: (tr("Fleet"), FleetPage(desk)),
        Room.RUNS: (tr("Runs"), RunsPage(desk)),
    }
