"""Settings: all of the configuration with its faults as one types, the vault, and whether this computer is ready."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QTabWidget

from gui.desk import Desk, Errand, Page
from gui.language import tr
from gui.pages.settings.configuration import Configuration
from gui.pages.settings.credentials import Credentials
from gui.pages.settings.doctor import Doctor
from gui.pages.settings.packages import Packages
from gui.pages.settings.reference import BuildReference
from gui.pages.settings.titles import file_title
from gui.widgets.text import boxed, down, label


class SettingsPage(Page):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.configuration = Configuration(desk)
        self.credentials = Credentials(desk)
        self.packages = Packages(desk)
        self.doctor = Doctor(desk)
        self.reference = BuildReference(desk)
        self._parts = (self.configuration, self.packages, self.reference, self.credentials, self.doctor)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(tr("Settings"))
        self.tabs.tabBar().setAccessibleName(tr("Settings"))
        for part, title in (
            (self.configuration, tr("Configuration")),
            (self.packages, tr("Packages")),
            (self.reference, tr("Build reference")),
            (self.credentials, tr("Credentials")),
            (self.doctor, tr("Is this computer ready?")),
        ):
            self.tabs.addTab(boxed(down(part, edge=6)), title)
        self.tabs.currentChanged.connect(self._load)
        self.setLayout(down(label(tr("Settings"), "title"), self.tabs))

    def enter(self, errand: Errand) -> None:
        if errand.file is not None:
            self.tabs.setCurrentIndex(0)
            self.configuration.open(errand.file)
        self._load(self.tabs.currentIndex())

    def again(self) -> None:
        self._parts[self.tabs.currentIndex()].look()

    def focus_filter(self) -> None:
        if self.tabs.currentIndex() == 0:
            self.configuration.focus_filter()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Ctrl+S", tr("Save the file")), ("Alt+T, Alt+F", tr("The file as its text, as a form")))

    @property
    def unsaved(self) -> tuple[str, ...]:
        return tuple(file_title(one.name) for one in self.configuration.unsaved)

    def save(self, then: Callable[[], object]) -> None:
        self.configuration.save_all(then)

    def _load(self, tab: int) -> None:
        self._parts[tab].enter()
