"""The first form of the database."""

import sqlalchemy as sa
from alembic import op

from core.store.guards import TRIGGERS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.String(32)


def upgrade() -> None:
    _inventory()
    _documents()
    _runs()
    for name, body in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body}")


def _inventory() -> None:
    op.create_table(
        "servers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("hostname", sa.String(255), nullable=False),
        sa.Column("ip_address", sa.String(64)),
        sa.Column("machine_id", sa.String(64)),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_servers"),
        sa.UniqueConstraint("hostname", name="uq_servers_hostname"),
    )
    op.create_table(
        "instances",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("server_id", sa.Integer, nullable=False),
        sa.Column("instance_name", sa.String(128), nullable=False),
        sa.Column("port", sa.Integer),
        sa.Column("version", sa.String(32)),
        sa.Column("version_major", sa.Integer),
        sa.Column("edition", sa.String(128)),
        sa.Column("product_level", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_instances"),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name="fk_instances_server_id_servers"),
        sa.UniqueConstraint("server_id", "instance_name", name="uq_instances_server_id_instance_name"),
    )


def _documents() -> None:
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("collected_at", _TIME, nullable=False),
        sa.Column("tells_updates", sa.Boolean, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_facts"),
        sa.UniqueConstraint("digest", name="uq_facts_digest"),
    )
    op.create_index("ix_facts_host", "facts", ["host"])
    op.create_table(
        "plans",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_table(
        "authorisations",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("plan_id", sa.String(36), nullable=False),
        sa.Column("granted_at", _TIME, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_authorisations"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_authorisations_plan_id_plans"),
    )
    op.create_index("ix_authorisations_plan_id", "authorisations", ["plan_id"])
    op.create_table(
        "journal",
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "seq", name="pk_journal"),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("host", sa.String(255)),
        sa.Column("asked_by", sa.String(255), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("taken", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
    )
    op.create_index("ix_requests_run_id", "requests", ["run_id"])


def _runs() -> None:
    op.create_table(
        "patch_blocks",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("blocked_at", _TIME, nullable=False),
        sa.Column("failure_type", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("unblocked_at", _TIME),
        sa.Column("unblocked_by", sa.String(255)),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_patch_blocks"),
        sa.UniqueConstraint("run_id", "host", "blocked_at", name="uq_patch_blocks_run_id_host_blocked_at"),
    )
    op.create_index("ix_patch_blocks_host", "patch_blocks", ["host"])
    op.create_table(
        "run_tallies",
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("tenant", sa.String(255), nullable=False),
        sa.Column("journal_hash", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "tenant", name="pk_run_tallies"),
    )
    op.create_table(
        "hotfix_runs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.String(36), nullable=False),
        sa.Column("plan_id", sa.String(36), nullable=False),
        sa.Column("authorisation_id", sa.String(36), nullable=False),
        sa.Column("operator", sa.String(255), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_hotfix_runs"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_hotfix_runs_plan_id_plans"),
        sa.ForeignKeyConstraint(
            ["authorisation_id"], ["authorisations.id"], name="fk_hotfix_runs_authorisation_id_authorisations"
        ),
        sa.UniqueConstraint("run_id", name="uq_hotfix_runs_run_id"),
    )
    op.create_table(
        "hotfix_targets",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("hotfix_run_id", sa.Integer, nullable=False),
        sa.Column("server_id", sa.Integer, nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("phase", sa.String(16)),
        sa.Column("requires_restart", sa.Boolean, nullable=False),
        sa.Column("error_message", sa.Text),
        sa.Column("started_at", _TIME),
        sa.Column("ended_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_hotfix_targets"),
        sa.ForeignKeyConstraint(
            ["hotfix_run_id"], ["hotfix_runs.id"], name="fk_hotfix_targets_hotfix_run_id_hotfix_runs"
        ),
        sa.ForeignKeyConstraint(["server_id"], ["servers.id"], name="fk_hotfix_targets_server_id_servers"),
        sa.UniqueConstraint("hotfix_run_id", "host", name="uq_hotfix_targets_hotfix_run_id_host"),
    )
    op.create_index("ix_hotfix_targets_server_id", "hotfix_targets", ["server_id"])
    op.create_table(
        "hotfix_target_instances",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("hotfix_target_id", sa.Integer, nullable=False),
        sa.Column("instance_name", sa.String(128), nullable=False),
        sa.Column("pre_build", sa.String(32), nullable=False),
        sa.Column("planned_build", sa.String(32), nullable=False),
        sa.Column("post_build", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_hotfix_target_instances"),
        sa.ForeignKeyConstraint(
            ["hotfix_target_id"],
            ["hotfix_targets.id"],
            name="fk_hotfix_target_instances_hotfix_target_id_hotfix_targets",
        ),
        sa.UniqueConstraint(
            "hotfix_target_id", "instance_name", name="uq_hotfix_target_instances_hotfix_target_id_instance_name"
        ),
    )
    op.create_table(
        "hotfix_steps",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("hotfix_target_id", sa.Integer, nullable=False),
        sa.Column("step_order", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("installer_file", sa.String(255)),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("started_at", _TIME),
        sa.Column("completed_at", _TIME),
        sa.Column("exit_code", sa.Integer),
        sa.Column("output", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_hotfix_steps"),
        sa.ForeignKeyConstraint(
            ["hotfix_target_id"], ["hotfix_targets.id"], name="fk_hotfix_steps_hotfix_target_id_hotfix_targets"
        ),
        sa.UniqueConstraint("hotfix_target_id", "step_order", name="uq_hotfix_steps_hotfix_target_id_step_order"),
    )
