"""Acts that leave the case where it stands: 催办, 批注, 认领."""

from sqlalchemy import Connection

from data_access import acknowledgements
from domain.alerts import Alert
from domain.documents import short_moment
from domain.life_cycle import Action
from domain.people import DESK_POSTS
from domain.refusals import Refusal
from domain.supervision import read_deadline
from services.dispatch.fields import choice, words
from services.dispatch.scene import Deed, Owed, Scene, Step

MOST_PHOTOS = 20


def urge(scene: Scene) -> Deed:
    """URGE 催办: {"text": what the unit is told, "feedback_by": local YYYY-MM-DDTHH:MM, when an answer is wanted}; both
    optional. The unit that leads gets a message."""
    unit = leading_unit(scene)
    text = words(scene.fields, "text", "催办内容", scene.where)
    body: dict[str, object] = {"unit": unit}
    if text:
        body["text"] = text
    said = text or "请尽快处置并反馈"
    if written := choice(scene.fields, "feedback_by"):
        by = read_deadline(written, scene.now, scene.working, scene.city.zone, "反馈时间")
        body["feedback_by"] = by.isoformat()
        said += f"（{short_moment(scene.city.local(by))} 前反馈）"
    number, name = scene.case["case_no"], scene.keys.units.name(unit)
    told = Owed("urge", f"unit:{unit}", f"催办 {number}", f"{number} {subject(scene)}：{said}", urgent=True)
    return Deed((Step(Action.URGE, body),), f"已催办{name}", (told,))


def note(scene: Scene) -> Deed:
    """NOTE 批注: {"text": required, "photos": numbers of photos of this case}."""
    text = words(scene.fields, "text", "批注内容", scene.where, required=True)
    body: dict[str, object] = {"text": text}
    if photos := scene.fields.get("photos"):
        if not isinstance(photos, list) or len(photos) > MOST_PHOTOS or not all(type(one) is int for one in photos):
            raise Refusal("照片列表写得不对", scene.where, f"请重新选择照片，一次最多 {MOST_PHOTOS} 张。")
        body["photos"] = photos
    return Deed((Step(Action.NOTE, body),), "已批注")


def claim(scene: Scene) -> Deed:
    """CLAIM 认领 of an alert: {"alert": domain.alerts.Alert, "owner": user number (absent = oneself), "note": …,
    "promised": local YYYY-MM-DDTHH:MM}. Claimed for another person, that one is told."""
    alert = _alert(scene)
    owner = _owner(scene)
    text = words(scene.fields, "note", "说明", scene.where)
    body: dict[str, object] = {"alert": alert.value, "owner": owner}
    if text:
        body["note"] = text
    promised = None
    if written := choice(scene.fields, "promised"):
        promised = read_deadline(written, scene.now, scene.working, scene.city.zone, "承诺时间")
        body["promised"] = promised.isoformat()
    until = f"，承诺 {short_moment(scene.city.local(promised))} 前有结果" if promised else ""

    def besides(connection: Connection, version: int) -> None:
        acknowledgements.acknowledge(
            connection, scene.city_number, scene.case_id, alert.value, version, owner, text, promised, scene.now,
            scene.person.user_id,
        )  # fmt: skip

    if owner == scene.person.user_id:
        return Deed((Step(Action.CLAIM, body),), f"已认领{until}", besides=besides)
    number, name = scene.case["case_no"], scene.keys.people[owner].name
    told = Owed("claim", f"user:{owner}", f"交办告警 {number}", f"{number} {subject(scene)}{until}。{text}".strip("。"))
    return Deed((Step(Action.CLAIM, body),), f"已交由{name}负责{until}", (told,), besides)


def leading_unit(scene: Scene) -> str:
    """The unit that leads. Raises Refusal while nobody has the case."""
    if scene.unit is None:
        raise Refusal("还没有单位承办这件案件", scene.where, "请先派遣，再催办。")
    return scene.unit


def subject(scene: Scene) -> str:
    """Class and road: what a notice may say of a case outside the desk."""
    category = scene.keys.categories.name(scene.state.case["category"])
    return " ".join(part for part in (category, scene.case["road"]) if part)


def _alert(scene: Scene) -> Alert:
    given = choice(scene.fields, "alert")
    try:
        return Alert(given)
    except ValueError:
        raise Refusal("没有这种告警", f"{scene.where}：{given[:40]}", "请从案件的告警里选一个再认领。") from None


def _owner(scene: Scene) -> int:
    given = scene.fields.get("owner")
    if given in (None, ""):
        return scene.person.user_id
    number = int(given) if str(given).isascii() and str(given).isdecimal() and len(str(given)) < 10 else -1
    account = scene.keys.people.get(number)
    if number == scene.person.user_id:
        return number
    if account is None or account.disabled or not DESK_POSTS & set(account.posts):
        raise Refusal("不能交给这个人", f"{scene.where}：{str(given)[:40]}", "请选一位在用的调度台人员。")
    return number
