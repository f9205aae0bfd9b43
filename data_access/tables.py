"""Every table. Keys lead with city_id: several cities live in one database, and partitioning stays possible.

`cases` and `assignments` share the names of the columns that predicates ask about, so one predicate
(data_access/predicates.py) serves city tables, which count cases, and unit tables, which count assignments.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from data_access.instants import Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
    }
)


def city_key() -> Column[int]:
    return Column("city_id", SmallInteger, primary_key=True, autoincrement=False)


def number(name: str) -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


cities = Table(
    "cities",
    metadata,
    city_key(),
    Column("key", String(40), nullable=False, unique=True),
    Column("time_zone", String(40), nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("next_case_id", BigInteger, nullable=False),  # taken under the row's lock by every writer of new cases
    Column("history_since", String(10)),  # ISO day: the demo's oldest complete day while older ones are being written
)

areas = Table(  # 街道, 社区 and 责任区域
    "areas",
    metadata,
    city_key(),
    number("area_id"),
    Column("key", String(80), nullable=False),
    Column("name", String(80), nullable=False),
    Column("short_name", String(40), nullable=False),
    Column("level", String(12), nullable=False),  # street | community | patrol
    Column("parent_id", Integer),
    Column("geometry", Text),  # GeoJSON geometry, WGS-84
    Column("label_lon", Float),
    Column("label_lat", Float),
    UniqueConstraint("city_id", "level", "key"),
)

grids = Table(
    "grids",
    metadata,
    city_key(),
    number("grid_id"),
    Column("key", String(40), nullable=False),
    Column("name", String(80)),
    Column("street_id", Integer),
    Column("community_id", Integer),
    Column("patrol_area_id", Integer),  # 责任区域: the area one collector walks
    Column("grid_class", String(10)),
    Column("geometry", Text, nullable=False),  # GeoJSON geometry, WGS-84
    Column("area_m2", Float, nullable=False),
    UniqueConstraint("city_id", "key"),
)

map_features = Table(  # what the map draws under and over the grids
    "map_features",
    metadata,
    city_key(),
    number("feature_id"),
    Column("kind", String(12), nullable=False),  # outline | water | road | context_road
    Column("name", String(80)),
    Column("geometry", Text, nullable=False),
)

units = Table(
    "units",
    metadata,
    city_key(),
    number("unit_id"),
    Column("key", String(120), nullable=False),
    Column("name", String(120), nullable=False),
    Column("short_name", String(40), nullable=False),
    Column("unit_class", String(10)),
    UniqueConstraint("city_id", "key"),
)

categories = Table(  # structure of GB/T 30428.2: kind, major, minor; keys are opaque text
    "categories",
    metadata,
    city_key(),
    number("category_id"),
    Column("key", String(120), nullable=False),
    Column("kind", String(5)),  # part | event
    Column("major_code", String(3)),
    Column("major_name", String(80)),
    Column("minor_code", String(3)),
    Column("name", String(120), nullable=False),
    UniqueConstraint("city_id", "key"),
)

channels = Table(
    "channels",
    metadata,
    city_key(),
    number("channel_id"),
    Column("key", String(80), nullable=False),
    Column("name", String(80), nullable=False),
    UniqueConstraint("city_id", "key"),
)

cameras = Table(
    "cameras",
    metadata,
    city_key(),
    number("camera_id"),
    Column("key", String(80), nullable=False),
    Column("name", String(120), nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("state", String(8), nullable=False),  # online | late | offline
    Column("checked_at", Instant),
    UniqueConstraint("city_id", "key"),
)


def _figure_columns() -> list[Column[object]]:
    """The columns predicates ask about; the same in cases and assignments."""
    return [
        Column("category_id", Integer),
        Column("channel_id", Integer),
        Column("unit_id", Integer),  # of a case: its active lead assignment's
        Column("grid_id", Integer),
        Column("street_id", Integer),
        Column("reported_at", Instant, nullable=False),
        Column("registered_at", Instant),
        Column("dispatched_at", Instant),
        Column("received_at", Instant),
        Column("handled_at", Instant),  # the last handling that passed, or awaits, recheck
        Column("closed_at", Instant),
        Column("suspended_at", Instant),  # start of the suspension in force
        Column("voided_at", Instant),
        Column("exempted_at", Instant),  # an accepted appeal: the facts stay, the score leaves it out
        Column("due_at", Instant),  # by the original limit
        Column("effective_due_at", Instant),  # after extensions and suspensions
        Column("due_soon_at", Instant),  # when 80 % of the working time is used
        Column("rework_count", SmallInteger, nullable=False, default=0),
        Column("return_count", SmallInteger, nullable=False, default=0),
        Column("extension_count", SmallInteger, nullable=False, default=0),
        Column("suspension_count", SmallInteger, nullable=False, default=0),
        Column("extension_asks", SmallInteger, nullable=False, default=0),  # applications, granted or not
        Column("urgent", Boolean, nullable=False, default=False),
        Column("marks", SmallInteger, nullable=False, default=0),  # domain.marks.Mark
    ]


_UNFILED = text("registered_at IS NULL AND rejected_at IS NULL AND closed_at IS NULL AND voided_at IS NULL")

cases = Table(
    "cases",
    metadata,
    city_key(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_no", String(40), nullable=False),
    Column("source", String(40), nullable=False),  # gridwall, or the mapping's name: the owner of the case
    Column("version", Integer, nullable=False),  # = number of its events
    Column("stage", String(12), nullable=False),  # domain.life_cycle.Stage
    *_figure_columns(),
    Column("community_id", Integer),
    Column("accepted_at", Instant),
    Column("verified_at", Instant),
    Column("first_dispatched_at", Instant),
    Column("rechecked_at", Instant),
    Column("rejected_at", Instant),
    # When the last thing happened to it: whoever asks about an earlier instant has to replay its events.
    Column("changed_at", Instant, nullable=False),
    # When a step last changed or took back what an earlier one had left, instead of only adding to it; NULL = never.
    # What happened to the others by an earlier instant their own columns tell.
    Column("rewritten_at", Instant),
    Column("redispatch_count", SmallInteger, nullable=False, default=0),  # to another unit than the one before
    Column("procedure", String(12)),  # domain.life_cycle.Procedure: closed without dispatch, counted apart
    Column("ownerless", Boolean, nullable=False, default=False),  # 无主案件
    Column("tier", String(10)),  # domain.life_cycle.Tier
    Column("limit_value", Numeric(8, 2)),
    Column("limit_unit", String(14)),
    Column("due_provisional", Boolean, nullable=False, default=False),
    Column("road", String(120)),  # what a wall may show
    Column("address", String(300)),  # with house number: the desk only
    Column("description", Text),  # as reported: the desk only
    Column("lon", Float),  # WGS-84 as imported, even when marked unfit for the map
    Column("lat", Float),
    Column("row_hash", LargeBinary(16)),  # of the imported row: equal means nothing to do
    UniqueConstraint("city_id", "case_no"),
    Index("ix_cases_reported", "city_id", "reported_at", "channel_id"),
    Index("ix_cases_registered", "city_id", "registered_at", "grid_id", "street_id", "category_id", "unit_id"),
    Index("ix_cases_dispatched", "city_id", "dispatched_at"),
    Index("ix_cases_handled", "city_id", "handled_at", "street_id"),
    # Serves what was closed in a period and, by its NULL end, what is open: it covers every column those ask about.
    Index(
        "ix_cases_closed",
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
        "rework_count",
        "return_count",
        "extension_count",
        "category_id",
        "channel_id",
    ),
    # Few cases have no unit, and every table of units asks for them.
    Index(
        "ix_cases_unassigned",
        "city_id",
        "registered_at",
        sqlite_where=text("unit_id IS NULL"),
        postgresql_where=text("unit_id IS NULL"),
    ),
    Index("ix_cases_due", "city_id", "effective_due_at"),
    Index("ix_cases_changed", "city_id", "changed_at"),
    # Of those rewritten since an instant, only what had been reported by then is replayed: few.
    Index("ix_cases_rewritten", "city_id", "rewritten_at", "reported_at"),
    # Reports that wait to be filed: few, among ever more that were rejected.
    Index(
        "ix_cases_unfiled",
        "city_id",
        "reported_at",
        sqlite_where=_UNFILED,
        postgresql_where=_UNFILED,
    ),
)

assignments = Table(  # one case × one unit (派遣); dates of the case repeated so that unit tables ask one table
    "assignments",
    metadata,
    city_key(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("assignment_no", SmallInteger, primary_key=True, autoincrement=False),
    Column("role", String(8), nullable=False),  # domain.life_cycle.AssignmentRole
    *_figure_columns(),
    Column("ended_at", Instant),
    Column("end_reason", String(20)),  # domain.life_cycle.EndReason
    ForeignKeyConstraint(["city_id", "case_id"], ["cases.city_id", "cases.case_id"]),
    Index("ix_assignments_registered", "city_id", "registered_at", "unit_id"),
    Index("ix_assignments_handled", "city_id", "handled_at", "unit_id"),
    Index(
        "ix_assignments_closed",
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
        "return_count",
        "extension_count",
        "suspension_count",
        "ended_at",
        "dispatched_at",
        "category_id",
        "channel_id",
        "street_id",
    ),
    Index("ix_assignments_dispatched", "city_id", "dispatched_at", "unit_id"),
    # A year of every unit: in their order, and with all that scores and watch lists ask about.
    Index(
        "ix_assignments_unit",
        "city_id",
        "unit_id",
        "closed_at",
        "registered_at",
        "handled_at",
        "effective_due_at",
        "suspended_at",
        "voided_at",
        "ended_at",
        "dispatched_at",
        "end_reason",
        "role",
        "marks",
        "rework_count",
        "return_count",
        "extension_count",
        "suspension_count",
    ),
    # Few assignments are exempted, and every picture asks for them.
    Index(
        "ix_assignments_exempted",
        "city_id",
        "exempted_at",
        sqlite_where=text("exempted_at IS NOT NULL"),
        postgresql_where=text("exempted_at IS NOT NULL"),
    ),
    sqlite_with_rowid=False,  # the key is the row: no second index holds it again
)

case_events = Table(  # append-only; per-case hash chain (domain/events.py)
    "case_events",
    metadata,
    city_key(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("action", String(24), nullable=False),  # domain.life_cycle.Action
    Column("at", Instant, nullable=False),  # when it happened
    Column("recorded_at", Instant, nullable=False),  # when it was written
    Column("actor", String(40), nullable=False),  # a role and number, a source's name, never a person's name
    Column("body", Text, nullable=False),  # canonical JSON, the hashed bytes
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,  # the key is the row: no second index holds it again
)

quarantine = Table(  # rows that could not be read: set aside and reported, never dropped
    "quarantine",
    metadata,
    city_key(),
    number("entry_id"),
    Column("file", String(200), nullable=False),
    Column("row_number", BigInteger, nullable=False),  # 1 = first row after the heading
    Column("row_column", String(120)),
    Column("reason", String(300), nullable=False),
    Column("raw", Text, nullable=False),  # the row as read, JSON
    Column("row_hash", LargeBinary(16), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("city_id", "row_hash"),
)

snapshots = Table(  # the last good picture; `name` is live, or replay:<as-of>
    "snapshots",
    metadata,
    city_key(),
    Column("name", String(60), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("figures", LargeBinary, nullable=False),  # gzip JSON of the figures by address
    Column("views", LargeBinary, nullable=False),  # gzip JSON of every wall's rendered panels
)

snapshot_clocks = Table(  # beats every tick, apart from the large bodies above
    "snapshot_clocks",
    metadata,
    city_key(),
    Column("name", String(60), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("failing_since", Instant),
    Column("failure", Text),  # which question failed and why, in words for the hall
)

leases = Table(  # exactly one refresher (and one simulator) at a time
    "leases",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("owner", String(60), nullable=False),
    Column("until", Instant, nullable=False),
)
