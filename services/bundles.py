"""The week's applications on paper (汝州: approved online every day, paper forms every Friday), a sheet per unit.

Approval is valid online; the paper is its archive, so a sheet is made once of what no sheet has yet (domain research
2.2). What is asked after a week's sheets were made goes with the next.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from data_access import application_bundles
from data_access import documents as stored
from data_access.application_bundles import OnPaper
from data_access.desk_writer import beat
from data_access.keys import Keys
from data_access.store import Store
from domain.applications import GROUND_WORDS, KIND_WORDS, Ground, Kind, State, in_words
from domain.calendar import MOMENT, in_utc
from domain.city import City
from domain.deadlines import Limit
from domain.documents import (
    Bundle,
    BundleRow,
    DocumentKind,
    bundle_of,
    day_words,
    frozen_body,
    short_moment,
    thawed,
)
from domain.people import Person
from domain.refusals import Refusal
from services.audit import record
from services.dispatch.documents import take_document_number
from services.parts import Clock

KINDS = (Kind.EXTENSION, Kind.SUSPENSION, Kind.RETURN)  # 案件延期, 案件缓办, 案件回退
STATE_WORDS: Mapping[State, str] = {
    State.ASKED: "待初审", State.ENDORSED: "待审签", State.GRANTED: "已批准", State.REFUSED: "已退回",
}  # fmt: skip
UNNAMED = "未定单位"
MADE = "bundle_made"  # the audit's word


@dataclass(frozen=True)
class Week:
    """A local week, Monday to Sunday; `name` is its ISO name, 2026-W21."""

    name: str
    first: date

    @property
    def end(self) -> date:
        return self.first + timedelta(days=7)

    @property
    def words(self) -> str:
        last = self.end - timedelta(days=1)
        return f"{day_words(self.first)}至{last.month}月{last.day}日"


@dataclass(frozen=True)
class WeekOnPaper:
    """`made` are the sheets with a number, with their own numbers; `waiting` those that would be made now."""

    week: Week
    made: tuple[tuple[int, Bundle], ...]
    waiting: tuple[Bundle, ...]


class Bundles:
    """The weekly sheets of one city."""

    def __init__(self, store: Store, city: City, city_number: int, clock: Clock, *, frozen: bool = False) -> None:
        self.store, self.city, self.number, self.clock, self.frozen = store, city, city_number, clock, frozen

    def week(self, text: str) -> Week:
        """`2026-W21`, empty = the week that runs. Raises Refusal for anything else, and where no paper is kept."""
        self._require_paper()
        if not text:
            year, number, _ = self.city.day_of(self.clock()).isocalendar()
            return self.week(f"{year}-W{number:02d}")
        written = re.fullmatch(r"(20\d\d)-W(\d\d)", text)
        try:
            first = date.fromisocalendar(int(written[1]), int(written[2]), 1) if written else None
        except ValueError:
            first = None
        if first is None:
            raise Refusal(f"没有“{text[:20]}”这一周", "week", "请写成 2026-W21 这样。")
        return Week(text, first)

    def of(self, week: Week) -> WeekOnPaper:
        """What is printed and what waits to be."""
        with self.store.picture() as connection:
            made = tuple(self._made(connection, week))
            waiting = tuple(self._sheets(connection, week, self._fresh(connection, week)).values())
        return WeekOnPaper(week, made, waiting)

    def make(self, person: Person, week: Week) -> int:
        """Numbers and freezes a sheet for every unit with applications that no sheet has; gives how many. Done twice
        it makes nothing the second time."""
        self._require_paper()
        if self.frozen:
            raise Refusal("回放中不能编号", "申请汇总", "请回到实时页面后再操作。")
        now = in_utc(self.clock())
        with self.store.write.begin() as connection:
            fresh = self._fresh(connection, week, locked=True)
            for unit, sheet in self._sheets(connection, week, fresh).items():
                self._keep(connection, sheet, person, now)
                mine = [one.application.application_id for one in fresh if one.application.unit_id == unit]
                application_bundles.put_on_paper(connection, self.number, mine, now)
            units = len({one.application.unit_id for one in fresh})
            if units:
                beat(connection, self.number)
                detail = {"week": week.name, "sheets": units, "applications": len(fresh)}
                record(connection, self.number, now, person.actor(person.roles[0]), MADE, week.name, detail=detail)
        return units

    def _require_paper(self) -> None:
        if not self.city.paper_applications:
            raise Refusal("这座城市不补交纸质申请", self.city.name, "需要时请在城市配置里写 paper_applications: true。")

    def _keep(self, connection: Connection, sheet: Bundle, person: Person, now: datetime) -> None:
        number = take_document_number(connection, self.city, self.number, DocumentKind.BUNDLE, now)
        words = frozen_body(Bundle(**vars(sheet) | {"number": number}))
        stored.keep(connection, self.number, DocumentKind.BUNDLE.value, number, words, now, person.user_id)

    def _fresh(self, connection: Connection, week: Week, *, locked: bool = False) -> list[OnPaper]:
        end = min(self.city.midnight(week.end), self.clock() + MOMENT)  # nothing of what comes after a replay's instant
        return application_bundles.for_paper(connection, self.number, KINDS, end, locked=locked)

    def _sheets(self, connection: Connection, week: Week, fresh: Sequence[OnPaper]) -> dict[int | None, Bundle]:
        """A sheet per unit, in the order of the units' names."""
        units = Keys(connection, self.number).units
        by_unit: dict[int | None, list[OnPaper]] = {}
        for one in fresh:
            by_unit.setdefault(one.application.unit_id, []).append(one)
        named = {unit: units.name(units.key(unit)) or UNNAMED for unit in by_unit}
        return {
            unit: Bundle(
                issuer=self.city.title,
                number="",
                unit=named[unit],
                week=week.name,
                period=week.words,
                rows=tuple(self._row(one) for one in by_unit[unit]),
                day=day_words(self.city.day_of(self.clock())),
            )
            for unit in sorted(by_unit, key=lambda unit: named[unit])
        }

    def _row(self, one: OnPaper) -> BundleRow:
        application = one.application
        said = {**application.asked, **application.endorsed}
        at = short_moment(self.city.local(application.asked_at))
        words = [KIND_WORDS[application.kind], *_wanted(application.kind, said), f"{at} 申请"]
        if not said.get("signed", True):
            words.append("未签字")
        decided = application.decided_at or application.endorsed_at
        decision = STATE_WORDS[application.state]
        if decided is not None:
            decision = f"{decision}，{short_moment(self.city.local(decided))}"
        problem = "，".join(word for word in (one.category, one.place) if word)
        return BundleRow(one.case_no, problem, "，".join(words), str(said.get("reason", "")), decision)

    def _made(self, connection: Connection, week: Week) -> Sequence[tuple[int, Bundle]]:
        since = self.city.midnight(week.first)
        found = []
        for own, number, body, digest in stored.made_since(connection, self.number, DocumentKind.BUNDLE.value, since):
            words = thawed(body, digest, number)
            if words["week"] == week.name:
                found.append((own, bundle_of(words)))
        return found


def _wanted(kind: Kind, said: Mapping[str, object]) -> Sequence[str]:
    """What the application asks for."""
    if kind is Kind.EXTENSION and said.get("by"):
        return (in_words(Limit.parse(str(said["by"]))),)
    if kind is Kind.SUSPENSION and said.get("ground"):
        return (GROUND_WORDS[Ground(str(said["ground"]))], f"复核 {said.get('review', '')}")
    return ()
