"""The operator's vocabulary: one word for each state, and what colour stands beside it, wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from core.model.check import CheckResult
from core.model.compliance import ComplianceState
from core.model.events import RequestTaken, UpdateState
from core.model.failure import Cause
from core.model.outcome import Outcome
from core.model.requests import Action
from core.model.state import StepState, TargetState

Shade = Literal["good", "warn", "bad", "busy", "quiet"]


class Word(NamedTuple):
    """A state in words. A word that two kinds of states share has one shade."""

    text: str
    shade: Shade


# "blocked" is left to what somebody has to unblock: "patch-blocked". Whatever else must be mended first holds a host.
TARGET_WORDS: Mapping[TargetState, Word] = {
    TargetState.PENDING: Word("not begun", "quiet"),
    TargetState.IN_PROGRESS: Word("in progress", "busy"),
    TargetState.SUCCESS: Word("patched and verified", "good"),
    TargetState.PARTIAL: Word("partly patched", "bad"),
    TargetState.FAILED: Word("failed", "bad"),
    TargetState.SKIPPED: Word("nothing to do", "good"),
    TargetState.AWAITING_REBOOT: Word("waits for a restart", "warn"),
    TargetState.OVERDUE: Word("overdue", "warn"),
    TargetState.DEFERRED: Word("deferred", "warn"),
    TargetState.BLOCKED: Word("held", "bad"),
    TargetState.CANCELLED: Word("taken out", "quiet"),
    TargetState.UNKNOWN: Word("outcome unknown", "bad"),
}

STEP_WORDS: Mapping[StepState, Word] = {
    StepState.PENDING: Word("not begun", "quiet"),
    StepState.RUNNING: Word("running", "busy"),
    StepState.SUCCESS: Word("done", "good"),
    StepState.FAILED: Word("failed", "bad"),
    StepState.SKIPPED: Word("skipped", "quiet"),
    StepState.OVERDUE: Word("overdue", "warn"),
    StepState.UNKNOWN: Word("outcome unknown", "bad"),
}

# What somebody asked of a run: "olga asked ...".
REQUEST_WORDS: Mapping[Action, str] = {
    Action.WITHDRAW: "to withdraw {host}",
    Action.STOP: "to stop after the current steps",
    Action.PAUSE: "to pause the run",
    Action.RESUME: "to resume the run",
    Action.NOTE: "to write a note about {host}",
    Action.REVERIFY: "to verify {host} again",
    Action.DIAGNOSE: "to fetch the logs of {host}",
    Action.UNBLOCK: "to unblock {host}",
    Action.UNLOCK: "to clear the lock of {host}",
}
NO_HOST = "a host"
REQUEST_SENTENCES: Mapping[bool, str] = {
    True: "{who} asked {what} ({why}): accepted; {answer}",
    False: "{who} asked {what} ({why}): refused; {answer}",
}

# How the fleet stands. "unknown" is a host that nobody has looked at of late: nothing is wrong with it so far.
COMPLIANCE_WORDS: Mapping[ComplianceState, Word] = {
    ComplianceState.COMPLIANT: Word("up to date", "good"),
    ComplianceState.PENDING: Word("pending", "busy"),
    ComplianceState.FAILED: Word("failed", "bad"),
    ComplianceState.BLOCKED: Word("held", "bad"),
    ComplianceState.DEFERRED: Word("deferred", "warn"),
    ComplianceState.UNKNOWN: Word("unknown", "quiet"),
}

CHECK_WORDS: Mapping[CheckResult, Word] = {
    CheckResult.PASSED: Word("passed", "good"),
    CheckResult.WARNED: Word("warning", "warn"),
    CheckResult.FAILED: Word("failed", "bad"),
    CheckResult.UNKNOWN: Word("not known", "quiet"),
}

UPDATE_WORDS: Mapping[UpdateState, Word] = {
    "installed": Word("installed", "good"),
    "already_installed": Word("was installed already", "good"),
    "install_failed": Word("failed to install", "bad"),
    "download_failed": Word("failed to download", "bad"),
    "barred": Word("refused by the host's own guard", "bad"),
    "lost": Word("lost with its job", "bad"),
    "superseded": Word("superseded; plan again", "warn"),
    "not_offered": Word("no longer offered; plan again", "warn"),
}

COLLECTED_WORDS: Mapping[str, Word] = {
    "collected": Word("collected", "good"),
    "partial": Word("collected in part", "warn"),
    "failed": Word("could not be collected", "bad"),
    "throttled": Word("not collected again so soon", "warn"),
}

# Diagnostics by what they are, those first that tell most about a failed update.
LOG_WORDS: Mapping[str, str] = {
    "setup_log": "setup's log",
    "errorlog": "SQL Server's ERRORLOG",
    "event_log": "event log",
    "servicing_log": "Windows' servicing log",
    "cluster_log": "cluster log",
    "state": "state of the host",
}

# A run in a few words. What "an installation failed" stands for is told by the states of its hosts: see short_outcome.
OUTCOME_WORDS: Mapping[Outcome, Word] = {
    Outcome.SUCCEEDED: Word("succeeded", "good"),
    Outcome.PARTIAL: Word("partly, needs attention", "warn"),
    Outcome.REBOOT_REQUIRED: Word("restarts are left to you", "warn"),
    Outcome.LOCKED: Word("hosts were taken", "warn"),
    Outcome.INSTALL_FAILED: Word("failed, or its outcome is unknown", "bad"),
    Outcome.VERIFICATION_FAILED: Word("a check afterwards failed", "bad"),
    Outcome.DIAGNOSTICS_FAILED: Word("diagnostics failed", "bad"),
    Outcome.REPORTING_FAILED: Word("reports could not be written", "bad"),
    Outcome.REFUSED: Word("refused", "bad"),
    Outcome.NOT_REACHED: Word("no host was reached", "bad"),
    Outcome.CANCELLED: Word("stopped by the operator", "quiet"),
}

# The same as a headline.
OUTCOME_SENTENCES: Mapping[Outcome, str] = {
    Outcome.SUCCEEDED: "Every host of the run is patched and verified, or needed nothing",
    Outcome.PARTIAL: "Some hosts were left out on the way and need attention",
    Outcome.REBOOT_REQUIRED: "Some hosts wait for a restart that policy leaves to you",
    Outcome.LOCKED: "Another run had some of the hosts",
    Outcome.INSTALL_FAILED: "An installation failed, or nobody knows how it ended",
    Outcome.VERIFICATION_FAILED: "An update was installed, but a check afterwards failed",
    Outcome.DIAGNOSTICS_FAILED: "Diagnostics that policy asks for could not be collected",
    Outcome.REPORTING_FAILED: "Evidence or a report could not be written",
    Outcome.REFUSED: "The run was refused",
    Outcome.NOT_REACHED: "No host could be reached",
    Outcome.CANCELLED: "The run was stopped before every host was begun",
}

CAUSE_WORDS: Mapping[Cause, str] = {
    Cause.UNREACHABLE: "could not be reached",
    Cause.NAME_NOT_RESOLVED: "name not resolved",
    Cause.NO_ANSWER: "no answer",
    Cause.BAD_CERTIFICATE: "certificate not trusted",
    Cause.ACCESS_DENIED: "access denied",
    Cause.NO_CREDENTIAL: "no credential",
    Cause.PROTOCOL: "answer not understood",
    Cause.SCRIPT: "script failed",
    Cause.RESTRICTED: "remoting restricted",
    Cause.UNSUPPORTED: "not supported",
    Cause.CANCELLED: "taken out",
    Cause.LOCKED: "another run has it",
    Cause.CLAIMED: "another console has it",
    Cause.CHANGED: "changed since the plan",
    Cause.LEADS: "leads its group",
    Cause.NOT_ENOUGH_SPACE: "not enough space",
    Cause.PENDING_REBOOT: "restart pending",
    Cause.NO_BACKUP: "no recent backup",
    Cause.BUSY: "other work on the host",
    Cause.APPLICATION: "application not well",
    Cause.PACKAGE: "package not delivered",
    Cause.CORRUPT: "package changed on the way",
    Cause.INSTALLER: "setup failed",
    Cause.OVERDUE: "setup did not end",
    Cause.JOB_LOST: "setup's end not known",
    Cause.REBOOT: "restart failed",
    Cause.WINDOW: "window too short",
    Cause.PARTNER: "partner not well",
    Cause.PATCH_BLOCKED: "patch-blocked since an earlier failure",
    Cause.VERIFICATION: "check after the update failed",
    Cause.WITNESSES_DISAGREE: "nobody can tell its build",
    Cause.NO_DRIVER: "no driver for SQL Server",
    Cause.SQL_LOGIN: "login to SQL Server refused",
    Cause.SQL_UPGRADING: "SQL Server still upgrades",
    Cause.SQL_UNAVAILABLE: "SQL Server does not answer",
    Cause.UPDATE_SERVICE: "update service not heard",
    Cause.INTERNAL: "error in Drydock",
}

GOOD = frozenset(state for state, word in TARGET_WORDS.items() if word.shade == "good")
BAD = frozenset(state for state, word in TARGET_WORDS.items() if word.shade == "bad")


def request_in_words(taken: RequestTaken) -> str:
    """Who asked the run for what and why, and what it answered."""
    what = REQUEST_WORDS[Action(taken.action)].format(host=taken.host or NO_HOST)
    return REQUEST_SENTENCES[taken.accepted].format(who=taken.by, what=what, why=taken.reason, answer=taken.answer)


def short_outcome(outcome: Outcome, states: Mapping[TargetState, int]) -> Word:
    """One outcome, and one exit code, stands for what failed and for what nobody knows: people are told which it was.

    A host that is held may have failed or may not have been begun: it counts where nothing else tells. A run that
    left no host well went not even in part as it was meant.
    """
    if outcome is Outcome.PARTIAL and states and not any(states.get(state) for state in GOOD):
        return Word("no host is verified", "bad")
    if outcome is not Outcome.INSTALL_FAILED:
        return OUTCOME_WORDS[outcome]
    unknown = states.get(TargetState.UNKNOWN, 0)
    failed = states.get(TargetState.FAILED, 0) + states.get(TargetState.PARTIAL, 0)
    if failed and unknown:
        return Word("failed, in part unknown", "bad")
    if failed or (states.get(TargetState.BLOCKED, 0) and not unknown):
        return Word("an installation failed", "bad")
    return Word("outcome unknown", "bad")
