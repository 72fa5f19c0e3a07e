"""How long steps that ended well have taken, by installer: what the planner's estimates rest on."""

from sqlalchemy import select

from core.model.state import StepState
from core.store.database import Database
from core.store.tables import hotfix_steps

# The newest say most, and a plan must not slow down with the years.
_MOST = 20_000


def seen_durations(database: Database) -> dict[str, tuple[int, ...]]:
    """Whole seconds, newest first. Steps without an installer go by their kind."""
    asked = (
        select(
            hotfix_steps.c.installer_file, hotfix_steps.c.kind, hotfix_steps.c.started_at, hotfix_steps.c.completed_at
        )
        .where(
            hotfix_steps.c.status == StepState.SUCCESS,
            hotfix_steps.c.started_at.is_not(None),
            hotfix_steps.c.completed_at.is_not(None),
        )
        .order_by(hotfix_steps.c.id.desc())
        .limit(_MOST)
    )
    seen: dict[str, list[int]] = {}
    with database.read() as connection:
        for file, kind, started, completed in connection.execute(asked):
            seen.setdefault(file or kind, []).append(int((completed - started).total_seconds()))
    return {key: tuple(some) for key, some in seen.items()}
