"""Reports as they were issued: every edition stays, a new one never replaces an older one."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, SmallInteger, String, Table, Text, UniqueConstraint

from data_access.instants import Instant
from data_access.tables import city_key, metadata, number

reports = Table(  # one edition of one report (周统计, 工作简报, 通报)
    "reports",
    metadata,
    city_key(),
    number("report_id"),
    Column("kind", String(12), nullable=False),  # domain.reports.ReportKind
    Column("first", Date, nullable=False),  # [first, end), local days
    Column("end", Date, nullable=False),
    Column("edition", SmallInteger, nullable=False),  # 第 n 版 of this kind and period
    Column("issue_no", Integer),  # 总第 n 期 of a brief; the editions of one period share it
    Column("as_of", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(40), nullable=False),  # a post and number, or `schedule`
    Column("rules", Text, nullable=False),  # JSON: name and version of every score used
    Column("figures", LargeBinary(32), nullable=False),  # SHA-256 of the figures, whatever they are printed on
    UniqueConstraint("city_id", "kind", "first", "end", "edition"),
)

report_files = Table(  # the papers of an edition
    "report_files",
    metadata,
    city_key(),
    number("report_id"),
    Column("name", String(120), primary_key=True),  # as it is downloaded
    Column("media_type", String(100), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
)

Index("ix_reports_made", reports.c.city_id, reports.c.made_at)
