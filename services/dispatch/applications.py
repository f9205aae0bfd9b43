"""Applications are decided in two steps: a dispatcher endorses (初审), the duty chief grants or refuses (审签).

What is granted holds from the application on (reading o of domain research 2.4.3).
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from data_access import applications
from data_access.applications import Application
from domain.applications import (
    KIND_WORDS,
    Kind,
    State,
    amount,
    cut,
    hold_to,
    in_words,
    other_person,
)
from domain.life_cycle import Action
from domain.people import Post
from domain.refusals import Refusal
from services.dispatch.application_facts import (
    checks_of_extension,
    checks_of_suspension,
    day_of,
    granted_at_most,
    limit_of,
    review_day,
    running,
    unit_of,
    worked_at,
)
from services.dispatch.applying import text, written
from services.dispatch.commands import NotAllowed
from services.dispatch.scene import Deed, Owed, Scene, Step

Body = dict[str, object]
KEPT = ("decision", "unit")  # what the endorser of a return suggests, for the duty chief to follow or not


def endorse(scene: Scene) -> Deed:
    """初审同意: {"kind", "note", …}: of an extension "by" (cut, never raised); of a suspension "ground", "review",
    "resume", "measures" where the desk sees them otherwise. A soft limit that is crossed wants a note."""
    application = _waiting(scene, State.ASKED)
    kind, note = application.kind, text(scene, "note")
    more = ENDORSED[kind](scene, application, note) if kind in ENDORSED else _kept(scene)
    body = {"kind": kind.value, "of": application.asked_version, "note": note, **more}

    def besides(connection: Connection, _version: int) -> None:
        number, by = application.application_id, scene.person.user_id
        applications.endorse(connection, scene.city_number, number, {"note": note, **more}, scene.now, by)

    words = f"{KIND_WORDS[kind]}初审同意，送值班长审签"
    owed = Owed("application", f"post:{Post.DUTY_CHIEF}", KIND_WORDS[kind], f"{scene.case['case_no']} {words}")
    return Deed((Step(Action.ENDORSE, body),), words, (owed,), besides)


def extend(scene: Scene) -> Deed:
    """延期批准: {"by": … (may be cut again), "note"}. The due time moves; the rest of the unit's clock is as it was."""
    application, clock = _endorsed(scene, Kind.EXTENSION), running(scene)
    _still_leads(scene, application, clock.unit)
    most, limit = granted_at_most(application), limit_of(clock, scene)
    by = cut(most, amount(text(scene, "by") or str(most), limit, scene.where), scene.where)
    checks = checks_of_extension(scene, clock, by, application.asked_at, bool(application.asked["signed"]))
    hold_to(checks, text(scene, "note") or str(application.endorsed.get("note", "")), scene.where)
    moved = clock.extended(by).new_due(scene.city.due_soon_share, scene.working)
    return _granted(scene, application, Action.EXTEND, {"by": str(by), **moved}, f"同意延期 {in_words(by)}")


def suspend(scene: Scene) -> Deed:
    """挂账批准: {"note", and what the desk sees otherwise}. The pause counts from the application on."""
    application, clock = _endorsed(scene, Kind.SUSPENSION), running(scene)
    _still_leads(scene, application, clock.unit)
    said = {**application.asked, **application.endorsed}
    body: Body = {name: said[name] for name in ("ground", "reason", "review", "resume", "measures") if name in said}
    body |= _of_the_pause(scene)
    body["review"] = review_day(str(body["review"]), scene).isoformat()
    since = max(application.asked_at, clock.started)
    return _granted(scene, application, Action.SUSPEND, {**body, "since": since.isoformat()}, "同意挂账")


def exempt(scene: Scene) -> Deed:
    """同意申诉: {"note"}. The facts stay; the unit's score leaves the case out above and below the line."""
    application = _endorsed(scene, Kind.APPEAL)
    unit = unit_of(application, scene)
    if unit is None or not worked_at(scene, unit):
        raise Refusal("这个单位已不承担这件案件", scene.where, "没有可免计的得分；请驳回申诉。")
    return _granted(scene, application, Action.EXEMPT, {"unit": unit}, "同意申诉，得分不计本案")


def refuse(scene: Scene) -> Deed:
    """退回: {"kind", "reason" or "note"}. A dispatcher at the first step, the duty chief at either."""
    application = _waiting(scene, State.ASKED, State.ENDORSED)
    if application.kind is Kind.RETURN:
        raise Refusal("回退要用回退裁定来定", scene.where, "请打开回退裁定，选理由不成立或责任不清。")
    if application.state is State.ENDORSED and Post.DUTY_CHIEF not in scene.person.posts:
        raise NotAllowed("这件申请已送值班长", scene.where, "请由值班长审签或退回。")
    reason, words = text(scene, "reason") or written(scene, "note"), f"{KIND_WORDS[application.kind]}退回"
    body = {"kind": application.kind.value, "of": application.asked_version, "reason": reason}
    return Deed(
        (Step(Action.REFUSE_APPLICATION, body),),
        f"{words}：{reason}",
        _told(scene, application, f"{words}：{reason}"),
        _decision(scene, application, State.REFUSED, {"reason": reason}),
    )


def _granted(scene: Scene, application: Application, action: Action, body: Body, words: str) -> Deed:
    note = text(scene, "note")
    said = {"of": application.asked_version, **({"note": note} if note else {}), **body}
    notices = _told(scene, application, words)
    return Deed((Step(action, said),), words, notices, _decision(scene, application, State.GRANTED, said))


def _decision(
    scene: Scene, application: Application, state: State, said: Mapping[str, object]
) -> Callable[[Connection, int], None]:
    def besides(connection: Connection, _version: int) -> None:
        number, by = application.application_id, scene.person.user_id
        applications.decide(connection, scene.city_number, number, state, said, scene.now, by)

    return besides


def _told(scene: Scene, application: Application, words: str) -> tuple[Owed, ...]:
    """The unit that applied learns of the decision; of a notice that was not signed, only who proposed it."""
    unit = unit_of(application, scene)
    proposed = application.kind is Kind.SUPERVISION
    recipient = f"user:{application.asked_by}" if proposed else f"unit:{unit}" if unit else ""
    line = f"案件 {scene.case['case_no']}：{words}"
    return (Owed("decision", recipient, KIND_WORDS[application.kind], line),) if recipient else ()


def _waiting(scene: Scene, *states: State) -> Application:
    """The application that is meant: of the kind named, or the only one. Raises Refusal when there is none."""
    kind = text(scene, "kind")
    found = [
        one
        for one in applications.pending(scene.connection, scene.city_number, scene.case_id)
        if one.state in states and kind in ("", one.kind)
    ]
    if not found:
        what = KIND_WORDS[Kind(kind)] if kind in list(Kind) else "申请"
        raise Refusal(f"没有待批的{what}", scene.where, "它可能已经批复；请查看最新案件。")
    if len(found) > 1:
        found = [one for one in found if kind and unit_of(one, scene) == text(scene, "unit")]
    if len(found) != 1:
        raise Refusal("这件案件有几件申请待批", scene.where, "请写明是哪一种、哪个单位的。")
    return found[0]


def _endorsed(scene: Scene, kind: Kind) -> Application:
    """What the duty chief decides: endorsed, and neither asked nor endorsed by the same person."""
    found = applications.pending(scene.connection, scene.city_number, scene.case_id, kind)
    unit = text(scene, "unit")
    ready = [one for one in found if one.state is State.ENDORSED and unit in ("", unit_of(one, scene))]
    if not ready:
        then = "请先由派遣员初审。" if found else "它可能已经批复；请查看最新案件。"
        raise Refusal(f"没有待审签的{KIND_WORDS[kind]}", scene.where, then)
    if len(ready) > 1:
        raise Refusal(f"有几个单位的{KIND_WORDS[kind]}待审签", scene.where, "请写明是哪个单位的。")
    other_person(scene.person.user_id, ready[0].asked_by, ready[0].endorsed_by)
    return ready[0]


def _still_leads(scene: Scene, application: Application, unit: str) -> None:
    if unit_of(application, scene) != unit:
        raise Refusal("案件已改派，申请的单位不再主办", scene.where, "请退回这件申请。")


def _endorse_extension(scene: Scene, application: Application, note: str) -> Body:
    clock = running(scene)
    _still_leads(scene, application, clock.unit)
    asked = granted_at_most(application)
    by = cut(asked, amount(text(scene, "by") or str(asked), limit_of(clock, scene), scene.where), scene.where)
    hold_to(checks_of_extension(scene, clock, by, application.asked_at, bool(application.asked["signed"])), note,
            scene.where)  # fmt: skip
    return {"by": str(by)}


def _endorse_suspension(scene: Scene, application: Application, note: str) -> Body:
    clock = running(scene)
    _still_leads(scene, application, clock.unit)
    body = _of_the_pause(scene)
    said = {**application.asked, **body}
    checks = checks_of_suspension(
        scene, clock, len(said.get("attachments", ())), str(said.get("measures", "")), application.asked_at,
        bool(said["signed"]),
    )  # fmt: skip
    hold_to(checks, note, scene.where)
    return body


def _of_the_pause(scene: Scene) -> Body:
    """What the desk says of a suspension instead of the unit; only what it has written."""
    body: Body = {name: text(scene, name) for name in ("ground", "measures") if text(scene, name)}
    if text(scene, "review"):
        body["review"] = review_day(text(scene, "review"), scene).isoformat()
    if text(scene, "resume"):
        body["resume"] = day_of(text(scene, "resume"), "预计恢复").isoformat()
    return body


def _kept(scene: Scene) -> Body:
    return {name: text(scene, name) for name in KEPT if text(scene, name)}


ENDORSED: Mapping[Kind, Callable[[Scene, Application, str], Body]] = {
    Kind.EXTENSION: _endorse_extension,
    Kind.SUSPENSION: _endorse_suspension,
    Kind.APPEAL: lambda _scene, _application, _note: {},
}
"""What the first step adds to an application, by its kind; kinds not named keep what they were given."""
