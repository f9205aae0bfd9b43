"""回退: a unit returns a case, a dispatcher endorses, the duty chief decides; 案件移交单 where the dispatcher erred.

Source: 汝州 (domain research 2.2 items 8 to 11); 责任不清: 肃宁 Art. 19 and 20.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from data_access import applications
from data_access.applications import Application
from domain.applications import Kind, State
from domain.documents import DocumentKind, TransferSlip
from domain.life_cycle import Action, AssignmentRole, EndReason
from domain.people import Post
from domain.refusals import Refusal
from domain.returns import DECISION_WORDS, JOINT_VISIT, LONGEST_NOTE, Decision, decision_of
from services.dispatch import fields
from services.dispatch.commands import NotAllowed
from services.dispatch.documents import Seen, keep, slip_words, take_document_number
from services.dispatch.reassign import clock_from, known_unit, new_due, note_of, unit_with_clock
from services.dispatch.scene import Deed, Owed, Scene, Step
from services.dispatch.supervise import title_of

LEAVES = "回退"
OPINION = "情况属实，本次回退不计入{unit}回退率；派遣差错移交考核。"


def return_case(scene: Scene) -> Deed:
    """RETURN 回退 by the leading unit, or written down for it at the desk. Fields: reason (≤ 300, required). The clock
    runs on until the decision."""
    unit = scene.unit
    if unit is None or (scene.person.of_a_unit_only and scene.person.unit != unit):
        raise NotAllowed("只有主办单位可以回退", scene.where, "协办和知会单位如有意见，请写批注。")
    reason = fields.words(scene.fields, "reason", "回退理由", scene.where, longest=LONGEST_NOTE, required=True)

    def besides(connection: Connection, version: int) -> None:
        applications.ask(
            connection, scene.city_number, scene.case_id, Kind.RETURN, scene.keys.units.number(unit),
            {"reason": reason}, version, scene.now, scene.person.user_id,
        )  # fmt: skip

    name, case_no = scene.keys.units.name(unit), scene.case["case_no"]
    return Deed(
        (Step(Action.RETURN, {"reason": reason}),),
        f"{name}已回退，等待裁定；裁定前时限照走",
        (Owed("return", "post:dispatcher", f"回退 {case_no}", f"{name}回退：{title_of(scene)}。理由：{reason}"),),
        besides,
    )


def uphold(scene: Scene) -> Deed:
    """UPHOLD_RETURN 理由成立，派遣错误: signed by the duty chief. Fields: decision (dispatcher_error), unit (who gets
    it), note (≤ 300, required). Decision, new dispatch and 案件移交单 are one transaction: all of it or nothing."""
    _signs(scene)
    if decision_of(fields.choice(scene.fields, "decision"), scene.where) is not Decision.DISPATCHER_ERROR:
        raise Refusal("这个裁定不改派", scene.where, "理由不成立或责任不清的，请驳回回退。")
    note, old = note_of(scene, "裁定说明"), scene.unit
    unit = known_unit(scene, fields.choice(scene.fields, "unit"))
    if unit == old:
        raise Refusal(f"{scene.keys.units.name(unit)}就是回退的单位", scene.where, "派遣错误要改派到别的单位。")
    upheld = {"decision": EndReason.DISPATCHER_ERROR.value, "note": note}
    due = new_due(scene)
    waiting = _asked(scene)

    def besides(connection: Connection, _version: int) -> int:
        number = take_document_number(connection, scene.city, scene.city_number, DocumentKind.TRANSFER_SLIP, scene.now)
        _decide(connection, scene, waiting, State.GRANTED, {**upheld, "unit": unit, "number": number})
        new_unit = unit_with_clock(scene, unit, clock_from(due, scene.now).due)
        words = return_slip(scene, reason=_reason(waiting), new_unit=new_unit, note=note, number=number)
        return keep(connection, scene, DocumentKind.TRANSFER_SLIP, words, scene.person.user_id)

    names, case_no = scene.keys.units, scene.case["case_no"]
    what = f"案件 {case_no}：{title_of(scene)}"
    return Deed(
        (
            Step(Action.UPHOLD_RETURN, upheld),
            Step(Action.DISPATCH, {"unit": unit, **due, "note": note}),
        ),
        f"回退理由成立，已改派至{names.name(unit)}，《案件移交单》已生成",
        (
            Owed(
                "dispatch",
                f"unit:{unit}",
                f"新案件 {case_no}",
                f"{what}。请及时签收。",
                urgent=bool(scene.case["urgent"]),
            ),
            Owed("decision", f"unit:{old}", f"回退成立 {case_no}", f"{what}。回退成立，不计入回退率。"),
        ),
        besides,
    )


def refuse(scene: Scene) -> Deed:
    """REFUSE_RETURN 理由不成立 or 责任不清: signed by the duty chief. Fields: decision (refused | unclear), note
    (≤ 300, required). The case goes back to its unit, the clock as it was; 责任不清 adds a joint visit in 48 hours."""
    _signs(scene)
    decision = decision_of(fields.choice(scene.fields, "decision"), scene.where)
    if decision is Decision.DISPATCHER_ERROR:
        raise Refusal("派遣错误不能驳回", scene.where, "请同意回退并改派。")
    body: dict[str, object] = {"decision": decision.value, "note": note_of(scene, "裁定说明")}
    unclear = decision is Decision.UNCLEAR
    if unclear:
        body["joint_visit"] = (scene.now + JOINT_VISIT).isoformat()
    waiting = _asked(scene)
    name = scene.keys.units.name(scene.unit)

    def besides(connection: Connection, _version: int) -> None:
        _decide(connection, scene, waiting, State.REFUSED, body)

    words = f"{name}先处置，48 小时内联合会勘" if unclear else f"由{name}继续处置，时限不变"
    text = f"案件 {scene.case['case_no']}：{title_of(scene)}。{DECISION_WORDS[decision]}，{words}。{body['note']}"
    return Deed(
        (Step(Action.REFUSE_RETURN, body),),
        f"{DECISION_WORDS[decision]}，{words}",
        (Owed("decision", f"unit:{scene.unit}", f"回退裁定 {scene.case['case_no']}", text),),
        besides,
    )


def return_slip(seen: Seen, *, reason: str, new_unit: str, note: str, number: str) -> TransferSlip:
    """The 案件移交单 of a return that the dispatcher's error caused."""
    unit = seen.keys.units.name(last_lead(seen))
    return slip_words(
        seen,
        leaving=LEAVES,
        claim_label="回退理由",
        claim=reason,
        findings=note or "经核实，确为派遣错误。",
        new_unit=new_unit,
        opinion=OPINION.format(unit=unit),
        number=number,
    )


def last_lead(seen: Seen) -> str:
    """The unit that led last."""
    leads = [row["unit"] for row in seen.state.assignments if row["role"] == AssignmentRole.LEAD.value]
    return leads[-1] if leads else ""


def returned_by(seen: Seen) -> tuple[str, ...]:
    """The units that returned this case, in the order in which they did; the one that waits for a decision last."""
    order: list[tuple[datetime, str]] = []
    leads = [row for row in seen.state.assignments if row["role"] == AssignmentRole.LEAD.value]
    for event in seen.events:
        if event.action == Action.RETURN:
            had = [row["unit"] for row in leads if row["dispatched_at"] <= event.at]
            order += [(event.at, had[-1])] if had else []
    return tuple(unit for _, unit in order)


def _signs(scene: Scene) -> None:
    if Post.DUTY_CHIEF not in scene.person.posts:
        raise NotAllowed("回退裁定要由值班长签发", scene.where, "派遣员请填好裁定后送值班长签发。")
    if any(scene.person.user_id in (one.asked_by, one.endorsed_by) for one in _asked(scene)):
        raise NotAllowed("登记或初审回退的人不能自己裁定", scene.where, "请由另一位值班长裁定。")


def _asked(scene: Scene) -> Sequence[Application]:
    return applications.pending(scene.connection, scene.city_number, scene.case_id, Kind.RETURN)


def _reason(waiting: Sequence[Application]) -> str:
    return str(waiting[-1].asked.get("reason", "")) if waiting else ""


def _decide(
    connection: Connection, scene: Scene, waiting: Sequence[Application], state: State, said: dict[str, object]
) -> None:
    for one in waiting:
        applications.decide(
            connection, scene.city_number, one.application_id, state, said, scene.now, scene.person.user_id
        )
