"""the case store"""

import sqlalchemy as sa
from alembic import op

from data_access.instants import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "areas",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("area_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("geometry", sa.Text(), nullable=True),
        sa.Column("label_lon", sa.Float(), nullable=True),
        sa.Column("label_lat", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "area_id", name=op.f("pk_areas")),
        sa.UniqueConstraint("city_id", "level", "key", name=op.f("uq_areas_city_id_level_key")),
    )
    op.create_table(
        "cameras",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("camera_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("checked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "camera_id", name=op.f("pk_cameras")),
        sa.UniqueConstraint("city_id", "key", name=op.f("uq_cameras_city_id_key")),
    )
    op.create_table(
        "case_events",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(length=24), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "case_id", "version", name=op.f("pk_case_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cases",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("street_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", Instant(), nullable=False),
        sa.Column("registered_at", Instant(), nullable=True),
        sa.Column("dispatched_at", Instant(), nullable=True),
        sa.Column("received_at", Instant(), nullable=True),
        sa.Column("handled_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("suspended_at", Instant(), nullable=True),
        sa.Column("voided_at", Instant(), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("effective_due_at", Instant(), nullable=True),
        sa.Column("due_soon_at", Instant(), nullable=True),
        sa.Column("rework_count", sa.SmallInteger(), nullable=False),
        sa.Column("return_count", sa.SmallInteger(), nullable=False),
        sa.Column("extension_count", sa.SmallInteger(), nullable=False),
        sa.Column("suspension_count", sa.SmallInteger(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("marks", sa.SmallInteger(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", Instant(), nullable=True),
        sa.Column("verified_at", Instant(), nullable=True),
        sa.Column("first_dispatched_at", Instant(), nullable=True),
        sa.Column("rechecked_at", Instant(), nullable=True),
        sa.Column("rejected_at", Instant(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("redispatch_count", sa.SmallInteger(), nullable=False),
        sa.Column("procedure", sa.String(length=12), nullable=True),
        sa.Column("ownerless", sa.Boolean(), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=True),
        sa.Column("limit_value", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("limit_unit", sa.String(length=14), nullable=True),
        sa.Column("due_provisional", sa.Boolean(), nullable=False),
        sa.Column("road", sa.String(length=120), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("row_hash", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "case_id", name=op.f("pk_cases")),
        sa.UniqueConstraint("city_id", "case_no", name=op.f("uq_cases_city_id_case_no")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cases_closed",
            [
                "city_id",
                "closed_at",
                "registered_at",
                "effective_due_at",
                "handled_at",
                "suspended_at",
                "voided_at",
                "unit_id",
                "grid_id",
                "street_id",
                "marks",
                "due_soon_at",
            ],
            unique=False,
        )
        batch_op.create_index("ix_cases_dispatched", ["city_id", "dispatched_at"], unique=False)
        batch_op.create_index("ix_cases_changed", ["city_id", "changed_at"], unique=False)
        batch_op.create_index("ix_cases_due", ["city_id", "effective_due_at"], unique=False)
        batch_op.create_index("ix_cases_handled", ["city_id", "handled_at", "street_id"], unique=False)
        batch_op.create_index(
            "ix_cases_registered",
            ["city_id", "registered_at", "grid_id", "street_id", "category_id", "unit_id"],
            unique=False,
        )
        batch_op.create_index("ix_cases_reported", ["city_id", "reported_at", "channel_id"], unique=False)

    op.create_table(
        "categories",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("category_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=True),
        sa.Column("major_code", sa.String(length=3), nullable=True),
        sa.Column("major_name", sa.String(length=80), nullable=True),
        sa.Column("minor_code", sa.String(length=3), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "category_id", name=op.f("pk_categories")),
        sa.UniqueConstraint("city_id", "key", name=op.f("uq_categories_city_id_key")),
    )
    op.create_table(
        "channels",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "channel_id", name=op.f("pk_channels")),
        sa.UniqueConstraint("city_id", "key", name=op.f("uq_channels_city_id_key")),
    )
    op.create_table(
        "cities",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("next_case_id", sa.BigInteger(), nullable=False),
        sa.Column("history_since", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("city_id", name=op.f("pk_cities")),
        sa.UniqueConstraint("key", name=op.f("uq_cities_key")),
    )
    op.create_table(
        "grids",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("grid_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("street_id", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("patrol_area_id", sa.Integer(), nullable=True),
        sa.Column("grid_class", sa.String(length=10), nullable=True),
        sa.Column("geometry", sa.Text(), nullable=False),
        sa.Column("area_m2", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "grid_id", name=op.f("pk_grids")),
        sa.UniqueConstraint("city_id", "key", name=op.f("uq_grids_city_id_key")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "map_features",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("feature_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("geometry", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "feature_id", name=op.f("pk_map_features")),
    )
    op.create_table(
        "quarantine",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("row_column", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("row_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "entry_id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("city_id", "row_hash", name=op.f("uq_quarantine_city_id_row_hash")),
    )
    op.create_table(
        "snapshot_clocks",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("as_of", Instant(), nullable=False),
        sa.Column("failing_since", Instant(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "name", name=op.f("pk_snapshot_clocks")),
    )
    op.create_table(
        "snapshots",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.LargeBinary(), nullable=False),
        sa.Column("views", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "name", name=op.f("pk_snapshots")),
    )
    op.create_table(
        "units",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("unit_class", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "unit_id", name=op.f("pk_units")),
        sa.UniqueConstraint("city_id", "key", name=op.f("uq_units_city_id_key")),
    )
    op.create_table(
        "assignments",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("assignment_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("street_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", Instant(), nullable=False),
        sa.Column("registered_at", Instant(), nullable=True),
        sa.Column("dispatched_at", Instant(), nullable=True),
        sa.Column("received_at", Instant(), nullable=True),
        sa.Column("handled_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("suspended_at", Instant(), nullable=True),
        sa.Column("voided_at", Instant(), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("effective_due_at", Instant(), nullable=True),
        sa.Column("due_soon_at", Instant(), nullable=True),
        sa.Column("rework_count", sa.SmallInteger(), nullable=False),
        sa.Column("return_count", sa.SmallInteger(), nullable=False),
        sa.Column("extension_count", sa.SmallInteger(), nullable=False),
        sa.Column("suspension_count", sa.SmallInteger(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("marks", sa.SmallInteger(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["city_id", "case_id"], ["cases.city_id", "cases.case_id"], name=op.f("fk_assignments_cases")
        ),
        sa.PrimaryKeyConstraint("city_id", "case_id", "assignment_no", name=op.f("pk_assignments")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assignments_closed",
            [
                "city_id",
                "closed_at",
                "unit_id",
                "registered_at",
                "effective_due_at",
                "handled_at",
                "suspended_at",
                "voided_at",
                "role",
                "end_reason",
                "marks",
                "due_soon_at",
                "rework_count",
            ],
            unique=False,
        )
        batch_op.create_index("ix_assignments_handled", ["city_id", "handled_at", "unit_id"], unique=False)
        batch_op.create_index("ix_assignments_registered", ["city_id", "registered_at", "unit_id"], unique=False)


def downgrade() -> None:

    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index("ix_assignments_registered")
        batch_op.drop_index("ix_assignments_handled")
        batch_op.drop_index("ix_assignments_closed")

    op.drop_table("assignments")
    op.drop_table("units")
    op.drop_table("snapshots")
    op.drop_table("snapshot_clocks")
    op.drop_table("quarantine")
    op.drop_table("map_features")
    op.drop_table("leases")
    op.drop_table("grids")
    op.drop_table("cities")
    op.drop_table("channels")
    op.drop_table("categories")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_reported")
        batch_op.drop_index("ix_cases_registered")
        batch_op.drop_index("ix_cases_handled")
        batch_op.drop_index("ix_cases_due")
        batch_op.drop_index("ix_cases_changed")
        batch_op.drop_index("ix_cases_dispatched")
        batch_op.drop_index("ix_cases_closed")

    op.drop_table("cases")
    op.drop_table("case_events")
    op.drop_table("cameras")
    op.drop_table("areas")
