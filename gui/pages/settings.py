"""Settings: all configuration files with their faults as one types, the vault, and whether this computer is ready."""

from __future__ import annotations

from PySide6.QtWidgets import QTabWidget

from gui.desk import Desk, Errand, Page
from gui.language import tr
from gui.pages.settings_parts.credentials import Credentials
from gui.pages.settings_parts.doctor import Doctor
from gui.pages.settings_parts.files import Files
from gui.widgets.text import boxed, down, label


class SettingsPage(Page):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.files = Files(desk)
        self.credentials = Credentials(desk)
        self.doctor = Doctor(desk)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(tr("Settings"))
        self.tabs.tabBar().setAccessibleName(tr("Settings"))
        for part, title in (
            (self.files, tr("Configuration")),
            (self.credentials, tr("Credentials")),
            (self.doctor, tr("Is this computer ready?")),
        ):
            self.tabs.addTab(boxed(down(part, edge=6)), title)
        self.tabs.currentChanged.connect(self._load)
        self.setLayout(down(label(tr("Settings"), "title"), self.tabs))

    def enter(self, errand: Errand) -> None:
        if errand.file is not None:
            self.tabs.setCurrentIndex(0)
            self.files.open(errand.file)
        self._load(self.tabs.currentIndex())

    def again(self) -> None:
        (self.files, self.credentials, self.doctor)[self.tabs.currentIndex()].look()

    def _load(self, tab: int) -> None:
        (self.files, self.credentials, self.doctor)[tab].enter()
