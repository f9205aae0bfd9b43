"""What is weighed before a case is filed, dispatched or handed up: its limit, its unit, its tier."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from domain.deadlines import Deadline, Limit
from domain.life_cycle import Action, Tier
from domain.reassignment import Candidate

LONGEST_NOTE = 300
TIER_WORDS = {
    Tier.COMMUNITY: "社区自循环", Tier.STREET: "街道微循环", Tier.DISTRICT: "区级小循环", Tier.CITY: "市级大循环",
}  # fmt: skip
HIGHER = tuple(Tier)  # from the lowest to the highest


@dataclass(frozen=True)
class LimitOffer:
    """A filing condition of the case's class with its limit; without words where the city has limits only."""

    text: str
    limit: Limit


@dataclass(frozen=True)
class FilingSheet:
    """One case before `action`: register, dispatch or escalate. `deadline` is what the chosen limit would give now."""

    action: Action
    case_no: str
    version: int
    title: str
    place: str
    zone: ZoneInfo
    note: str = ""
    offers: tuple[LimitOffer, ...] = ()
    limit: Limit | None = None
    condition: str = ""
    urgent: bool = False
    deadline: Deadline | None = None
    problem: str = ""  # why there is no deadline
    units: tuple[Candidate, ...] = ()
    unit: str = ""
    informed: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()  # of every unit, by key
    found: str = ""
    tier: Tier | None = None
    tiers: tuple[Tier, ...] = ()
