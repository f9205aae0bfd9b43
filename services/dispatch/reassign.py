"""改派, 双派, 多派: another unit leads, or more units take part. Clocks: DECISIONS 5, docs/adr/0009."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from domain.applications import in_words
from domain.documents import DocumentKind, TransferSlip, dated_moment
from domain.life_cycle import Action, AssignmentRole
from domain.reassignment import LONGEST_NOTE, REASON_WORDS, NewClock, Reason, Way, end_reason
from domain.refusals import Refusal
from domain.running_clock import RunningClock
from services.dispatch import fields
from services.dispatch.documents import Seen, keep, limit_of, limit_of_a_source, slip_words, take_document_number
from services.dispatch.flow import require_once
from services.dispatch.scene import Deed, Owed, Scene, Step
from services.dispatch.supervise import title_of

ASSIST, INFORMED = AssignmentRole.ASSIST.value, AssignmentRole.INFORMED.value
LEAVES = "改派"
OPINION = "情况属实，本次派遣不计入{unit}考核；派遣差错移交考核。"


def reassign(scene: Scene) -> Deed:
    """REASSIGN 改派. Fields: unit (the new lead), reason (domain.reassignment.Reason), note (≤ 300, required),
    informed (keys; without the field whoever is informed now stays so).

    派遣错误 frees the old unit and makes a 案件移交单 in the same transaction; 责任变更 leaves it what it had.
    """
    old = scene.unit
    if old is None:
        raise Refusal("本案现在没有主办单位", scene.where, "请先派遣。")
    reason, ends = end_reason(fields.choice(scene.fields, "reason"), scene.where)
    note = note_of(scene)
    unit = known_unit(scene, fields.choice(scene.fields, "unit"))
    if unit == old:
        raise Refusal(f"{scene.keys.units.name(unit)}就是现在的主办单位", scene.where, "请改选别的单位。")
    informed = [key for key in _informed(scene) if key != unit]
    body: dict[str, object] = {
        "unit": unit, **new_due(scene), **limit_of_a_source(scene), "end_reason": ends.value, "reason": reason.value,
        "note": note,
        **({INFORMED: informed} if informed else {}),
    }  # fmt: skip
    names = scene.keys.units
    told = (
        _to_new(scene, unit, f"由{names.name(old)}改派"),
        Owed("reassign", f"unit:{old}", f"已改派 {scene.case['case_no']}", _moved(scene, unit, reason)),
        *(
            Owed("reassign", f"unit:{key}", f"知会 {scene.case['case_no']}", _moved(scene, unit, reason))
            for key in informed
        ),
    )
    with_slip = reason is Reason.DISPATCHER_ERROR
    return Deed(
        (Step(Action.REASSIGN, body),),
        f"已改派至{names.name(unit)}（{REASON_WORDS[reason]}）{'，随附《案件移交单》' if with_slip else ''}",
        told,
        _keeps_slip(scene, unit, note) if with_slip else None,
    )


def co_dispatch(scene: Scene) -> Deed:
    """CO_DISPATCH 双派, 多派. Fields: way (pair | many); pair: unit and role (assist | informed); many: assist and
    informed (keys); note (≤ 300). The lead keeps the case and its clock; units that join have their own (石景山)."""
    assist, informed = _joining(scene)
    require_once(scene, [*assist, *informed])
    here = taking_part(scene)
    for key in (*assist, *informed):
        if known_unit(scene, key) in here:
            raise Refusal(f"{scene.keys.units.name(key)}已经在办这件案件", scene.where, "请改选别的单位。")
    if not assist and not informed:
        raise Refusal("没有选要增派的单位", scene.where, "请至少选一个单位。")
    note = fields.words(scene.fields, "note", "说明", scene.where, longest=LONGEST_NOTE)
    body: dict[str, object] = {ASSIST: list(assist), INFORMED: list(informed), **new_due(scene)}
    if note:
        body["note"] = note
    names = "、".join(scene.keys.units.name(key) for key in (*assist, *informed))
    lead = scene.keys.units.name(scene.unit)
    return Deed(
        (Step(Action.CO_DISPATCH, body),),
        f"已增派{names}，{lead}仍为主办",
        (
            *(_to_new(scene, key, f"协助{lead}处置") for key in assist),
            *(Owed("dispatch", f"unit:{key}", f"知会 {scene.case['case_no']}", title_of(scene)) for key in informed),
        ),
    )


def note_of(scene: Scene, label: str = "说明") -> str:
    return fields.words(scene.fields, "note", label, scene.where, longest=LONGEST_NOTE, required=True)


def known_unit(scene: Scene, key: str) -> str:
    """The key of a unit of the city. Raises Refusal for none, or one that there is not."""
    if key not in scene.keys.units.by_key:
        what = "没有选单位" if not key else "没有这个单位"
        raise Refusal(what, scene.where, "请从列表里选一个单位。")
    return key


def new_due(scene: Scene) -> dict[str, object]:
    """What an event says of a clock that starts now: {"due", "soon", "provisional"}; empty without a limit."""
    limit = limit_of(scene)
    clock = RunningClock("", scene.now, limit)
    return clock.new_due(scene.city.due_soon_share, scene.working)


def clock_from(body: dict[str, object], start: datetime) -> NewClock:
    """The same, for people."""
    due = body.get("due")
    return NewClock(start, None if due is None else datetime.fromisoformat(str(due)), bool(body.get("provisional")))


def taking_part(seen: Seen) -> set[str]:
    """The units that have the case now, in any role."""
    return {row["unit"] for row in seen.state.assignments if row["ended_at"] is None}


def informed_now(seen: Seen) -> tuple[str, ...]:
    rows = seen.state.assignments
    return tuple(row["unit"] for row in rows if row["ended_at"] is None and row["role"] == INFORMED)


def reassignment_slip(seen: Seen, *, new_unit: str, note: str, number: str) -> TransferSlip:
    """The 案件移交单 of a dispatch that was wrong. `new_unit` in words, with its clock."""
    old = seen.keys.units.name(seen.state.case["unit"])
    return slip_words(
        seen,
        leaving=LEAVES,
        claim_label="改派原因",
        claim=f"{REASON_WORDS[Reason.DISPATCHER_ERROR]}：{note}" if note else REASON_WORDS[Reason.DISPATCHER_ERROR],
        findings=f"经核实，{old}不是责任单位，确为派遣错误。",
        new_unit=new_unit,
        opinion=OPINION.format(unit=old),
        number=number,
    )


def unit_with_clock(seen: Seen, unit: str, due: datetime | None) -> str:
    """`联通公司，自改派时起计 2 工作日，到 5月21日 周四 14:32`."""
    name, limit = seen.keys.units.name(unit), limit_of(seen)
    if due is None or limit is None:
        return name
    return f"{name}，自改派时起计 {in_words(limit)}，到 {dated_moment(seen.city.local(due))}"


def _keeps_slip(scene: Scene, unit: str, note: str) -> Callable[[Connection, int], int]:
    def besides(connection: Connection, _version: int) -> int:
        number = take_document_number(connection, scene.city, scene.city_number, DocumentKind.TRANSFER_SLIP, scene.now)
        new_unit = unit_with_clock(scene, unit, clock_from(new_due(scene), scene.now).due)
        words = reassignment_slip(scene, new_unit=new_unit, note=note, number=number)
        return keep(connection, scene, DocumentKind.TRANSFER_SLIP, words, scene.person.user_id)

    return besides


def _informed(scene: Scene) -> Sequence[str]:
    if "informed" not in scene.fields:
        return informed_now(scene)
    return [known_unit(scene, key) for key in fields.choices(scene.fields, "informed")]


def _joining(scene: Scene) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who joins: (assisting, informed)."""
    if fields.choice(scene.fields, "way") == Way.MANY:
        return fields.choices(scene.fields, ASSIST), fields.choices(scene.fields, INFORMED)
    unit = (known_unit(scene, fields.choice(scene.fields, "unit")),)
    return ((), unit) if fields.choice(scene.fields, "role") == INFORMED else (unit, ())


def _to_new(scene: Scene, unit: str, how: str) -> Owed:
    due = clock_from(new_due(scene), scene.now).due
    until = "" if due is None else f"，时限 {dated_moment(scene.city.local(due))}"
    text = f"案件 {scene.case['case_no']}：{title_of(scene)}，{how}{until}。请及时签收。"
    return Owed("dispatch", f"unit:{unit}", f"新案件 {scene.case['case_no']}", text, urgent=bool(scene.case["urgent"]))


def _moved(scene: Scene, unit: str, reason: Reason) -> str:
    to = scene.keys.units.name(unit)
    return f"案件 {scene.case['case_no']}：{title_of(scene)}，已改派至{to}（{REASON_WORDS[reason]}）。"
