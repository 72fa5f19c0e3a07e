"""The documents of a run's folder that are derived from its record."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.model.check import Check, CheckResult
from core.model.difference import Difference
from core.model.document import to_document
from core.model.events import UpdateEnded
from core.model.outcome import exit_code
from core.model.phase import Phase
from core.model.plan import Plan
from core.model.record import RunRecord, StepRecord, TargetRecord
from core.model.state import StepState
from core.model.step import Package, PatchStep

_WENT_WRONG = frozenset({StepState.FAILED, StepState.UNKNOWN})
_NO_DIFFERENCES: Mapping[str, Sequence[Difference]] = {}
# What is missed when it is gone. Databases are told by their check, which knows an engine that only keeps silent.
_MISSED = ("application/", "driver/", "service/")


def final_report(record: RunRecord, plan: Plan) -> dict[str, Any]:
    """final-report.json: how the run ended, and what was installed."""
    installs = [line for target in record.targets for line in install_summary(target, plan)]
    return {
        "schema_version": 1,
        "RunId": record.run_id,
        "PlanId": record.plan_id,
        "PlanDigest": record.plan_digest,
        "Operator": record.operator,
        "Reason": record.reason,
        "Change": record.change,
        "StartedUtc": _time(record.started_at),
        "EndedUtc": _time(record.ended_at),
        "Outcome": record.outcome,
        "ExitCode": None if record.outcome is None else exit_code(record.outcome, "basic"),
        "RmmExitCode": None if record.outcome is None else exit_code(record.outcome, "rmm"),
        "PatchesInstalled": sum(line["installed"] for line in installs),
        "RebootRequired": any(target.state == "awaiting_reboot" for target in record.targets),
        "InstallSummary": installs,
        "Targets": [target_summary(target, plan) for target in record.targets],
    }


def install_summary(target: TargetRecord, plan: Plan) -> list[dict[str, Any]]:
    """One line for every package whose step came to an end, with or without its job's, and for every update of the
    system."""
    lines = []
    for step in plan.target(target.host).steps:
        done = target.step(step.order)
        lines += [_update_line(target.host, one) for one in done.updates]
        if isinstance(step, PatchStep) and (done.job is not None or done.state in _WENT_WRONG):
            lines.append(_package_line(target.host, plan.package(step.package), done))
    return lines


def _package_line(host: str, package: Package, done: StepRecord) -> dict[str, Any]:
    """A job that does not end, or whose end nobody saw, has no code."""
    job = done.job
    began, ended = (done.started_at, done.ended_at) if job is None else (job.started_at, job.ended_at)
    took = timedelta(0) if began is None or ended is None else ended - began
    return {
        "kb": package.kb,
        "title": package.filename,
        "classification": "SQL Server update",
        "downloaded": done.delivered is not None,
        "installed": done.state is StepState.SUCCESS,
        "hresult": None if job is None else job.exit_code,
        "rebootRequired": job is not None and job.needs_reboot,
        "durationMs": int(took.total_seconds() * 1000),
        "target": host,
        "step": done.order,
    }


def _update_line(host: str, one: UpdateEnded) -> dict[str, Any]:
    return {
        "kb": one.kb,
        "title": one.title,
        "classification": one.classification,
        "downloaded": one.downloaded,
        "installed": one.state == "installed",
        "hresult": one.hresult,
        "rebootRequired": one.reboot_required,
        "durationMs": one.duration_ms,
        "target": host,
        "step": one.step,
        "state": one.state,
    }


def target_summary(target: TargetRecord, plan: Plan) -> dict[str, Any]:
    after = {} if target.after is None else {one.instance: one.build for one in target.after.builds}
    return {
        "host": target.host,
        "state": target.state,
        "failure": None if target.failure is None else to_document(target.failure),
        "startedUtc": _time(target.started_at),
        "endedUtc": _time(target.ended_at),
        "instances": [
            {"name": one.name, "before": one.before, "planned": one.after, "after": after.get(one.name)}
            for one in plan.target(target.host).instances
        ],
        "reboots": [to_document(one) for one in target.reboots],
        "connectionLosses": target.connection_losses,
        "warnings": list(target.warnings),
    }


def validation(record: RunRecord, moment: str) -> dict[str, Any]:
    """pre-validation.json and post-validation.json."""
    checks = {
        target.host: target.checks_before if moment == "before" else target.checks_after for target in record.targets
    }
    return {
        "schema_version": 1,
        "RunId": record.run_id,
        "phaseId": Phase.PRE_VALIDATION if moment == "before" else Phase.POST_VALIDATION,
        "targets": {host: [to_document(check) for check in found] for host, found in checks.items()},
    }


def regressions(record: RunRecord, differences: Mapping[str, Sequence[Difference]] = _NO_DIFFERENCES) -> dict[str, Any]:
    """What was well before and is not now, and what is gone. An update may have replaced what is gone: it is likely."""
    found = [
        {
            "App": f"{target.host}: {check.subject}",
            "Pattern": check.name,
            "PreStatus": _status_before(target, check),
            "PostStatus": check.found,
            "Confidence": "certain" if check.result is CheckResult.FAILED else "unknown",
        }
        for target in record.targets
        for check in target.checks_after
        if check.result in (CheckResult.FAILED, CheckResult.UNKNOWN)
    ]
    told = {one["App"] for one in found}
    found += [
        {
            "App": f"{host}: {one.key.partition('/')[2]}",
            "Pattern": f"{one.key.partition('/')[0]} gone",
            "PreStatus": one.before or "",
            "PostStatus": "gone",
            "Confidence": "likely",
        }
        for host, some in differences.items()
        for one in some
        if one.after is None and one.key.startswith(_MISSED) and f"{host}: {one.key.partition('/')[2]}" not in told
    ]
    return {"schema_version": 1, "RunId": record.run_id, "TotalRegressions": len(found), "Regressions": found}


def _status_before(target: TargetRecord, check: Check) -> str:
    """As the same check found it before; where there is none, what it has to be now is what it was."""
    same = (one.found for one in target.checks_before if (one.name, one.subject) == (check.name, check.subject))
    return next(same, check.expected)


def diff_report(record: RunRecord, differences: Mapping[str, Sequence[Difference]]) -> dict[str, Any]:
    """diff-report.json: the snapshots before and after, held against each other."""
    targets = {
        host: {
            "added": {one.key: one.after for one in found if one.before is None},
            "removed": {one.key: one.before for one in found if one.after is None},
            "changed": {
                one.key: {"before": one.before, "after": one.after}
                for one in found
                if one.before is not None and one.after is not None
            },
        }
        for host, found in differences.items()
    }
    return {
        "schema_version": 1,
        "RunId": record.run_id,
        "TotalDifferences": sum(map(len, differences.values())),
        "targets": targets,
    }


def diagnostics_summary(record: RunRecord, target: TargetRecord) -> dict[str, Any] | None:
    """diagnostics-summary.json of one host: what was fetched and where it lies, and what is missing and why."""
    taken = target.diagnostics
    if taken is None:
        return None
    return {
        "schema_version": 1,
        "RunId": record.run_id,
        "Target": target.host,
        "CollectedUtc": _time(target.diagnosed_at),
        "Result": taken.result,
        "Required": taken.required,
        "Trouble": list(taken.trouble),
        "Texts": [
            {
                "kind": one.kind,
                "name": one.name,
                "file": f"Artifacts/Output/{one.sha256}.txt",
                "sha256": one.sha256,
                "chars": one.chars,
                "cut": one.cut,
                "redactions": one.redactions,
            }
            for one in taken.texts
        ],
    }


def _time(at: Any) -> str | None:
    return None if at is None else at.isoformat().replace("+00:00", "Z")
