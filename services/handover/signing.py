"""Signing a shift away and taking it over. Until it is received, whoever gave it answers for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from data_access import handovers, outbox
from data_access.counters import take_number
from data_access.documents import keep
from domain.documents import DocumentKind, frozen_body, long_moment, short_moment
from domain.events import canonical
from domain.handover import HandoverDocument, HandoverPaper, number_of
from domain.holds import LEASE
from domain.people import DESK_POSTS, Person, Post
from domain.refusals import Refusal
from services import audit
from services.dispatch.commands import NotAllowed, NotFound
from services.dispatch.desk import Desk
from services.dispatch.once import Told, once
from services.handover.shift import Shifts

WHERE = "交接班"
NONE = "—"


@dataclass(frozen=True)
class Handovers:
    """`shifts` computes the sheet; the same sheet, computed inside the transaction, is what gets signed."""

    shifts: Shifts
    desk: Desk

    def sign(self, person: Person, key: str, fields: Mapping[str, Any]) -> Told:
        """签名并交班: {"to": user number as text, "words", "events", "give_holds", "give_promises"}."""
        self.desk.require_running()
        now = self.shifts.clock()
        asked = {"handover": dict(fields)}
        return self.desk.transactions.run(
            lambda connection: once(
                connection, self.shifts.city_number, person, key, asked, now,
                lambda: self._sign(connection, person, fields),
            )
        )  # fmt: skip

    def _sign(self, connection: Connection, person: Person, fields: Mapping[str, Any]) -> Told:
        city_number = self.shifts.city_number
        paper = self.shifts.paper_on(connection, person, fields)
        _require_complete(paper)
        shift, taker = paper.shift, int(paper.to)
        name = next(one.name for one in paper.colleagues if one.user_id == taker)
        serial = take_number(connection, city_number, self.shifts.counter(shift))
        number = number_of(self.shifts.city, shift.began, serial)
        document = self.document(paper, number, name)
        by = person.user_id
        document_id = keep(connection, city_number, DocumentKind.HANDOVER, number, frozen_body(document), shift.now, by)
        body = {"overdue": shift.overdue, "give_holds": paper.give_holds, "give_promises": paper.give_promises}
        row = {
            "number": number, "from_id": by, "to_id": taker, "began_at": shift.began, "signed_at": shift.now,
            "words": paper.words, "body": canonical(body), "document_id": document_id,
        }  # fmt: skip
        handover_id = handovers.sign(connection, city_number, row)
        title = f"交接单 {number} 待签收"
        notice = {
            "event_key": f"handover/{handover_id}/sign", "kind": "handover", "recipient": f"user:{taker}",
            "urgent": True, "title": title, "text": f"{person.name}已交班，请到调度台签收。", "at": shift.now,
        }  # fmt: skip
        outbox.owe(connection, city_number, [notice])
        audit.record(connection, city_number, shift.now, _actor(person), "handover_sign", number, detail={"to": taker})
        sentence = f"已签名，交接单 {number} 等{name}签收；签收前仍由您负责"
        return {"sentence": sentence, "number": number, "handover": handover_id, "document": document_id}

    def receive(self, person: Person, key: str, handover_id: int) -> Told:
        """接班签收: what was given goes over now. Raises NotFound, NotAllowed."""
        self.desk.require_running()
        now = self.shifts.clock()
        return self.desk.transactions.run(
            lambda connection: once(
                connection, self.shifts.city_number, person, key, {"receive": handover_id}, now,
                lambda: self._receive(connection, person, handover_id),
            )
        )  # fmt: skip

    def _receive(self, connection: Connection, person: Person, handover_id: int) -> Told:
        now, city_number = self.shifts.clock(), self.shifts.city_number
        row = handovers.of_number(connection, city_number, handover_id)
        if row is None:
            raise NotFound("没有这张交接单", f"{WHERE} {handover_id}", "请刷新页面。")
        if row.to_id != person.user_id:
            raise NotAllowed("这张交接单不是交给您的", f"{WHERE} {row.number}", "请由接班人本人签收。")
        if not handovers.receive(connection, city_number, handover_id, now):
            raise Refusal("这张交接单已经签收", f"{WHERE} {row.number}", "不需再签。")
        given = json.loads(row.body)
        giver, taker = row.from_id, person.user_id
        holds = (
            handovers.move_holds(connection, city_number, giver, taker, now, now + LEASE) if given["give_holds"] else 0
        )
        promises = handovers.move_promises(connection, city_number, giver, taker) if given["give_promises"] else 0
        detail = {"from": giver, "holds": holds, "promises": promises}
        audit.record(connection, city_number, now, _actor(person), "handover_receive", row.number, detail=detail)
        moved = f"锁定 {holds} 件、承诺 {promises} 条已转到您名下" if holds or promises else "没有锁定和承诺需要转交"
        return {"sentence": f"已签收交接单 {row.number}，{moved}", "number": row.number, "handover": handover_id}

    def waiting(self, person: Person) -> Mapping[str, Any] | None:
        """The handover that waits for this person's signature, if any: its number, its giver, its document."""
        with self.shifts.store.picture() as connection:
            rows = handovers.unreceived(connection, self.shifts.city_number, taker=person.user_id)
        if not rows:
            return None
        row = rows[0]
        at = short_moment(self.shifts.city.local(row.signed_at))
        line = f"{row.giver}于 {at} 交班，交接单 {row.number} 等您签收"
        return {"handover": row.handover_id, "number": row.number, "line": line, "document": row.document_id}

    def document(self, paper: HandoverPaper, number: str, taker: str) -> HandoverDocument:
        """The sheet's words for paper, whatever language the screen speaks: official papers are Chinese."""
        shift, city = paper.shift, self.shifts.city

        def at(moment: Any) -> str:
            return NONE if moment is None else short_moment(city.local(moment))

        given = [("我锁定的案件", paper.give_holds), ("承诺提醒", paper.give_promises)]
        then = "" if shift.overdue_then is None else f"（接班 {shift.overdue_then:,}）"
        return HandoverDocument(
            issuer=city.title,
            number=number,
            period=self.shifts.period(shift),
            given_by=f"{paper.name}，{paper.posts}",
            taken_by=taker,
            numbers=(
                ("本班派遣", f"{shift.dispatched:,}"), ("督办", f"{shift.supervisions:,}"),
                ("审批", f"{shift.decided:,}"), ("超期", f"{shift.overdue:,}{then}"),
            ),
            promises=tuple((at(one.at), one.case_no, one.title, one.unit, one.what) for one in shift.promises),
            unsolved=tuple(
                (one.case_no, one.title, f"{one.held_by}锁定" if one.held_by else "已确认", _length(one.overdue))
                for one in shift.unsolved
            ),
            waiting=tuple((one.kind, one.case_no, one.title, one.unit, at(one.due)) for one in shift.waiting),
            events=tuple(line.strip() for line in paper.events.splitlines() if line.strip()),
            words=paper.words.strip(),
            given="、".join(name for name, yes in given if yes) or "仅交接单",
            signed=long_moment(city.local(shift.now)),
        )  # fmt: skip


def _require_complete(paper: HandoverPaper) -> None:
    if paper.errors:
        raise Refusal(next(iter(paper.errors.values())), WHERE, "请改正后再签名。没有写入任何内容。")
    if paper.waits_for:
        raise Refusal("上一张交接单还没有签收", WHERE, f"请先由{paper.waits_for}签收。")
    if not paper.to:
        raise Refusal("还没有选接班人", WHERE, "请选择后再签名。")


def _actor(person: Person) -> str:
    post = next(post for post in Post if post in person.posts & DESK_POSTS)
    return person.actor(post)


def _length(overdue: timedelta | None) -> str:
    if overdue is None:
        return NONE
    hours, rest = divmod(overdue // timedelta(minutes=1), 60)
    return f"超期 {hours}时{rest:02d}分"
