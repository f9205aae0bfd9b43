"""people and desk"""

import sqlalchemy as sa
from alembic import op

from data_access.instants import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:

    op.create_table(
        "acknowledgements",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("alert", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("promised_at", Instant(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "case_id", "alert", name=op.f("pk_acknowledgements")),
    )
    op.create_table(
        "applications",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("application_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_version", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("endorsed_at", Instant(), nullable=True),
        sa.Column("endorsed_by", sa.Integer(), nullable=True),
        sa.Column("endorsed", sa.Text(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided", sa.Text(), nullable=True),
        sa.Column("paper_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "application_id", name=op.f("pk_applications")),
    )
    op.create_index("ix_applications_asked", "applications", ["city_id", "asked_at"], unique=False)
    op.create_index("ix_applications_case", "applications", ["city_id", "case_id"], unique=False)
    op.create_index("ix_applications_open", "applications", ["city_id", "state", "kind"], unique=False)
    op.create_table(
        "audit",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("object", sa.String(length=120), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "entry_id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["city_id", "at"], unique=False)
    op.create_table(
        "case_holds",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "case_id", name=op.f("pk_case_holds")),
    )
    op.create_table(
        "counters",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "name", name=op.f("pk_counters")),
    )
    op.create_table(
        "deliveries",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "delivery_id", name=op.f("pk_deliveries")),
    )
    op.create_index("ix_deliveries_notice", "deliveries", ["city_id", "notice_id"], unique=False)
    op.create_table(
        "desk_beats",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", name=op.f("pk_desk_beats")),
    )
    op.create_table(
        "documents",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "document_id", name=op.f("pk_documents")),
        sa.UniqueConstraint("city_id", "kind", "number", name=op.f("uq_documents_city_id_kind_number")),
    )
    op.create_table(
        "handovers",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("handover_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("signed_at", Instant(), nullable=True),
        sa.Column("received_at", Instant(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "handover_id", name=op.f("pk_handovers")),
    )
    op.create_index("ix_handovers_signed", "handovers", ["city_id", "signed_at"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("asked", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "user_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_at", "idempotency_keys", ["city_id", "at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("notice_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_key", sa.String(length=80), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("recipient", sa.String(length=140), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("taken_until", Instant(), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "notice_id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("city_id", "event_key", name=op.f("uq_outbox_city_id_event_key")),
    )
    op.create_index("ix_outbox_case", "outbox", ["city_id", "case_id"], unique=False)
    op.create_index("ix_outbox_owed", "outbox", ["city_id", "state", "not_before"], unique=False)
    op.create_table(
        "photos",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("photo_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("media", sa.String(length=12), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "photo_id", name=op.f("pk_photos")),
    )
    op.create_index("ix_photos_case", "photos", ["city_id", "case_id"], unique=False)
    op.create_table(
        "post_changes",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("change_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "change_id", name=op.f("pk_post_changes")),
    )
    op.create_table(
        "reporters",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "case_id", "version", name=op.f("pk_reporters")),
    )
    op.create_table(
        "seals",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "day", name=op.f("pk_seals")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("failures", sa.SmallInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "account", name=op.f("pk_sign_in_failures")),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "digest", name=op.f("pk_sign_in_links")),
    )
    op.create_table(
        "spotlights",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("wall", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "wall", name=op.f("pk_spotlights")),
    )
    op.create_table(
        "supervisions",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("supervision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("met_at", Instant(), nullable=True),
        sa.Column("exposure", sa.Boolean(), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("city_id", "supervision_id", name=op.f("pk_supervisions")),
    )
    op.create_index("ix_supervisions_case", "supervisions", ["city_id", "case_id"], unique=False)
    op.create_index("ix_supervisions_due", "supervisions", ["city_id", "met_at", "due_at"], unique=False)
    op.create_table(
        "user_posts",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("post", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "user_id", "post", name=op.f("pk_user_posts")),
    )
    op.create_table(
        "users",
        sa.Column("city_id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("signed_in_at", Instant(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("city_id", "user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("city_id", "account", name=op.f("uq_users_city_id_account")),
    )
    op.add_column("assignments", sa.Column("exempted_at", Instant(), nullable=True))
    exempted = sa.text("exempted_at IS NOT NULL")
    op.create_index(
        "ix_assignments_exempted",
        "assignments",
        ["city_id", "exempted_at"],
        unique=False,
        sqlite_where=exempted,
        postgresql_where=exempted,
    )
    op.add_column("cases", sa.Column("exempted_at", Instant(), nullable=True))
    op.add_column("cases", sa.Column("description", sa.Text(), nullable=True))
    unfiled = sa.text("registered_at IS NULL AND rejected_at IS NULL AND closed_at IS NULL AND voided_at IS NULL")
    op.create_index(
        "ix_cases_unfiled",
        "cases",
        ["city_id", "reported_at"],
        unique=False,
        sqlite_where=unfiled,
        postgresql_where=unfiled,
    )
    for table in ("cases", "assignments"):
        op.add_column(table, sa.Column("extension_asks", sa.SmallInteger(), nullable=False, server_default="0"))
        # What was granted before was asked for: figures of the past stay what they were.
        op.execute(f"UPDATE {table} SET extension_asks = extension_count WHERE extension_count > 0")
