"""Patch-blocked hosts: after a failure that may have hurt them, until somebody unblocks them with a reason."""

from datetime import datetime

from sqlalchemy import func, select

from core.model.block import PatchBlock
from core.model.ids import folded
from core.store.database import Database
from core.store.tables import patch_blocks


def open_blocks(database: Database, host: str | None = None) -> tuple[PatchBlock, ...]:
    """Of one host, whoever writes its name in which case, or of all; the oldest first."""
    columns = (
        patch_blocks.c.host,
        patch_blocks.c.run_id,
        patch_blocks.c.blocked_at,
        patch_blocks.c.failure_type,
        patch_blocks.c.detail,
    )
    asked = select(*columns).where(patch_blocks.c.unblocked_at.is_(None)).order_by(patch_blocks.c.id)
    with database.read() as connection:
        blocks = tuple(PatchBlock(*row) for row in connection.execute(asked))
    return blocks if host is None else tuple(one for one in blocks if folded(one.host) == folded(host))


def last_unblocked(database: Database) -> dict[str, datetime]:
    """When each host was unblocked last, if it ever was."""
    asked = (
        select(patch_blocks.c.host, func.max(patch_blocks.c.unblocked_at).label("at"))
        .where(patch_blocks.c.unblocked_at.is_not(None))
        .group_by(patch_blocks.c.host)
    )
    with database.read() as connection:
        return {row.host: row.at for row in connection.execute(asked)}
