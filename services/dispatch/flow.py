"""Acts along the flow, from 受理 to 结案, and the side ways 上呈, 作废, 恢复 and 解除挂账."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from domain.deadlines import Limit, due_at, share_used_at
from domain.documents import short_moment
from domain.life_cycle import Action, Tier
from domain.refusals import Refusal
from domain.running_clock import clock_of
from services.dispatch.documents import limit_of_a_source
from services.dispatch.fields import choice, choices, words, yes
from services.dispatch.scene import Deed, Owed, Scene, Step
from services.dispatch.watching import subject

TIERS = tuple(tier.value for tier in Tier)  # the lowest first


def accept(scene: Scene) -> Deed:
    """ACCEPT 受理: {"note": optional}."""
    return _plain(scene, Action.ACCEPT, "已受理")


def verify(scene: Scene) -> Deed:
    """VERIFY 核实, on the spot and before filing: {"text": what was found, required}."""
    return _said(scene, Action.VERIFY, "核实结果", "已核实")


def register(scene: Scene) -> Deed:
    """REGISTER 立案: {"limit": "4 work_hours", required; "condition", "urgent", "ownerless", "tier": optional}."""
    limit = Limit.parse(choice(scene.fields, "limit"))
    body: dict[str, object] = {"limit": str(limit)} | _words(scene, "condition", "立案条件")
    body |= {name: True for name in ("urgent", "ownerless") if yes(scene.fields, name)}
    if tier := choice(scene.fields, "tier"):
        body["tier"] = _tier(scene, tier)
    return Deed((Step(Action.REGISTER, body),), "已立案，待派遣")


def reject(scene: Scene) -> Deed:
    """REJECT 不予立案: {"reason": required}."""
    return _because(scene, Action.REJECT, "不予立案的原因", "已不予立案")


def dispatch(scene: Scene) -> Deed:
    """DISPATCH 派遣: {"unit": key, required; "limit": where it is another than at filing; "assist", "informed": keys of
    units, "note": optional}. The unit's clock starts now (DECISIONS 5), in the city's working time."""
    unit = known_unit(scene, choice(scene.fields, "unit"))
    limit, given = _limit(scene)
    body: dict[str, object] = {"unit": unit, **clock_from_now(scene, limit)} | _words(scene, "note", "说明")
    body |= {"limit": str(limit)} if given else limit_of_a_source(scene)
    others = {role: [known_unit(scene, key) for key in choices(scene.fields, role)] for role in ("assist", "informed")}
    require_once(scene, [unit, *others["assist"], *others["informed"]])
    body |= {role: units for role, units in others.items() if units}
    due = short_moment(scene.city.local(datetime.fromisoformat(str(body["due"]))))
    provisional = "（含尚未公布节假日的年份，为暂定）" if body.get("provisional") else ""
    name = scene.keys.units.name(unit)
    told = [_to_unit(scene, unit, "dispatch", "派遣", f"请于 {due} 前处置{provisional}")]
    told += [_to_unit(scene, key, "dispatch", "协办", f"主办 {name}，{due} 前处置") for key in others["assist"]]
    told += [_to_unit(scene, key, "dispatch", "知会", f"主办 {name}") for key in others["informed"]]
    return Deed((Step(Action.DISPATCH, body),), f"已派遣{name}，{due} 到期{provisional}", tuple(told))


def receive(scene: Scene) -> Deed:
    """RECEIVE 签收, by the unit or written down for it: {"note": optional}."""
    return _plain(scene, Action.RECEIVE, f"{_unit_name(scene)}已签收")


def handle(scene: Scene) -> Deed:
    """HANDLE 处置反馈: {"text": what was done, required}. The supervision notices of the case are met by it."""
    deed = _said(scene, Action.HANDLE, "处置反馈", f"{_unit_name(scene)}已反馈，待核查")
    told = Owed("handled", "post:registrar", _title(scene, "待核查"), f"{_line(scene)}：单位已反馈处置结果，请核查。")
    return Deed(deed.steps, deed.sentence, (told,))


def recheck_pass(scene: Scene) -> Deed:
    """RECHECK_PASS 核查通过: {"note": optional}."""
    return _plain(scene, Action.RECHECK_PASS, "核查通过，待结案")


def recheck_fail(scene: Scene) -> Deed:
    """RECHECK_FAIL 返工: {"reason": required}. The clock goes on (DECISIONS 5); the unit is told."""
    deed = _because(scene, Action.RECHECK_FAIL, "返工原因", f"核查不通过，已退{_unit_name(scene)}返工")
    reason = str(deed.steps[0].body["reason"])
    return Deed(deed.steps, deed.sentence, _to_leader(scene, "rework", "返工", f"核查不通过：{reason}"))


def close(scene: Scene) -> Deed:
    """CLOSE 结案: {"reason": required}. The supervision notices of the case are met by it."""
    return _because(scene, Action.CLOSE, "结案意见", "已结案")


def void(scene: Scene) -> Deed:
    """VOID 作废: {"reason": required}. Whoever has the case is told."""
    deed = _because(scene, Action.VOID, "作废原因", "已作废")
    reason = str(deed.steps[0].body["reason"])
    return Deed(deed.steps, deed.sentence, _to_leader(scene, "void", "作废", f"案件已作废，停止处置：{reason}"))


def restore(scene: Scene) -> Deed:
    """RESTORE 恢复: {"reason": required}. The time it was void does not count: the due time moves by it. What was
    suspended is suspended again, and its due time moves when that ends."""
    deed = _because(scene, Action.RESTORE, "恢复原因", "已恢复")
    if scene.state.case["suspended_at"] is not None:
        told = _to_leader(scene, "restore", "恢复", "案件已恢复，仍在挂账")
        return Deed(deed.steps, "已恢复，仍在挂账", told)
    moved = _resumed(scene)
    step = Step(Action.RESTORE, {**deed.steps[0].body, **moved})
    until = _until(scene, moved)
    return Deed((step,), f"已恢复{until}", _to_leader(scene, "restore", "恢复", f"案件已恢复，请继续处置{until}"))


def resume(scene: Scene) -> Deed:
    """RESUME 解除挂账: {"note": optional}. The due time moves by the pause, counted from its application (reading o of
    domain research 2.4.3)."""
    moved = _resumed(scene)
    body = {**_words(scene, "note", "说明"), **moved}
    until = _until(scene, moved)
    told = _to_leader(scene, "resume", "解除挂账", f"挂账已解除，请继续处置{until}")
    return Deed((Step(Action.RESUME, body),), f"已解除挂账{until}", told)


def escalate(scene: Scene) -> Deed:
    """ESCALATE 上呈: {"tier": a higher one, required; "reason": required}. The case waits for a new dispatch."""
    deed = _because(scene, Action.ESCALATE, "上呈原因", "已上呈，待重新派遣")
    tier, now = _tier(scene, choice(scene.fields, "tier")), scene.state.case["tier"]
    if now is not None and TIERS.index(tier) <= TIERS.index(now):
        raise Refusal("只能上呈到更高的层级", f"{scene.where}：现在的层级已不低于所选", "请选更高的层级，或改派。")
    return Deed((Step(Action.ESCALATE, {**deed.steps[0].body, "tier": tier}),), deed.sentence)


def simple(scene: Scene) -> Deed:
    """SIMPLE 简易程序结案: {"reason": required}; counted apart (DECISIONS 2)."""
    return _because(scene, Action.SIMPLE, "简易程序的理由", "已按简易程序结案")


def self_handle(scene: Scene) -> Deed:
    """SELF_HANDLE 举手之劳: {"text": what was done, required}; counted apart (DECISIONS 2)."""
    return _said(scene, Action.SELF_HANDLE, "处置结果", "已自行处置结案")


def clock_from_now(scene: Scene, limit: Limit) -> dict[str, object]:
    """{"due", "soon", "provisional"} of a clock that starts now; what it says of the calendar is the arithmetic's."""
    deadline = due_at(scene.now, limit, scene.working)
    soon = share_used_at(scene.now, limit, scene.city.due_soon_share, scene.working)
    body: dict[str, object] = {"due": deadline.due.isoformat(), "soon": soon.isoformat()}
    return body | {"provisional": True} if deadline.provisional else body


def known_unit(scene: Scene, key: str) -> str:
    """Raises Refusal for none and for a unit the city does not have."""
    if key not in scene.keys.units.by_key:
        raise Refusal("没有这个处置单位", f"{scene.where}：{key[:40] or '没有选单位'}", "请从单位列表里选一个。")
    return key


def require_once(scene: Scene, units: Sequence[str]) -> None:
    """Raises Refusal for a unit that is named twice: it would be counted twice for one case."""
    twice = next((unit for unit in units if units.count(unit) > 1), None)
    if twice is not None:
        what = f"{scene.keys.units.name(twice)}选了两次"
        raise Refusal(what, scene.where, "一个单位在一件案件里只有一种身份，请去掉一处。")


def _limit(scene: Scene) -> tuple[Limit, bool]:
    """The limit of the dispatch, and whether it was given with it."""
    if written := choice(scene.fields, "limit"):
        return Limit.parse(written), True
    value, unit = scene.state.case["limit_value"], scene.state.case["limit_unit"]
    if value is None or unit is None:
        raise Refusal("这件案件没有处置时限", scene.where, "请写明时限，例如 4 工作时。")
    return Limit.parse(f"{value} {unit}"), False


def _resumed(scene: Scene) -> Mapping[str, object]:
    clock = clock_of(scene.events)
    return clock.resumed(scene.now).new_due(scene.city.due_soon_share, scene.working) if clock else {}


def _until(scene: Scene, moved: Mapping[str, object]) -> str:
    if "due" not in moved:
        return ""
    due = datetime.fromisoformat(str(moved["due"]))
    return f"，新的截止时间 {short_moment(scene.city.local(due))}" + ("（暂定）" if moved.get("provisional") else "")


def _tier(scene: Scene, given: str) -> str:
    if given not in set(Tier):
        raise Refusal("没有这个处置层级", f"{scene.where}：{given[:40] or '没有选层级'}", "请从层级列表里选一个。")
    return given


def _plain(scene: Scene, action: Action, sentence: str) -> Deed:
    return Deed((Step(action, _words(scene, "note", "说明")),), sentence)


def _said(scene: Scene, action: Action, label: str, sentence: str) -> Deed:
    text = words(scene.fields, "text", label, scene.where, required=True)
    return Deed((Step(action, {"text": text}),), sentence)


def _because(scene: Scene, action: Action, label: str, sentence: str) -> Deed:
    reason = words(scene.fields, "reason", label, scene.where, required=True)
    return Deed((Step(action, {"reason": reason}),), sentence)


def _words(scene: Scene, name: str, label: str) -> dict[str, object]:
    text = words(scene.fields, name, label, scene.where)
    return {name: text} if text else {}


def _unit_name(scene: Scene) -> str:
    return scene.keys.units.name(scene.unit) or "单位"


def _title(scene: Scene, word: str) -> str:
    return f"{word} {scene.case['case_no']}"


def _line(scene: Scene) -> str:
    return f"{scene.case['case_no']} {subject(scene)}"


def _to_unit(scene: Scene, unit: str, kind: str, word: str, text: str) -> Owed:
    urgent = bool(scene.state.case["urgent"])
    return Owed(kind, f"unit:{unit}", _title(scene, word), f"{_line(scene)}：{text}", urgent)


def _to_leader(scene: Scene, kind: str, word: str, text: str) -> tuple[Owed, ...]:
    """To the unit that leads; nobody while there is none."""
    return (_to_unit(scene, scene.unit, kind, word, text),) if scene.unit else ()
