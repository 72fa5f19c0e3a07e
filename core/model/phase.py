"""The eleven phases of a patch cycle, by the names the evidence uses."""

from enum import StrEnum


class Phase(StrEnum):
    INITIALIZATION = "Phase01"
    BASELINE = "Phase02"
    CATALOG = "Phase03"
    PRE_VALIDATION = "Phase04"
    INSTALL = "Phase05"
    REBOOT = "Phase06"
    POST_SNAPSHOT = "Phase07"
    POST_VALIDATION = "Phase08"
    DIAGNOSTICS = "Phase09"
    EVIDENCE = "Phase10"
    REPORTING = "Phase11"


TITLES: dict[Phase, str] = {
    Phase.INITIALIZATION: "Initialise",
    Phase.BASELINE: "Baseline snapshot",
    Phase.CATALOG: "Judge again",
    Phase.PRE_VALIDATION: "Checks before",
    Phase.INSTALL: "Install",
    Phase.REBOOT: "Restart",
    Phase.POST_SNAPSHOT: "Snapshot after",
    Phase.POST_VALIDATION: "Checks after",
    Phase.DIAGNOSTICS: "Diagnostics",
    Phase.EVIDENCE: "Evidence",
    Phase.REPORTING: "Reporting",
}
