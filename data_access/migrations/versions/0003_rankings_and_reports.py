"""rankings and reports"""

import sqlalchemy as sa
from alembic import op

from data_access.instants import Instant

revision = "0003"
down_revision = "0002"

CASES_CLOSED = (
    "city_id", "closed_at", "registered_at", "effective_due_at", "handled_at", "suspended_at", "voided_at", "unit_id",
    "grid_id", "street_id", "marks", "due_soon_at",
)  # fmt: skip
CASES_MORE = ("rework_count", "return_count", "extension_count", "category_id", "channel_id")
WORK_CLOSED = (
    "city_id", "closed_at", "unit_id", "registered_at", "effective_due_at", "handled_at", "suspended_at", "voided_at",
    "role", "end_reason", "marks", "due_soon_at", "rework_count",
)  # fmt: skip
WORK_MORE = (
    "return_count", "extension_count", "suspension_count", "ended_at", "dispatched_at", "category_id", "channel_id",
    "street_id",
)  # fmt: skip
WORK_BY_UNIT = (
    "city_id", "unit_id", "closed_at", "registered_at", "handled_at", "effective_due_at", "suspended_at", "voided_at",
    "ended_at", "dispatched_at", "end_reason", "role", "marks", "rework_count", "return_count", "extension_count",
    "suspension_count",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("cases", sa.Column("rewritten_at", Instant(), nullable=True))
    # Nobody wrote down what an older release has overwritten: every change may have been one, which is only slower.
    op.execute("UPDATE cases SET rewritten_at = changed_at")
    op.create_index("ix_cases_rewritten", "cases", ["city_id", "rewritten_at", "reported_at"], unique=False)
    _find_by_more()
    op.create_table(
        "reports",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("report_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("edition", sa.SmallInteger(), nullable=False),
        sa.Column("issue_no", sa.Integer(), nullable=True),
        sa.Column("as_of", Instant(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("figures", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "report_id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "city_id", "kind", "first", "end", "edition", name=op.f("uq_reports_city_id_kind_first_end_edition")
        ),
    )
    op.create_index("ix_reports_made", "reports", ["city_id", "made_at"], unique=False)
    op.create_table(
        "report_files",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("report_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "report_id", "name", name=op.f("pk_report_files")),
    )


def _find_by_more() -> None:
    """Indexes that hold all that a table of figures asks about."""
    unassigned = sa.text("unit_id IS NULL")
    op.create_index(
        "ix_cases_unassigned",
        "cases",
        ["city_id", "registered_at"],
        unique=False,
        sqlite_where=unassigned,
        postgresql_where=unassigned,
    )
    for table, known, more in (("cases", CASES_CLOSED, CASES_MORE), ("assignments", WORK_CLOSED, WORK_MORE)):
        op.drop_index(f"ix_{table}_closed", table_name=table)
        op.create_index(f"ix_{table}_closed", table, [*known, *more], unique=False)
    op.create_index("ix_assignments_dispatched", "assignments", ["city_id", "dispatched_at", "unit_id"], unique=False)
    op.create_index("ix_assignments_unit", "assignments", list(WORK_BY_UNIT), unique=False)
