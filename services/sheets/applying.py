"""What the sheets of 延期, 挂账 and 申诉 have in common: whose turn it is, who has signed, what waits before."""

from collections.abc import Mapping
from dataclasses import replace

from data_access import applications
from data_access.applications import Application
from data_access.desk_case import photos_of
from domain.application_sheets import Asked, Mode, SheetHead, Signature
from domain.applications import KIND_WORDS, PENDING, Kind, State
from domain.life_cycle import Role, Stage, possible_actions
from domain.people import Post
from domain.refusals import Refusal
from services.dispatch.scene import Scene


def application_of(scene: Scene, kind: Kind) -> Application | None:
    """The application of this kind that waits, if any: of a unit's user, its own."""
    waiting = applications.pending(scene.connection, scene.city_number, scene.case_id, kind)
    mine = scene.keys.units.number(scene.person.unit) if scene.person.of_a_unit_only else None
    return next((one for one in waiting if mine in (None, one.unit_id)), None)


def head_of(scene: Scene, kind: Kind, application: Application | None, unit: str | None) -> SheetHead:
    """`unit` is whose application it is or would be."""
    mode = mode_of(scene, application)
    case = scene.case
    head = SheetHead(
        kind=kind,
        mode=mode,
        case_no=case["case_no"],
        version=case["version"],
        category=scene.keys.categories.name(scene.keys.categories.key(case["category_id"])),
        place=case["address"] or case["road"] or "",
        unit=scene.keys.units.name(unit),
        today=scene.city.day_of(scene.now),
        asked=_asked(scene, application),
        chain=_chain(scene, application, mode),
        place_in_line=_line(scene, application),
        may_refuse=mode in (Mode.ENDORSE, Mode.DECIDE),
        may_switch=mode is Mode.ENDORSE and kind is not Kind.APPEAL,
        photos=tuple(photos_of(scene.connection, scene.city_number, scene.case_id, scene.now)),
        fields={name: str(value) for name, value in scene.fields.items()},
        of_unit=(unit or "") if application and kind is Kind.APPEAL else "",
    )
    return replace(head, why_not=_why_not(scene, head, application))


def mode_of(scene: Scene, application: Application | None) -> Mode:
    """What the person can do next with it."""
    if application is None:
        return Mode.APPLY
    posts = scene.person.posts
    if application.state is State.ASKED and Post.DISPATCHER in posts:
        return Mode.ENDORSE
    if application.state is State.ENDORSED and Post.DUTY_CHIEF in posts:
        return Mode.DECIDE
    return Mode.READ


def _why_not(scene: Scene, head: SheetHead, application: Application | None) -> str:
    """Why the button is closed, in words; the act itself checks again."""
    if head.mode is Mode.READ:
        return ""
    if head.mode is Mode.APPLY and not set(scene.person.roles) & {Role.DISPATCHER, Role.UNIT_USER}:
        return f"没有待批的{KIND_WORDS[head.kind]}；由单位提出，或由派遣员代录"
    roles = (Role.UNIT_USER, Role.DISPATCHER, Role.DUTY_CHIEF)
    possible = {action.value for role in roles for action in possible_actions(Stage(scene.state.case["stage"]), role)}
    if head.action not in possible:
        return "案件现在的环节不能办理"
    before = (application.asked_by, application.endorsed_by) if application else ()
    if head.mode is Mode.DECIDE and scene.person.user_id in before:
        return "申请、初审和审签不能是同一个人"
    return ""


def _asked(scene: Scene, application: Application | None) -> Asked | None:
    if application is None:
        return None
    said = application.asked
    writer = scene.keys.people.get(application.asked_by)
    return Asked(
        unit=scene.keys.units.name(scene.keys.units.key(application.unit_id)),
        at=scene.city.local(application.asked_at),
        reason=str(said.get("reason", "")),
        signed=bool(said.get("signed")),
        attachments=len(said.get("attachments", ())),
        written_by=writer.name if writer and Post.UNIT_USER not in writer.posts else "",
    )


def _chain(scene: Scene, application: Application | None, mode: Mode) -> tuple[Signature, ...]:
    """单位负责人 → 派遣员 → 值班长. The one at work is current."""
    name = scene.person.name
    if application is None:
        return (Signature("head"), Signature("endorse"), Signature("decide"))
    signed = scene.city.local(application.asked_at) if application.asked.get("signed") else None
    head = Signature("head", at=signed)
    if application.endorsed_at is None:
        endorsing = Signature("endorse", name if mode is Mode.ENDORSE else "", current=mode is Mode.ENDORSE)
        return (*_of_the_head(head, application), endorsing, Signature("decide"))
    endorser = scene.keys.people.get(application.endorsed_by or 0)
    done = Signature("endorse", endorser.name if endorser else "", scene.city.local(application.endorsed_at))
    deciding = Signature("decide", name if mode is Mode.DECIDE else "", current=mode is Mode.DECIDE)
    return (*_of_the_head(head, application), done, deciding)


def _of_the_head(head: Signature, application: Application) -> tuple[Signature, ...]:
    """An appeal needs no signature of the unit's head."""
    return () if application.kind is Kind.APPEAL else (head,)


def _line(scene: Scene, application: Application | None) -> tuple[int, int]:
    """The application's place among all that wait for the same signature, by due time."""
    if application is None:
        return 0, 0
    waiting = applications.waiting_by_due(scene.connection, scene.city_number, application.state)
    places = [number for number, _ in waiting]
    if application.application_id not in places:
        return 0, len(places)
    return places.index(application.application_id) + 1, len(places)


def instead_of(scene: Scene, kind: Kind) -> Application:
    """The application that 改为挂账 or 改为延期 replaces. Raises Refusal when it no longer waits."""
    waiting = application_of(scene, kind)
    if waiting is None or waiting.state not in PENDING:
        raise Refusal(f"没有待批的{KIND_WORDS[kind]}可改", scene.where, "请查看最新案件。")
    return waiting


def chosen(scene: Scene, name: str, usual: object = "") -> str:
    """A field as it stands on the sheet; what is usual until somebody has written it."""
    given: object = scene.fields.get(name)
    return str(usual if given is None else given).strip()


def told(said: Mapping[str, object], name: str, usual: object = "") -> str:
    return str(said.get(name) or usual)
