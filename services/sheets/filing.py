"""The sheets of 立案, 派遣 and 上呈 for a case that waits at the desk."""

from collections.abc import Mapping
from typing import Any

from domain.deadlines import Deadline, Limit, due_at
from domain.filing import HIGHER, FilingSheet, LimitOffer
from domain.life_cycle import Action, Tier
from domain.people import Person
from domain.reassignment import ranked
from domain.refusals import Refusal
from services.dispatch import fields
from services.dispatch.documents import limit_of, place_of
from services.dispatch.scene import Scene
from services.entry.classes import class_offers
from services.sheets.looking import looking
from services.sheets.parts import SheetParts
from services.sheets.weighing import candidates, short_names

Fields = Mapping[str, Any]


def prepare_register(parts: SheetParts, person: Person, case_no: str, given: Fields) -> FilingSheet:
    """Fields: limit ("4 work_hours"), condition, urgent. The class's own conditions are offered first."""
    with looking(parts, person, case_no, given) as scene:
        offers = _offers(scene)
        limit = _limit(given) or (offers[0].limit if offers else None)
        condition = next((offer.text for offer in offers if offer.limit == limit), "")
        deadline, problem = _deadline(scene, limit)
        return FilingSheet(
            **_head(scene, Action.REGISTER), offers=offers, limit=limit, condition=condition,
            urgent=fields.yes(given, "urgent"), deadline=deadline, problem=problem,
        )  # fmt: skip


def prepare_dispatch(parts: SheetParts, person: Person, case_no: str, given: Fields) -> FilingSheet:
    """Fields: unit, informed, note, find. The best match of the city's own table stands first."""
    with looking(parts, person, case_no, given) as scene:
        unit = fields.choice(given, "unit")
        limit = limit_of(scene)
        deadline, problem = _deadline(scene, limit)
        units = ranked(candidates(scene), fields.choice(given, "find"), kept=(unit,) if unit else ())
        return FilingSheet(
            **_head(scene, Action.DISPATCH), note=str(given.get("note") or ""), limit=limit, deadline=deadline,
            problem=problem, units=units, unit=unit, informed=fields.choices(given, "informed"),
            names=tuple(short_names(scene).items()), found=fields.choice(given, "find"),
        )  # fmt: skip


def prepare_escalate(parts: SheetParts, person: Person, case_no: str, given: Fields) -> FilingSheet:
    """Fields: tier, reason. Only tiers above the case's own can be chosen."""
    with looking(parts, person, case_no, given) as scene:
        own = scene.state.case.get("tier")
        higher = HIGHER[HIGHER.index(Tier(own)) + 1 :] if own in set(Tier) else HIGHER
        chosen = fields.choice(given, "tier")
        return FilingSheet(
            **_head(scene, Action.ESCALATE), note=str(given.get("reason") or ""), tiers=higher,
            tier=Tier(chosen) if chosen in set(higher) else None,
        )  # fmt: skip


def _head(scene: Scene, action: Action) -> dict[str, Any]:
    return {
        "action": action,
        "case_no": scene.case["case_no"],
        "version": scene.case["version"],
        "title": scene.keys.categories.name(scene.state.case["category"]),
        "place": place_of(scene.case),
        "zone": scene.city.zone,
    }


def _offers(scene: Scene) -> tuple[LimitOffer, ...]:
    category = scene.state.case["category"]
    offers = class_offers(scene.connection, scene.city_number, scene.city)
    known = next((offer.conditions for offer in offers if offer.key == category), ())
    return tuple(LimitOffer(one.text, one.limit) for one in known)


def _limit(given: Fields) -> Limit | None:
    written = fields.choice(given, "limit")
    try:
        return Limit.parse(written) if written else None
    except Refusal:
        return None


def _deadline(scene: Scene, limit: Limit | None) -> tuple[Deadline | None, str]:
    """What the limit gives from now on, or why it gives nothing (a year without calendar, no calendar at all)."""
    if limit is None:
        return None, ""
    try:
        return due_at(scene.now, limit, scene.working), ""
    except Refusal as refusal:
        return None, refusal.what
