"""Tells the journal's lines live: a sentence for what matters, a log line with fields for all."""

import json
from typing import Any

import structlog

from core.cli.answering import Options
from core.cli.logs import belongs_to
from core.model.count import counted
from core.model.events import RequestTaken
from core.model.record import RunRecord, TargetRecord
from core.model.size import size_in_words
from core.model.state import TargetState
from core.model.transfer import Progress
from core.model.vocabulary import TARGET_WORDS, request_in_words


class Teller:
    """For the operator on stderr."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._shown: dict[tuple[str, str], str] = {}
        self._log = structlog.get_logger()

    def tell(self, line: str) -> None:
        entry = json.loads(line)
        sentence = sentence_of(entry["event"], entry["target"], entry["data"])
        if sentence is not None:
            self._options.say(f"{entry['timestamp'][11:19]} {sentence}")
        belongs_to(entry["runId"])
        # What is a warning in the journal was said already; the log repeats it only when asked to tell more.
        self._log.info(entry["event"], **_fields(entry))

    def show(self, progress: Progress) -> None:
        """A line for every tenth of a transfer, however often it is told."""
        sentence = moment_of(progress)
        if self._options.progress and self._shown.get((progress.host, progress.package)) != sentence:
            self._shown[progress.host, progress.package] = sentence
            self._options.say(f"         {sentence}")


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    """Plain values as they are, an installer's arguments as typed, of a failure its words; what is larger stands
    in the journal."""
    plain = {key: value for key, value in entry["data"].items() if isinstance(value, str | int | bool)}
    if arguments := entry["data"].get("arguments"):
        plain["arguments"] = " ".join(arguments)
    failure = entry["data"].get("failure")
    if failure is not None:
        plain |= {"cause": failure["cause"], "failure": failure["detail"]}
    about = {"target": entry["target"], "phase": entry["phaseId"], "journal_level": entry["level"]}
    return {key: value for key, value in (about | plain).items() if value is not None}


def moment_of(progress: Progress) -> str:
    if progress.doing == "waiting":
        return f"{progress.host} waits until another transfer has ended"
    tenths = 10 * progress.done_bytes // max(1, progress.total_bytes)
    if progress.doing == "installing":
        return f"{progress.host} {progress.package}: {tenths * 10} %"
    return f"{progress.host} {progress.package}: {tenths * 10} % of {size_in_words(progress.total_bytes)}"


def standing_of(target: TargetRecord) -> str:
    why = target.failure or (TARGET_WORDS[target.state].text if target.state is TargetState.SKIPPED else None)
    told = "" if why is None else f" - {why}"
    if target.state is TargetState.SUCCESS and target.warnings:
        # Beside a failure they would only hide it; a success is not to look better than it was.
        told = f", with {counted(len(target.warnings), 'warning')}: {'; '.join(target.warnings)}"
    return f"  {target.host}: {state_in_words(target.state)}{told}"


def next_of(record: RunRecord, patched_since: frozenset[str] = frozenset()) -> list[str]:
    """What to do about a run that has ended with hosts that failed, and that no later run has patched."""
    unknown = [one for one in record.targets if one.state is TargetState.UNKNOWN]
    failed = [one for one in record.targets if one.is_to_be_tried_again and one not in unknown]
    failed = [one for one in failed if one.host not in patched_since]
    if record.outcome is None or not (failed or unknown):
        return []
    if unknown:
        names = ", ".join(one.host for one in unknown)
        return [f"next, when {names} can be reached: drydock deploy --resume {record.run_id}"]
    lines = [f"next: look at the {'host' if len(failed) == 1 else 'hosts'} and mend what the reasons name"]
    blocked = [one.host for one in failed if one.patch_blocked is not None]
    if blocked:
        lines.append(f'then, for each that is patch-blocked: drydock unblock {blocked[0]} --reason "..."')
    return [*lines, f"then: drydock deploy --retry-failed {record.run_id}"]


def state_in_words(state: str) -> str:
    """By the name that --json has, but for the one that would be taken for a patch-block, which is another thing."""
    return TARGET_WORDS[TargetState.BLOCKED].text if state == TargetState.BLOCKED else in_words(state)


def in_words(name: str) -> str:
    return name.replace("_", " ")


def sentence_of(event: str, target: str | None, data: dict[str, Any]) -> str | None:
    """None for what is only for the record."""
    match event:
        case "run_started":
            return f"run begun, {counted(len(data['targets']), 'host')}"
        case "run_resumed":
            return "run taken up again"
        case "run_ended":
            return f"run ended: {in_words(data['outcome'])}"
        case "target_moved":
            why = "" if data["failure"] is None else f": {data['failure']['detail']}"
            return f"{target} {state_in_words(data['after'])}{why}"
        case "package_delivered":
            return f"{target} has the package, verified" + (
                " (it was there)" if data["already_there"] else f" (by {data['route']})"
            )
        case "job_intended":
            return f"{target} starts {data['file'] or 'the installation of its updates'}"
        case "job_ended":
            return f"{target} installer ended with {data['exit_code']}: {data['meaning']}"
        case "connection_lost":
            return f"{target} line lost: {data['failure']['detail']}; what runs there goes on"
        case "reboot_intended":
            return f"{target} restarts"
        case "reboot_proven":
            return f"{target} restart proven: {data['before']['boot_id']} -> {data['after']['boot_id']}"
        case "undo_begun":
            return f"{target} is worse than before and is taken back, as the plan says"
        case "undo_ended":
            return f"{target} {'taken back' if data['taken_back'] else 'could not be taken back'}: {data['message']}"
        case "warned":
            return f"{target} warning: {data['message']}"
        case "admission_held":
            until = f" (until {data['until'][11:16]} UTC)" if data["until"] else ""
            return f"no further host is begun: {data['message']}{until}"
        case "admission_free":
            return "hosts are begun again"
        case "reverify_asked":
            return f"{target} is to be verified again: {data['by']} asked for it"
        case "diagnostics_asked":
            return f"{target} its logs are fetched: {data['by']} asked for them"
        case "noted":
            return f"{target} noted by {data['by']}: {data['text']}"
        case "patch_unblocked":
            return f"{target} may be patched again, says {data['by']}: {data['reason']}"
        case "unlocked":
            return f"{target} unlocked by {data['by']}: {data['reason']}"
        case "request_taken":
            return request_in_words(RequestTaken(**data))
        case _:
            return None
