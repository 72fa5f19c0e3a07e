"""The tables. hotfix_runs, hotfix_targets and hotfix_steps are derived from the journal and moved with it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC, kept as ISO text that sorts by time: SQLite has no type that keeps the zone."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone is never stored: nobody knows whose it is")
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

servers = Table(
    "servers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hostname", String(255), nullable=False, unique=True),
    Column("ip_address", String(64)),
    Column("machine_id", String(64)),
    Column("is_active", Boolean, nullable=False, default=True),
)

instances = Table(
    "instances",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("instance_name", String(128), nullable=False),
    Column("port", Integer),
    Column("version", String(32)),
    Column("version_major", Integer),
    Column("edition", String(128)),
    Column("product_level", String(32)),
    UniqueConstraint("server_id", "instance_name"),
)

facts = Table(
    "facts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("host", String(255), nullable=False, index=True),
    Column("collected_at", UtcTime, nullable=False),
    Column("tells_updates", Boolean, nullable=False),
    Column("document", Text, nullable=False),
)

# A host whose last assessment failed; what was known before is in its facts.
unanswered = Table(
    "unanswered",
    metadata,
    Column("host", String(255), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("cause", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("hint", Text, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("document", Text, nullable=False),
)

authorisations = Table(
    "authorisations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("plan_id", ForeignKey("plans.id"), nullable=False, index=True),
    Column("granted_at", UtcTime, nullable=False),
    Column("document", Text, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("run_id", String(36), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("line", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", String(36), nullable=False, index=True),
    Column("action", String(32), nullable=False),
    Column("host", String(255)),
    Column("asked_by", String(255), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("taken", Boolean, nullable=False, default=False),
)

hotfix_runs = Table(
    "hotfix_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", String(36), nullable=False, unique=True),
    Column("plan_id", ForeignKey("plans.id"), nullable=False),
    Column("authorisation_id", ForeignKey("authorisations.id"), nullable=False),
    Column("operator", String(255), nullable=False),
    Column("status", String(32), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("worked_until", UtcTime),
)

hotfix_targets = Table(
    "hotfix_targets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hotfix_run_id", ForeignKey("hotfix_runs.id"), nullable=False),
    Column("server_id", ForeignKey("servers.id"), nullable=False, index=True),
    Column("host", String(255), nullable=False),
    Column("status", String(32), nullable=False),
    Column("phase", String(16)),
    Column("requires_restart", Boolean, nullable=False),
    Column("error_message", Text),
    Column("started_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("worked_until", UtcTime),
    # Who asked to verify it again, until that begins.
    Column("reverify_by", String(255)),
    UniqueConstraint("hotfix_run_id", "host"),
)

hotfix_target_instances = Table(
    "hotfix_target_instances",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hotfix_target_id", ForeignKey("hotfix_targets.id"), nullable=False),
    Column("instance_name", String(128), nullable=False),
    Column("pre_build", String(32), nullable=False),
    Column("planned_build", String(32), nullable=False),
    Column("post_build", String(32)),
    UniqueConstraint("hotfix_target_id", "instance_name"),
)

hotfix_steps = Table(
    "hotfix_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hotfix_target_id", ForeignKey("hotfix_targets.id"), nullable=False),
    Column("step_order", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("installer_file", String(255)),
    Column("description", Text, nullable=False),
    Column("status", String(32), nullable=False),
    Column("started_at", UtcTime),
    Column("completed_at", UtcTime),
    Column("exit_code", Integer),
    Column("output", String(64)),
    UniqueConstraint("hotfix_target_id", "step_order"),
)

# A host is patch-blocked while a row of it, of whatever run, has no end.
patch_blocks = Table(
    "patch_blocks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", String(36), nullable=False),
    Column("host", String(255), nullable=False, index=True),
    Column("blocked_at", UtcTime, nullable=False),
    Column("failure_type", String(32), nullable=False),
    Column("detail", Text, nullable=False),
    Column("unblocked_at", UtcTime),
    Column("unblocked_by", String(255)),
    Column("reason", Text),
    UniqueConstraint("run_id", "host", "blocked_at"),
)

# What a run adds to the trend, for everybody or for a tenant, as it was told when its journal ended with this line.
run_tallies = Table(
    "run_tallies",
    metadata,
    Column("run_id", String(36), primary_key=True),
    Column("tenant", String(255), primary_key=True),
    Column("journal_hash", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
)

# What can be made anew from the journal, children before parents.
DERIVED = (patch_blocks, hotfix_steps, hotfix_target_instances, hotfix_targets, hotfix_runs)
