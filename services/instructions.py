"""领导批示: read on a telephone, written in a sentence, and from then on in the desk's queue with its own deadline."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from data_access import instructions
from data_access.store import Store
from domain.calendar import WorkingTime
from domain.city import City
from domain.documents import short_moment
from domain.instructions import LONGEST, WHERE, InstructPaper, Standing
from domain.life_cycle import STAGE_WORDS, Action, Stage
from domain.people import Post
from domain.refusals import Refusal
from domain.supervision import offered_deadlines, read_deadline
from services.dispatch.commands import NotFound
from services.dispatch.fields import choice, local_text, words
from services.dispatch.scene import Deed, Owed, Scene, Step


def instruct(scene: Scene) -> Deed:
    """INSTRUCT: {"text": required, "due": local YYYY-MM-DDTHH:MM}. The duty chief and the unit that leads are told."""
    text = words(scene.fields, "text", "批示内容", scene.where, longest=LONGEST, required=True)
    due = read_deadline(choice(scene.fields, "due"), scene.now, scene.working, scene.city.zone, WHERE)
    until = short_moment(scene.city.local(due))
    told = f"领导批示：{text}（{until} 前办结）"
    number = scene.case["case_no"]
    recipients = [f"post:{Post.DUTY_CHIEF}"] + ([f"unit:{scene.unit}"] if scene.unit else [])
    unit_id = scene.keys.units.number(scene.unit)

    def besides(connection: Connection, _version: int) -> None:
        instructions.issue(
            connection, scene.city_number, scene.case_id, unit_id, scene.now, scene.person.user_id, due
        )  # fmt: skip

    return Deed(
        steps=(Step(Action.INSTRUCT, {"text": text, "due": due.isoformat()}),),
        sentence=f"已批示案件 {number}，{until} 前办结",
        notices=tuple(Owed("instruct", who, f"领导批示 {number}", told, urgent=True) for who in recipients),
        besides=besides,
    )


def paper(
    store: Store, city: City, city_number: int, now: datetime, working: WorkingTime | None, case_no: str,
    fields: Mapping[str, object],
) -> InstructPaper:  # fmt: skip
    """What the sheet shows. Raises NotFound."""
    with store.picture() as connection:
        case = instructions.case_to_read(connection, city_number, case_no)
        if case is None:
            raise NotFound("没有这个案件", f"案件 {case_no}", "请核对案件号。")
        earlier = instructions.of_case(connection, city_number, case.case_id)
    offered = offered_deadlines(now, working, city.zone)
    due = choice(fields, "due") or local_text(city.local(offered[0]))
    error = ""
    try:
        read_deadline(due, now, working, city.zone, WHERE)
    except Refusal as refusal:
        error = refusal.what
    return InstructPaper(
        city=city,
        now=now,
        case_no=case.case_no,
        version=case.version,
        category=case.category or "",
        place="，".join(part for part in (case.street, case.road) if part),
        unit=case.unit or "",
        state=STAGE_WORDS[Stage(case.stage)],
        text=str(fields.get("text") or ""),
        due=due,
        offered=offered,
        earlier=tuple(Standing(due_at, met) for due_at, met in earlier),
        error=error,
    )
