"""Units apply: 延期申请, 挂账申请, 申诉; by themselves, or written down by a dispatcher for one that phoned or wrote.

The clock runs on until the decision (reading o of domain research 2.4.3).
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from data_access import applications
from data_access.desk_case import photos_of
from domain.applications import GROUND_WORDS, KIND_WORDS, Ground, Kind, State, amount, hold_to, in_words
from domain.life_cycle import Action, Role
from domain.refusals import Refusal
from services.dispatch.application_facts import (
    checks_of_extension,
    checks_of_suspension,
    day_of,
    limit_of,
    overdue_by,
    review_day,
    running,
    worked_at,
)
from services.dispatch.commands import NotAllowed
from services.dispatch.fields import choices, words, yes
from services.dispatch.scene import Deed, Scene, Step

MOST_ATTACHMENTS = 12
LABELS: Mapping[str, str] = {
    "by": "时长", "reason": "理由", "note": "审批意见", "ground": "挂账原因", "review": "复核日期",
    "resume": "预计恢复", "measures": "现场措施责任人", "unit": "单位", "kind": "申请种类",
}  # fmt: skip


def apply_extension(scene: Scene) -> Deed:
    """延期申请: {"by": "6 work_hours", "reason", "signed": true, "attachments": [photo, …]}.

    `instead_of` names a waiting application of the same unit that this one replaces; a dispatcher's only.
    Refused beyond the hard limits of 肃宁 Art. 27; the soft ones are the endorser's to weigh.
    """
    unit, clock = _leading(scene), running(scene)
    by, reason = amount(written(scene, "by"), limit_of(clock, scene), scene.where), written(scene, "reason")
    signed = yes(scene.fields, "signed")
    hold_to(checks_of_extension(scene, clock, by, scene.now, signed), reason, scene.where)
    body = {"by": str(by), "reason": reason, "signed": signed}
    return _filed(scene, Kind.EXTENSION, unit, body, f"申请延期 {in_words(by)}")


def apply_suspension(scene: Scene) -> Deed:
    """挂账申请: {"ground", "reason", "review": day, "resume": day or "", "measures", "signed", "attachments"}."""
    unit, clock = _leading(scene), running(scene)
    reason, ground = written(scene, "reason"), _ground(scene)
    body: dict[str, object] = {"ground": ground.value, "reason": reason, "signed": yes(scene.fields, "signed")}
    body["review"] = review_day(written(scene, "review"), scene).isoformat()
    if text(scene, "resume"):
        body["resume"] = day_of(text(scene, "resume"), "预计恢复").isoformat()
    body["measures"] = text(scene, "measures")
    checks = checks_of_suspension(
        scene, clock, len(attached(scene)), text(scene, "measures"), scene.now, yes(scene.fields, "signed")
    )
    hold_to(checks, reason, scene.where)
    return _filed(scene, Kind.SUSPENSION, unit, body, f"申请挂账，{GROUND_WORDS[ground]}")


def appeal(scene: Scene) -> Deed:
    """申诉: {"reason", "unit": key (of the desk only), "attachments"}. Of a unit that was late, or had rework: there is
    nothing else to appeal against."""
    unit = _appealing(scene)
    rows = worked_at(scene, unit)
    if not rows:
        raise Refusal(f"{scene.keys.units.name(unit)}没有承办这件案件", scene.where, "请核对申诉单位。")
    if not any(overdue_by(row, scene.now) or row["rework_count"] for row in rows):
        raise Refusal("这件案件没有超期，也没有返工", scene.where, "没有可以申诉的事实。")
    if any(row["exempted_at"] for row in rows):
        raise Refusal("这件案件的申诉已经同意", scene.where, "该单位的得分已不计本案，不必再申诉。")
    return _filed(scene, Kind.APPEAL, unit, {"reason": written(scene, "reason")}, "提出申诉")


def _filed(scene: Scene, kind: Kind, unit: str, body: Mapping[str, object], what: str) -> Deed:
    """The application as an event and as a row, after nothing of the same kind waits."""
    replaced = _replaced(scene, unit)
    nothing_waits(scene, kind, unit if kind is Kind.APPEAL else None)
    said = {"kind": kind.value, "unit": unit, **body}
    if attachments := attached(scene):
        said["attachments"] = list(attachments)
    steps = [Step(ACTIONS[kind], said)]
    if replaced is not None:
        refusal = {"kind": replaced.kind.value, "of": replaced.asked_version, "reason": f"改为{KIND_WORDS[kind]}"}
        steps.insert(0, Step(Action.REFUSE_APPLICATION, refusal))

    def besides(connection: Connection, version: int) -> None:
        number, by = scene.city_number, scene.person.user_id
        if replaced is not None:
            told = {"reason": f"改为{KIND_WORDS[kind]}"}
            applications.decide(connection, number, replaced.application_id, State.REFUSED, told, scene.now, by)
        unit_id = scene.keys.units.number(unit)
        applications.ask(connection, number, scene.case_id, kind, unit_id, said, version, scene.now, by)

    return Deed(tuple(steps), f"{scene.keys.units.name(unit)}{what}", besides=besides)


def _replaced(scene: Scene, unit: str) -> applications.Application | None:
    """改为挂账, 改为延期: the application that goes. Raises Refusal when it no longer waits."""
    name = text(scene, "instead_of")
    if not name:
        return None
    if scene.role is not Role.DISPATCHER or name not in (Kind.EXTENSION, Kind.SUSPENSION):
        raise NotAllowed("只有派遣员可以把一种申请改为另一种", scene.where, "请在初审时改。")
    waiting = applications.pending(scene.connection, scene.city_number, scene.case_id, Kind(name))
    if not waiting or scene.keys.units.key(waiting[0].unit_id) != unit:
        raise Refusal(f"没有待批的{KIND_WORDS[Kind(name)]}可改", scene.where, "请查看最新案件。")
    return waiting[0]


def nothing_waits(scene: Scene, kind: Kind, unit: str | None = None) -> None:
    """One application of a kind at a time (an appeal: of each unit). Raises Refusal while one waits."""
    waiting = applications.pending(scene.connection, scene.city_number, scene.case_id, kind)
    if any(unit is None or scene.keys.units.key(one.unit_id) == unit for one in waiting):
        raise Refusal(f"已有一件{KIND_WORDS[kind]}待审批", scene.where, "请等它批复后再提。")


def _leading(scene: Scene) -> str:
    """The leading unit, which alone applies: its extension is also that of those who assist (DECISIONS 6)."""
    unit = running(scene).unit
    if scene.role is Role.UNIT_USER and scene.person.unit != unit:
        raise NotAllowed("只有主办单位可以申请", scene.where, f"请由{scene.keys.units.name(unit)}申请。")
    return unit


def _appealing(scene: Scene) -> str:
    """Who appeals: a unit's user for its own unit; the desk for the unit it names, usually the last that led."""
    if scene.role is Role.UNIT_USER:
        return scene.person.unit or ""
    leads = [row["unit"] for row in scene.state.assignments if row["role"] == "lead"]
    unit = text(scene, "unit") or scene.unit or (leads[-1] if leads else "")
    if unit not in scene.keys.units.by_key:
        raise Refusal("没有写明申诉单位", scene.where, "请选承办单位。")
    return unit


def _ground(scene: Scene) -> Ground:
    name = written(scene, "ground")
    if name not in list(Ground):
        raise Refusal("没有这种挂账原因", scene.where, f"可选：{'、'.join(GROUND_WORDS.values())}。")
    return Ground(name)


def text(scene: Scene, name: str) -> str:
    """A field as written; empty where it is not."""
    return words(scene.fields, name, LABELS.get(name, name), scene.where)


def written(scene: Scene, name: str) -> str:
    """A field that must be filled. Raises Refusal naming it."""
    return words(scene.fields, name, LABELS[name], scene.where, required=True)


def attached(scene: Scene) -> Sequence[int]:
    """The photos that prove it, by number. Raises Refusal for one that is not of this case."""
    try:
        found = sorted({int(number) for number in choices(scene.fields, "attachments")})
    except ValueError:
        raise Refusal("看不懂附件的编号", scene.where, "请重新选附件。") from None
    known = {number for number, _ in photos_of(scene.connection, scene.city_number, scene.case_id, scene.now)}
    if not known.issuperset(found) or len(found) > MOST_ATTACHMENTS:
        raise Refusal("附件不是这件案件的，或超过十二件", scene.where, "请先把附件传到这件案件，再提交申请。")
    return found


ACTIONS = {
    Kind.EXTENSION: Action.APPLY_EXTENSION,
    Kind.SUSPENSION: Action.APPLY_SUSPENSION,
    Kind.APPEAL: Action.APPEAL,
}
