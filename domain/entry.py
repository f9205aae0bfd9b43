"""A phoned-in case as it is being written down (快速录入): what is offered, what is checked, what is shown before."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.city import City
from domain.deadlines import Deadline, Limit
from domain.duplicates import Likeness, Position
from domain.refusals import Refusal

LONGEST_DESCRIPTION = 300
LONGEST_PLACE = 120
LONGEST_REPORTER = 40
CALL_AGE = timedelta(days=3)  # an older call is a slip of the hand
SLIP = timedelta(minutes=1)  # clocks of caller and desk
GUESSED = ",?"  # behind a position that the words gave: whoever changes the words moves it
KINDS = {"part": "部件", "event": "事件"}
OWNER_FIRST = {"part": "先属主后属地", "event": "先属地后属主"}  # domain research 1.3


@dataclass(frozen=True)
class ConditionOffer:
    """立案条件 with the limit that belongs to it; without words where the city has limits only."""

    text: str
    limit: Limit
    urgent: bool


@dataclass(frozen=True)
class ClassOffer:
    """小类 that can be chosen. `units`: whose work it usually is, with weights; empty where the city does not say."""

    key: str
    kind: str | None  # part | event
    major: str | None  # kind and major code together
    minor: str | None
    code: str  # 部件 0103, or empty
    name: str
    conditions: tuple[ConditionOffer, ...]
    units: Mapping[str, float]


@dataclass(frozen=True)
class Place:
    """Where it is. `guessed`: read from the words alone, and not yet shown on the map by a person."""

    position: Position | None = None
    grid: str | None = None
    grid_name: str = ""
    street: str | None = None
    street_name: str = ""
    community: str | None = None
    community_name: str = ""
    road: str = ""
    guessed: bool = False


@dataclass(frozen=True)
class UnitOffer:
    """The suggested unit, and why it is suggested."""

    key: str
    name: str
    why: str


@dataclass(frozen=True)
class Draft:
    """What has been written so far; empty text = nothing yet."""

    channel: str = ""
    called_at: str = ""  # local, HH:MM of today or YYYY-MM-DD HH:MM
    reporter: str = ""  # name and telephone, in any order
    category: str = ""
    condition: str = ""  # its place in the class's list
    place: str = ""
    spot: str = ""  # lon,lat as clicked; with a third part it is only what the words gave
    description: str = ""
    unit: str = ""
    into: str = ""  # the case it shall be added to (并入)

    @classmethod
    def of(cls, fields: Mapping[str, object]) -> "Draft":
        """The named fields of a form; anything that is no text counts as not written."""
        given = {name: value for name in cls.__dataclass_fields__ if isinstance(value := fields.get(name), str)}
        return cls(**{name: _clean(value) for name, value in given.items()})


@dataclass(frozen=True)
class EntryPaper:
    """Everything that the sheet shows: the draft with what follows from it, computed anew at every change."""

    draft: Draft
    city: City
    now: datetime
    called_at: datetime
    channels: tuple[tuple[str, str], ...]
    classes: tuple[ClassOffer, ...]
    chosen: ClassOffer | None
    condition: ConditionOffer | None
    place: Place
    duplicates: tuple[Likeness, ...]
    around: tuple[tuple[float, float, bool], ...]  # open cases nearby: lon, lat, overdue
    units: tuple[tuple[str, str], ...]
    suggested: UnitOffer | None
    deadline: Deadline | None
    verify_first: bool  # this channel's reports are checked on the spot before filing (核实)
    errors: Mapping[str, str]  # field -> sentence
    missing: tuple[str, ...]  # what 立案并派遣 still needs, in words

    @property
    def into(self) -> Likeness | None:
        """The case to add the report to: the chosen one, else the very likely one; adding is then offered first."""
        chosen = [like for like in self.duplicates if like.case.case_no == self.draft.into and like.case.open]
        likely = [like for like in self.duplicates if like.very_likely]
        return next(iter(chosen or likely), None)


_TELEPHONE = re.compile(r"\+?\d[\d \-]{4,}\d")
_SEPARATED = re.compile(r"(?<=\d)[\s\-—－·.]+(?=\d)")
_PERSONAL = re.compile(
    r"(?<!\d)(?:1[3-9]\d{9}|0\d{9,11}|[2-8]\d{7}(?<!20\d{6})|\d{17}[\dXx]|\d{15})(?!\d)"
)  # mobile and landline numbers, identity cards; a date is none


def personal_number(text: str) -> bool:
    """Whether the text holds what looks like a telephone or identity card number (domain research 5.1)."""
    plain = _SEPARATED.sub("", unicodedata.normalize("NFKC", text))
    return _PERSONAL.search(plain) is not None


def errors_of(draft: Draft) -> dict[str, str]:
    """What is wrong with the words themselves, by field; an empty field is not wrong."""
    found = {}
    for name, label, longest in (
        ("description", "问题描述", LONGEST_DESCRIPTION),
        ("place", "位置", LONGEST_PLACE),
    ):  # fmt: skip
        text = getattr(draft, name)
        if len(text) > longest:
            found[name] = f"{label}最多 {longest} 字，现有 {len(text):,} 字，请删短"
        elif personal_number(text):
            found[name] = "像是电话或证件号码，请写到“来电人与电话”里"
    if len(draft.reporter) > LONGEST_REPORTER:
        found["reporter"] = f"最多 {LONGEST_REPORTER} 字，请删短"
    return found


def name_and_phone(written: str) -> tuple[str, str]:
    """Who called: the digits that look like a telephone, and the words around them."""
    found = _TELEPHONE.search(unicodedata.normalize("NFKC", written))
    if found is None:
        return written, ""
    plain = unicodedata.normalize("NFKC", written)
    return " ".join(f"{plain[: found.start()]} {plain[found.end() :]}".split()).strip("，,、 "), found[0]


def position_of(spot: str) -> Position | None:
    """The clicked position; None where nobody has clicked. Raises Refusal for what is no position."""
    if not spot or spot.endswith(GUESSED):
        return None
    try:
        lon, lat = (float(part) for part in spot.split(","))
    except ValueError:
        lon = lat = float("nan")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Refusal("位置不是经纬度", f"“{spot[:40]}”", "请在地图上重新点一下。")
    return round(lon, 6), round(lat, 6)


def _clean(text: str) -> str:
    """NFC without control characters, as it is stored."""
    kept = "".join(c for c in unicodedata.normalize("NFC", text) if c == "\n" or unicodedata.category(c)[0] != "C")
    return kept.strip()
