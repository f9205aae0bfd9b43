"""From the paper to the case: 仅登记, 立案并派遣 and 并入, each one act of the desk (docs/adr/0008)."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from data_access import entry
from data_access.entry import CategoryRow
from domain.deadlines import due, share_used_at
from domain.entry import Draft, EntryPaper, errors_of, name_and_phone
from domain.life_cycle import Action, Tier
from domain.refusals import Refusal
from services.dispatch.scene import Birth, Deed, Opening, Owed, Scene, Step
from services.entry.paper import Entries

REPORT, DISPATCH = "report_only", "report_and_dispatch"  # the two buttons that make a new case
REPORTED_WITHOUT = {"立案条件", "派遣单位"}
WHERE = "快速录入"


@dataclass(frozen=True)
class Filing:
    """How a new case begins, by the fields of the sheet."""

    entries: Entries

    def report(self, opening: Opening) -> Birth:
        """仅登记: it waits for the duty chief to file it. Fields: those of domain.entry.Draft."""
        paper = self._checked(opening, REPORTED_WITHOUT)
        step = Step(Action.REPORT, self._report_body(opening, paper))
        return Birth((step,), f"已登记：{_words(paper)}，等待立案", besides=_reporter(paper.draft, opening))

    def dispatch(self, opening: Opening) -> Birth:
        """立案并派遣: reported, accepted, filed and dispatched in one transaction."""
        paper = self._checked(opening, set())
        if paper.verify_first:
            raise Refusal("这个来源的上报须先现场核实", WHERE, "请选“仅登记”，核实后再立案。")
        if paper.condition is None:
            raise Refusal("还没有选立案条件", WHERE, "请选择后再派遣。")
        limit = paper.condition.limit
        until, provisional = due(opening.now, limit, opening.working)
        soon = share_used_at(opening.now, limit, opening.city.due_soon_share, opening.working)
        register: dict[str, object] = {"condition": paper.condition.text, "limit": str(limit), "tier": Tier.CITY.value}
        dispatch: dict[str, object] = {"unit": paper.draft.unit, "due": until.isoformat(), "soon": soon.isoformat()}
        if paper.condition.urgent:
            register["urgent"] = True
        if provisional:
            dispatch["provisional"] = True
        steps = (
            Step(Action.REPORT, self._report_body(opening, paper)),
            Step(Action.ACCEPT),
            Step(Action.REGISTER, register),
            Step(Action.DISPATCH, dispatch),
        )
        unit = dict(paper.units)[paper.draft.unit]
        local = opening.city.local(until)
        told = f"{_words(paper)}，请于 {local:%m-%d %H:%M} 前处置{'（时限暂定）' if provisional else ''}"
        notice = Owed(
            "dispatch", f"unit:{paper.draft.unit}", f"新派案件：{_words(paper)}", told, paper.condition.urgent
        )
        return Birth(steps, f"已立案并派遣{unit}，时限 {local:%m-%d %H:%M}", (notice,), _reporter(paper.draft, opening))

    def _checked(self, opening: Opening, can_wait: set[str]) -> EntryPaper:
        """The same paper that the sheet showed, from the rows as they are inside this transaction."""
        paper = self.entries.paper_on(opening.connection, opening.fields)
        if paper.errors:
            raise Refusal(next(iter(paper.errors.values())), WHERE, "请改正后再提交。没有写入任何内容。")
        if lacking := [name for name in paper.missing if name not in can_wait]:
            raise Refusal(f"还缺：{'、'.join(lacking)}", WHERE, "请补上后再提交。没有写入任何内容。")
        return paper

    def _report_body(self, opening: Opening, paper: EntryPaper) -> dict[str, object]:
        place, draft = paper.place, paper.draft
        lon, lat = place.position or (None, None)
        self._list_what_is_new(opening, paper)
        return {
            "category": draft.category, "channel": draft.channel, "called_at": paper.called_at.isoformat(),
            "grid": place.grid, "street": place.street, "community": place.community, "road": place.road or None,
            "address": draft.place or None, "lon": lon, "lat": lat, "description": draft.description,
        }  # fmt: skip

    def _list_what_is_new(self, opening: Opening, paper: EntryPaper) -> None:
        """A class or channel that the city's configuration names and no case has used yet."""
        key, chosen = paper.draft.channel, paper.chosen
        entry.list_channel(opening.connection, opening.city_number, key, dict(paper.channels).get(key, key))
        if chosen is not None:
            kind, _, major = (chosen.major or "").partition("/")
            row = CategoryRow(chosen.key, chosen.kind or kind or None, major or None, chosen.minor, chosen.name)
            entry.list_class(opening.connection, opening.city_number, row)


def report_again(scene: Scene) -> Deed:
    """REPORT_AGAIN (并入): {"description", "place", "channel", "reporter"}, all of them optional: one more call about a
    case that is known. Its clock and its place stay."""
    draft = Draft.of(scene.fields)
    if errors := errors_of(draft):
        raise Refusal(next(iter(errors.values())), scene.where, "请改正后再提交。没有写入任何内容。")
    times = 2 + sum(event.action == Action.REPORT_AGAIN for event in scene.events)
    said = {"channel": draft.channel, "description": draft.description, "address": draft.place}
    body = {name: words for name, words in said.items() if words}
    number = scene.case["case_no"]
    told: tuple[Owed, ...] = ()
    if scene.unit:
        words = f"案件 {number} 第 {times} 次上报{'：' + draft.description if draft.description else ''}"
        told = (Owed("report_again", f"unit:{scene.unit}", f"再次上报 {number}", words),)

    def besides(connection: Connection, version: int) -> None:
        _keep_reporter(connection, scene.city_number, scene.case_id, version, draft)

    return Deed((Step(Action.REPORT_AGAIN, body),), f"已并入 {number}，第 {times} 次上报；时限不变", told, besides)


def _words(paper: EntryPaper) -> str:
    """Class and street or road, never a house number: the words of a notice."""
    name = paper.chosen.name if paper.chosen else ""
    where = paper.place.road or paper.place.street_name
    return f"{name}，{where}" if where else name


def _reporter(draft: Draft, opening: Opening) -> Callable[[Connection, int, int], None]:
    def besides(connection: Connection, case_id: int, _version: int) -> None:
        _keep_reporter(connection, opening.city_number, case_id, 1, draft)

    return besides


def _keep_reporter(connection: Connection, city_number: int, case_id: int, version: int, draft: Draft) -> None:
    if draft.reporter:
        name, phone = name_and_phone(draft.reporter)
        entry.add_reporter(connection, city_number, case_id, version, {"name": name, "phone": phone})
