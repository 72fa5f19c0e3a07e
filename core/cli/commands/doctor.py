"""doctor."""

import click

from core.app.doctor import examine
from core.cli.answering import Answer, Options, command
from core.model.check import CheckResult
from core.model.document import to_document

_MARKS = {
    CheckResult.PASSED: "ok",
    CheckResult.WARNED: "warning",
    CheckResult.FAILED: "FAILED",
    CheckResult.UNKNOWN: "?",
}


@click.command()
@command("doctor")
def doctor(options: Options) -> Answer:
    """Look whether this PC is ready: drivers, Kerberos, vault, disk, clock."""
    checks = examine(options.named_workspace)
    lines = [f"{_MARKS[check.result]:<8} {check.name:<10} {check.found}" for check in checks]
    ready = all(check.result is not CheckResult.FAILED for check in checks)
    lines.append("ready" if ready else "not ready: mend what has failed")
    data = {"ready": ready, "checks": [to_document(check) for check in checks]}
    return Answer(data, "\n".join(lines), flawed=not ready)
