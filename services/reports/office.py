"""The office that issues reports: every edition is kept as it was, and the same figures never become a second one."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from data_access import reports
from data_access.reports import NewEdition
from domain.audit import SYSTEM
from domain.editions import NUMBERED, Edition, ReportFile
from domain.people import Person
from domain.ranking_view import Span
from domain.refusals import Refusal
from domain.reports import KIND_WORDS, ReportKind, fingerprint, numbered
from services.dispatch.commands import NotAllowed, NotFound
from services.people.register import Register, actor_of
from services.reports.issue import Paper, facts_of, files_of

TRIES = 5
SHOWN = 60


@dataclass(frozen=True)
class Made:
    """The edition that says these figures; not `new` where it was there already."""

    edition: Edition
    new: bool


@dataclass(frozen=True)
class Place:
    """Where the next edition of a report comes: 第 n 版, 第 n 期 of its year, 总第 n 期."""

    edition: int
    issue: int
    issue_total: int


class Overtaken(Exception):
    """Somebody else has kept an edition meanwhile."""


class ReportOffice:
    """Of one city. `paper` prints; `clock` stamps when an edition was made. A frozen replay issues nothing."""

    def __init__(
        self, register: Register, paper: Paper, clock: Callable[[], datetime], *, frozen: bool = False
    ) -> None:
        self.register, self.paper, self.clock, self.frozen = register, paper, clock, frozen
        self.store, self.city, self.number = register.store, register.city, register.number

    def make(self, kind: ReportKind, span: Span, as_of: datetime, by: Person | str | None) -> Made:
        """Gives the edition that says what is so at as_of, and keeps it when there is none yet: the old ones stay.

        Raises Refusal when the period has not begun, the paper cannot be printed, or others keep coming first; nothing
        has been written then.
        """
        if self.frozen:
            raise NotAllowed("回放中不出报告", KIND_WORDS[kind], "请在实时系统里生成。")
        with self.store.picture() as connection:
            facts = facts_of(connection, self.city, self.number, kind, span, as_of)
        figures = fingerprint(facts)
        for _ in range(TRIES):
            with self.store.picture() as connection:
                there = self._of_period(connection, kind, span)
                place = self._place(connection, kind, span, there)
            if same := _saying(there, figures):
                return Made(same, new=False)
            files = self._printed(numbered(facts, place.edition, place.issue, place.issue_total))
            new = NewEdition(
                kind, span.first, span.end, place.edition, place.issue_total, as_of, self.clock(),
                actor_of(by) if isinstance(by, Person) else by or SYSTEM, _rules(facts), figures,
            )  # fmt: skip
            try:
                return Made(self._keep(span, place, new, files, by), new=True)
            except (Overtaken, IntegrityError):
                continue  # read again: theirs may say the same
        raise Refusal("同一份报告正由别处生成", KIND_WORDS[kind], "没有写入任何内容。请稍后重试。")

    def editions(self, kind: ReportKind | None = None, before: int | None = None) -> list[Edition]:
        """The newest editions, one more than are shown when there are older ones."""
        with self.store.picture() as connection:
            return reports.newest(connection, self.number, kind, SHOWN + 1, before)

    def of_period(self, kind: ReportKind, span: Span) -> list[Edition]:
        with self.store.picture() as connection:
            return self._of_period(connection, kind, span)

    def files(self, edition: Edition) -> dict[str, bytes]:
        """Every file of an edition as it was kept."""
        with self.store.picture() as connection:
            return reports.files(connection, self.number, edition.report_id)

    def hand_out(self, report_id: int, name: str, person: Person) -> ReportFile:
        """A file as it was kept; who took it stands in the log. Raises NotFound."""
        with self.store.picture() as connection:
            found = reports.file(connection, self.number, report_id, name)
        if found is None:
            raise NotFound("没有这份报告文件", name[:60], "请回到报告列表重新点选。")
        with self.store.write.begin() as connection:
            self.register.record(connection, self.clock(), person, "export_report", name)
        return found

    def _of_period(self, connection: Connection, kind: ReportKind, span: Span) -> list[Edition]:
        return reports.of_period(connection, self.number, kind, span.first, span.end)

    def _place(self, connection: Connection, kind: ReportKind, span: Span, there: list[Edition]) -> Place:
        edition = there[-1].edition + 1 if there else 1
        if kind not in NUMBERED:
            return Place(edition, 0, 0)
        total = there[0].issue_total if there else reports.last_issue(connection, self.number, kind) + 1
        earlier = reports.issues_of_year(connection, self.number, kind, span.first.year, total)
        return Place(edition, earlier + 1, total)

    def _printed(self, facts: Any) -> list[tuple[str, str, bytes]]:
        try:
            return files_of(facts, self.city, self.paper)
        except (RuntimeError, OSError) as error:  # what the press raises, and a disk that is full
            what = f"报告没有印出来：{str(error)[:120]}"
            raise Refusal(what, facts.head.title, "没有写入任何内容。请核对磁盘和字体后重试。") from error

    def _keep(
        self, span: Span, place: Place, new: NewEdition, files: list[tuple[str, str, bytes]], by: Person | str | None
    ) -> Edition:
        """All of it or nothing. Raises Overtaken when the place is no longer the next one."""
        with self.store.write.begin() as connection:
            report_id = reports.take_id(connection, self.number)
            there = self._of_period(connection, new.kind, span)
            if self._place(connection, new.kind, span, there) != place or _saying(there, new.figures):
                raise Overtaken
            reports.keep(connection, self.number, report_id, new, files)
            about = f"{KIND_WORDS[new.kind]} {span.first:%F} 第 {place.edition} 版"
            self.register.record(connection, new.made_at, by, "make_report", about, figures=new.figures.hex())
        sizes = {name: len(content) for name, _media_type, content in files}
        return Edition(
            report_id, new.kind, new.first, new.end, new.edition, new.issue_total, new.as_of, new.made_at, new.made_by,
            new.figures, sizes,
        )  # fmt: skip


def _saying(there: list[Edition], figures: bytes) -> Edition | None:
    """The newest edition that says exactly this."""
    return next((edition for edition in reversed(there) if edition.figures == figures), None)


def _rules(facts: Any) -> str:
    """Which scores, in which version, the report uses."""
    return json.dumps({note.name: note.version for note in facts.head.scores}, ensure_ascii=False)
