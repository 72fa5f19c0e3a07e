"""How long runs worked: what somebody had verified again later is told apart from that."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT_WORK = frozenset({"pending", "in_progress", "overdue"})
_OVER = frozenset({"success", "failed", "skipped"})
# What is quoted in a line has its quotes escaped: only an event's own name stands so.
_TAKEN_UP = ('%"event":"reverify_asked"%', '%"event":"run_resumed"%')


_RUNS = sa.table("hotfix_runs", *map(sa.column, ("id", "run_id", "ended_at", "worked_until")))
_TARGETS = sa.table(
    "hotfix_targets", *map(sa.column, ("id", "hotfix_run_id", "host", "ended_at", "worked_until", "reverify_by"))
)
_STEPS = sa.table("hotfix_steps", *map(sa.column, ("hotfix_target_id", "step_order", "completed_at")))
_JOURNAL = sa.table("journal", *map(sa.column, ("run_id", "seq", "line")))


def upgrade() -> None:
    op.add_column("hotfix_targets", sa.Column("reverify_by", sa.String(255)))
    for table in (_RUNS, _TARGETS):
        op.add_column(table.name, sa.Column("worked_until", sa.String(32)))
        op.execute(table.update().values(worked_until=table.c.ended_at))
    connection = op.get_bind()
    for run_id in _runs_taken_up(connection):
        _mend(connection, run_id, _told(_lines(connection, run_id)))


@dataclass
class _Story:
    """Of one run: when its work was over, on each host and altogether, and what was found over only later."""

    until: str | None = None
    hosts: dict[str, str | None] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    late: list[tuple[str, int]] = field(default_factory=list)


def _runs_taken_up(connection: sa.Connection) -> list[str]:
    asked = sa.or_(*(_JOURNAL.c.line.like(pattern) for pattern in _TAKEN_UP))
    return list(connection.execute(sa.select(_JOURNAL.c.run_id).distinct().where(asked)).scalars())


def _lines(connection: sa.Connection, run_id: str) -> Iterable[dict[str, Any]]:
    asked = sa.select(_JOURNAL.c.line).where(_JOURNAL.c.run_id == run_id).order_by(_JOURNAL.c.seq)
    return map(json.loads, connection.execute(asked).scalars())


def _told(lines: Iterable[dict[str, Any]]) -> _Story:
    story = _Story()
    for line in lines:
        at, host, data = line["timestamp"], line["target"], line["data"]
        match line["event"]:
            case "run_ended":
                story.until = story.until or at
            case "reverify_asked":
                story.asked[host] = data["by"]
            case "target_moved":
                _move(story, host, data["after"], at)
            case "step_moved" if data["after"] in _OVER and data["before"] != "pending" and story.hosts.get(host):
                story.late.append((host, data["step"]))
    return story


def _move(story: _Story, host: str, after: str, at: str) -> None:
    asked = story.asked.pop(host, None)
    if after not in _AT_WORK:
        story.hosts[host] = story.hosts.get(host) or at
    elif asked is None:
        story.hosts[host] = story.until = None


def _mend(connection: sa.Connection, run_id: str, story: _Story) -> None:
    run = sa.select(_RUNS.c.id).where(_RUNS.c.run_id == run_id)
    connection.execute(_RUNS.update().where(_RUNS.c.run_id == run_id).values(worked_until=story.until))
    targets = sa.select(_TARGETS.c.host, _TARGETS.c.id).where(_TARGETS.c.hotfix_run_id == run.scalar_subquery())
    for host, target in connection.execute(targets).all():
        values = {"worked_until": story.hosts.get(host), "reverify_by": story.asked.get(host)}
        connection.execute(_TARGETS.update().where(_TARGETS.c.id == target).values(values))
        of_host = _STEPS.update().where(_STEPS.c.hotfix_target_id == target)
        for step in (step for other, step in story.late if other == host):
            connection.execute(of_host.where(_STEPS.c.step_order == step).values(completed_at=None))
