"""督办: a dispatcher proposes a notice (送值班长签发), the duty chief signs it. Source: 启东's report, item 10."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from data_access import applications, supervisions
from data_access import documents as stored
from domain.applications import Kind, State
from domain.documents import DocumentKind, Supervision, long_moment
from domain.life_cycle import Action
from domain.refusals import Refusal
from domain.supervision import (
    LONGEST_DEMANDS,
    REASON_WORDS,
    Reason,
    read_deadline,
)
from services.dispatch import fields
from services.dispatch.documents import Seen, keep, supervision_words, take_document_number
from services.dispatch.scene import Deed, Owed, Scene, Step

UNIT, STREET = "unit", "street"
CUSTOM = "custom"
DUTY_CHIEF = "post:duty_chief"


@dataclass(frozen=True)
class Ask:
    """A notice as it is asked for, every field read and checked."""

    unit: str
    reason: Reason
    due: datetime
    demands: str
    copies: tuple[str, ...]
    exposure: bool
    photos: int

    @property
    def body(self) -> dict[str, object]:
        return {
            "unit": self.unit, "reason": self.reason.value, "due": self.due.isoformat(), "demands": self.demands,
            "copies": list(self.copies), "exposure": self.exposure, "photos": self.photos,
        }  # fmt: skip


def supervise(scene: Scene) -> Deed:
    """SUPERVISE 督办, signed by the duty chief. Fields: cause (domain.supervision.Reason), due (local
    YYYY-MM-DDTHH:MM, or "custom" and due_custom), demands (≤ 300), exposure, copies (`unit:<key>`, `street:<key>`),
    photos.

    The number is taken here; the notice, its document and the end of a proposal are one transaction. An earlier notice
    for the same case that still runs is replaced.
    """
    ask = _asked(scene)
    kind = DocumentKind.SUPERVISION
    number = take_document_number(scene.connection, scene.city, scene.city_number, kind, scene.now)
    paper = words_of(scene, ask, number=number, signed_by=scene.person.name)
    by = scene.person.user_id
    waiting = applications.pending(scene.connection, scene.city_number, scene.case_id, Kind.SUPERVISION)

    def besides(connection: Connection, _version: int) -> int:
        document_id = keep(connection, scene, kind, paper, by)
        supervisions.issue(
            connection, scene.city_number, scene.case_id, number, scene.keys.units.number(ask.unit), scene.now, by,
            ask.due, ask.exposure, document_id,
        )  # fmt: skip
        for one in waiting:
            said = {"number": number}
            applications.decide(connection, scene.city_number, one.application_id, State.GRANTED, said, scene.now, by)
        return document_id

    until = long_moment(scene.city.local(ask.due))
    return Deed(
        (Step(Action.SUPERVISE, {"number": number, **ask.body}),),
        f"已签发督办通知单 {number}，{scene.keys.units.name(ask.unit)}须于 {until} 前办结",
        (*_to_units(scene, ask, number, until), *(_to_proposer(scene, one.asked_by, number) for one in waiting)),
        besides,
    )


def propose(scene: Scene) -> Deed:
    """PROPOSE_SUPERVISION 送值班长签发. Fields as of `supervise`. No number is taken: that is the signature's."""
    ask = _asked(scene)
    if applications.pending(scene.connection, scene.city_number, scene.case_id, Kind.SUPERVISION):
        raise Refusal("本案已有一份督办通知单在等签发", scene.where, "请等值班长签发或退回后再送。")

    def besides(connection: Connection, version: int) -> None:
        applications.ask(
            connection, scene.city_number, scene.case_id, Kind.SUPERVISION, scene.keys.units.number(ask.unit),
            ask.body, version, scene.now, scene.person.user_id,
        )  # fmt: skip

    title = f"督办送签 {scene.case['case_no']}"
    name = scene.keys.units.name(ask.unit)
    text = f"{scene.person.name}送签督办通知单：{name}，{title_of(scene)}，原因：{REASON_WORDS[ask.reason]}。"
    return Deed(
        (Step(Action.PROPOSE_SUPERVISION, ask.body),),
        f"督办通知单已送值班长签发（{name}）",
        (Owed("supervise", DUTY_CHIEF, title, text),),
        besides,
    )


def words_of(seen: Seen, ask: Ask, *, number: str, signed_by: str = "") -> Supervision:
    """The paper of this notice."""
    return supervision_words(
        seen,
        reason=ask.reason,
        due=ask.due,
        demands=ask.demands,
        copies=copy_names(seen, ask.copies),
        attached=ask.photos,
        number=number,
        signed_by=signed_by,
    )


def copy_names(seen: Seen, copies: Sequence[str]) -> tuple[str, ...]:
    """`unit:<key>`, `street:<key>` as they stand on paper: 学府街道办事处. Raises Refusal for what does not exist."""
    names = []
    for copy in copies:
        kind, _, key = copy.partition(":")
        listing = {UNIT: seen.keys.units, STREET: seen.keys.streets}.get(kind)
        if listing is None or key not in listing.by_key:
            raise Refusal("抄送里有不认识的单位", f"案件 {seen.case['case_no']}", "请从列表里选择抄送单位。")
        name = listing.name(key)
        names.append(f"{name}办事处" if kind == STREET and name.endswith("街道") else name)
    return tuple(names)


def title_of(seen: Seen) -> str:
    """`井盖破损移位，学府街`: what and where, without a house number: it may leave the house. Without a road, the
    street office's area."""
    name = seen.keys.categories.name(seen.state.case["category"])
    place = seen.case["road"] or seen.keys.streets.name(seen.state.case["street"])
    return "，".join(word for word in (name, place) if word)


def due_text(given: Mapping[str, object]) -> str:
    """The deadline that was chosen, or written as one's own."""
    name = "due_custom" if fields.choice(given, "due") == CUSTOM else "due"
    return fields.choice(given, name)


def _asked(scene: Scene) -> Ask:
    unit = scene.unit
    if unit is None:
        raise Refusal("本案现在没有主办单位，不能督办", scene.where, "请先派遣，再督办主办单位。")
    try:
        reason = Reason(fields.choice(scene.fields, "cause"))
    except ValueError:
        raise Refusal("没有选督办原因", scene.where, "请选一个督办原因。") from None
    copies = tuple(copy for copy in fields.choices(scene.fields, "copies") if copy != f"{UNIT}:{unit}")
    copy_names(scene, copies)
    attached = fields.yes(scene.fields, "photos")
    return Ask(
        unit=unit,
        reason=reason,
        due=read_deadline(due_text(scene.fields), scene.now, scene.working, scene.city.zone),
        demands=fields.words(scene.fields, "demands", "办理要求", scene.where, longest=LONGEST_DEMANDS, required=True),
        copies=copies,
        exposure=fields.yes(scene.fields, "exposure"),
        photos=stored.photos_of_the_report(scene.connection, scene.city_number, scene.case_id) if attached else 0,
    )


def _to_units(scene: Scene, ask: Ask, number: str, until: str) -> list[Owed]:
    case_no = scene.case["case_no"]
    text = f"{number}：{title_of(scene)}，案件 {case_no}，请于 {until} 前办结并反馈。"
    copied = [copy for copy in ask.copies if copy.startswith(f"{UNIT}:")]
    return [
        Owed("supervise", f"{UNIT}:{ask.unit}", f"督办通知单 {number}", text, urgent=True),
        *(Owed("supervise", copy, f"抄送：督办通知单 {number}", text) for copy in copied),
    ]


def _to_proposer(scene: Scene, user_id: int, number: str) -> Owed:
    return Owed("decision", f"user:{user_id}", f"已签发 {number}", f"{scene.where}：您送签的督办通知单已签发。")
