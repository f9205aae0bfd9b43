"""Tables of the people and of the desk. What happens to a case stays in `case_events`; most rows here are what the
desk must find at once and could be told again from those events."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from data_access.instants import Instant
from data_access.tables import city_key, metadata, number

users = Table(  # a person or a unit's terminal; never deleted, only disabled
    "users",
    metadata,
    city_key(),
    number("user_id"),
    Column("account", String(40), nullable=False),
    Column("name", String(40), nullable=False),
    Column("unit_id", Integer),  # of a unit's user: whose cases it sees
    Column("password_hash", String(200)),  # argon2; None until the one-time link is used
    Column("password_at", Instant),  # when it was chosen: it runs out
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("signed_in_at", Instant),
    Column("seen_at", Instant),
    Column("stamp", String(32), nullable=False),  # a new one ends every session of the account
    UniqueConstraint("city_id", "account"),
)

user_posts = Table(  # 岗位: what an account may do follows from these alone
    "user_posts",
    metadata,
    city_key(),
    number("user_id"),
    Column("post", String(16), primary_key=True),  # domain.people.Post
)

sign_in_failures = Table(  # in a row, by what was typed: an account that does not exist is locked like any other
    "sign_in_failures",
    metadata,
    city_key(),
    Column("account", String(40), primary_key=True),
    Column("failures", SmallInteger, nullable=False),
    Column("at", Instant, nullable=False),  # of the last one
    Column("locked_until", Instant),
)

sign_in_links = Table(  # one-time links to choose a password
    "sign_in_links",
    metadata,
    city_key(),
    Column("digest", LargeBinary(32), primary_key=True),  # SHA-256 of the link's secret
    Column("user_id", Integer, nullable=False),
    Column("until", Instant, nullable=False),
    Column("used_at", Instant),
)

post_changes = Table(  # two people: one proposes, another confirms
    "post_changes",
    metadata,
    city_key(),
    number("change_id"),
    Column("user_id", Integer, nullable=False),
    Column("wanted", Text, nullable=False),  # JSON: {"posts": […], "disabled": false}
    Column("proposed_by", Integer, nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("decided_by", Integer),
    Column("decided_at", Instant),
    Column("confirmed", Boolean),
)

audit = Table(  # append-only and chained: sign-ins, refusals, rights, what was shown or exported
    "audit",
    metadata,
    city_key(),
    Column("entry_id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(40), nullable=False),  # post#user_id, or system
    Column("action", String(32), nullable=False),
    Column("object", String(120), nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("detail", Text, nullable=False),  # canonical JSON, the hashed bytes
    Column("hash", LargeBinary(32), nullable=False),
    Index("ix_audit_at", "city_id", "at"),
)

counters = Table(  # numbers of documents; a number taken is never given again
    "counters",
    metadata,
    city_key(),
    Column("name", String(40), primary_key=True),  # 督办/2026, 移交/2026, case/20261125 …
    Column("last", BigInteger, nullable=False),
)

idempotency_keys = Table(  # one click = one key: a second request with it is given the first one's answer
    "idempotency_keys",
    metadata,
    city_key(),
    Column("user_id", Integer, primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("asked", LargeBinary(32), nullable=False),  # SHA-256 of the request: the same key for another is refused
    Column("answer", Text, nullable=False),  # JSON
    Index("ix_idempotency_keys_at", "city_id", "at"),
)

case_holds = Table(  # who is on a case (锁定)
    "case_holds",
    metadata,
    city_key(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("asked_by", Integer),  # 申请接管
    Column("asked_at", Instant),
)

acknowledgements = Table(  # of alerts: who has taken it on, and what was promised until when
    "acknowledgements",
    metadata,
    city_key(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("alert", String(24), primary_key=True),  # domain.alerts.Alert
    Column("version", Integer, nullable=False),  # of the claim event
    Column("owner_id", Integer, nullable=False),
    Column("note", String(500), nullable=False),
    Column("promised_at", Instant),
    Column("at", Instant, nullable=False),
    Column("by_id", Integer, nullable=False),
)

applications = Table(  # 延期, 挂账, 回退, 申诉 and what waits for a signature: asked, endorsed, decided
    "applications",
    metadata,
    city_key(),
    number("application_id"),
    Column("case_id", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),  # domain.applications.Kind
    Column("state", String(12), nullable=False),  # domain.applications.State
    Column("unit_id", Integer),
    Column("asked", Text, nullable=False),  # canonical JSON: what was asked and why
    Column("asked_version", Integer, nullable=False),  # the event that asked
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", Integer, nullable=False),
    Column("endorsed_at", Instant),  # 初审
    Column("endorsed_by", Integer),
    Column("endorsed", Text),
    Column("decided_at", Instant),  # 审签
    Column("decided_by", Integer),
    Column("decided", Text),
    Column("paper_at", Instant),  # 汝州: printed in the week's bundle
    Index("ix_applications_open", "city_id", "state", "kind"),
    Index("ix_applications_case", "city_id", "case_id"),
    Index("ix_applications_asked", "city_id", "asked_at"),
)

supervisions = Table(  # 督办通知单, and 领导批示 that has a deadline of its own
    "supervisions",
    metadata,
    city_key(),
    number("supervision_id"),
    Column("case_id", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),  # notice | instruction
    Column("number", String(40)),  # 澜督办〔2026〕120 号
    Column("unit_id", Integer),
    Column("issued_at", Instant, nullable=False),
    Column("issued_by", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("met_at", Instant),  # handled, or closed, by then
    Column("exposure", Boolean, nullable=False),  # 逾期转为曝光候选
    Column("replaced_by", Integer),  # a later notice for the same case
    Column("document_id", Integer),
    Index("ix_supervisions_case", "city_id", "case_id"),
    Index("ix_supervisions_due", "city_id", "met_at", "due_at"),
)

documents = Table(  # what was printed and sealed, exactly as it was: never changed
    "documents",
    metadata,
    city_key(),
    number("document_id"),
    Column("kind", String(16), nullable=False),  # supervision | transfer_slip | bundle | handover
    Column("number", String(40), nullable=False),
    Column("case_id", BigInteger),
    Column("at", Instant, nullable=False),
    Column("by_id", Integer, nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON
    Column("digest", LargeBinary(32), nullable=False),
    UniqueConstraint("city_id", "kind", "number"),
)

outbox = Table(  # notices owed; written in the transaction that owes them
    "outbox",
    metadata,
    city_key(),
    Column("notice_id", BigInteger, primary_key=True, autoincrement=False),
    Column("event_key", String(80), nullable=False),  # case/version/recipient: the same event never owes it twice
    Column("case_id", BigInteger),
    Column("version", Integer),
    Column("kind", String(24), nullable=False),  # urge, supervise, dispatch, reassign, decision …
    Column("recipient", String(140), nullable=False),  # unit:<key>, post:<post> or user:<id>
    Column("urgent", Boolean, nullable=False),  # quiet hours do not hold it back
    Column("title", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("state", String(8), nullable=False),  # owed | sent | failed | none
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("taken_until", Instant),  # a sender is at it
    Column("done_at", Instant),
    UniqueConstraint("city_id", "event_key"),
    Index("ix_outbox_owed", "city_id", "state", "not_before"),
    Index("ix_outbox_case", "city_id", "case_id"),
)

deliveries = Table(  # every attempt, through every channel
    "deliveries",
    metadata,
    city_key(),
    Column("delivery_id", BigInteger, primary_key=True, autoincrement=False),
    Column("notice_id", BigInteger, nullable=False),
    Column("channel", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("detail", String(300), nullable=False),
    Index("ix_deliveries_notice", "city_id", "notice_id"),
)

photos = Table(  # the bytes lie in the data folder under their own hash
    "photos",
    metadata,
    city_key(),
    number("photo_id"),
    Column("case_id", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),  # reported | verified | handled | rechecked | attachment
    Column("digest", LargeBinary(32), nullable=False),
    Column("media", String(12), nullable=False),  # jpeg | png
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by_id", Integer, nullable=False),
    Index("ix_photos_case", "city_id", "case_id"),
)

reporters = Table(  # who called: never leaves the desk (domain research 5.1)
    "reporters",
    metadata,
    city_key(),
    Column("case_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),  # of the report or the repeated report
    Column("name", String(40), nullable=False),
    Column("phone", String(40), nullable=False),
)

handovers = Table(  # 交接班
    "handovers",
    metadata,
    city_key(),
    number("handover_id"),
    Column("number", String(40), nullable=False),  # 20260519-早
    Column("from_id", Integer, nullable=False),
    Column("to_id", Integer),
    Column("began_at", Instant, nullable=False),
    Column("signed_at", Instant),
    Column("received_at", Instant),
    Column("words", Text, nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON: the sheet as it was signed
    Column("document_id", Integer),
    Index("ix_handovers_signed", "city_id", "signed_at"),
)

seals = Table(  # 封印: one per local day, over every event recorded in it
    "seals",
    metadata,
    city_key(),
    Column("day", Date, primary_key=True),
    Column("events", Integer, nullable=False),
    Column("entries", Integer, nullable=False),  # of the audit log
    Column("leaves", LargeBinary, nullable=False),  # domain.seals: how much of each case, so that a case can be named
    Column("digest", LargeBinary(32), nullable=False),  # chained to the seal before
    Column("sealed_at", Instant, nullable=False),
)

spotlights = Table(  # a case shown on a wall for two minutes
    "spotlights",
    metadata,
    city_key(),
    Column("wall", String(40), primary_key=True),
    Column("case_id", BigInteger, nullable=False),
    Column("until", Instant, nullable=False),
    Column("by_id", Integer, nullable=False),
)

desk_beats = Table(  # grows with everything the desk writes: the other desks look again
    "desk_beats",
    metadata,
    city_key(),
    Column("version", BigInteger, nullable=False),
)
