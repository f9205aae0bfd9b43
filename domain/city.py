"""A city profile: everything that differs between cities, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from domain.indicator_options import IndicatorOptions


@dataclass(frozen=True)
class UnitProfile:
    """A handling unit as the city file lists it. `short_name` is what fits on a wall (5 汉字)."""

    key: str
    name: str
    short_name: str
    unit_class: str | None = None


@dataclass(frozen=True)
class WorkPeriod:
    """A stretch of one working day, local time, valid on days from `valid_from` to `valid_to` (MM-DD, inclusive)."""

    start: time
    end: time
    valid_from: str = "01-01"
    valid_to: str = "12-31"


@dataclass(frozen=True)
class ExtensionLimits:
    """延期: 肃宁 Art. 27. All added time together is at most `max_factor` × the original limit; None = no ceiling."""

    max_factor: Fraction | None = None
    max_times: int | None = None
    warn_share: Fraction | None = None  # applications ÷ cases registered to the unit in the period, warned above


@dataclass(frozen=True)
class StatPeriod:
    """A period the city reports over: one of domain.periods.NAMED, or [first, end) in local days."""

    key: str
    name: str
    named: str | None = None
    first: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class ReportPlan:
    """The reports that are made by themselves, each of the last period that is over, at `at` local time. The lists are
    printed at the foot of brief and circular: 报 …, 送 …, 共印 n 份."""

    weekly: bool = False  # on Mondays
    monthly_day: int | None = None  # day of the next month; None = only on demand
    circular_day: int | None = None
    at: time = time(8)
    issuer: str = ""  # in the red head; empty = the hall's name
    report_to: str = ""
    send_to: str = ""
    copies: int | None = None


@dataclass(frozen=True)
class City:
    """One city. Times of day are local to `zone`; rates and shares are exact fractions."""

    id: str
    name: str
    title: str  # the hall's name, first words on the wall
    zone: ZoneInfo
    demo: bool = False
    calendar: str | None = None  # name of a working calendar under config/calendar, None = no working time
    work_periods: tuple[WorkPeriod, ...] = ()
    units: tuple[UnitProfile, ...] = ()
    unit_classes: Mapping[str, str] = field(default_factory=dict)  # class key -> name, in ranking order
    wall_unit_class: str | None = None  # whose leaderboard the wall shows; None = all units in one
    not_recorded: frozenset[str] = frozenset()  # flows this city's sources never carry, e.g. dispatched
    options: IndicatorOptions = field(default_factory=IndicatorOptions)
    score: str | None = None  # name of a score under config/scores: the one of the wall
    scores: tuple[str, ...] = ()  # every score the city publishes, the wall's among them
    on_time_target: Fraction | None = None
    alarm_unit_overdue: int = 5  # a unit's overdue count turns coral from here
    due_soon_share: Fraction = Fraction(4, 5)
    urgent_receive_minutes: int = 15  # an urgent case not received (签收) for so long is an alert of the desk
    ack_hours: int = 4  # an acknowledged alert comes back when nothing has happened to the case for so long
    heat_breaks: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # measure -> lower bounds of classes 1…5
    stale_after_s: float | None = None
    street_noun: str = "街道"
    grid_noun: str = "单元网格"
    grid_classes: Mapping[str, str] = field(default_factory=dict)  # class key -> name, the strictest first
    grid_tiers: tuple[str, ...] = ()  # names of the levels of grids, the highest first
    handling_tiers: Mapping[str, str] = field(default_factory=dict)  # tier key -> name, the lowest first
    procedures: Mapping[str, str] = field(default_factory=dict)  # side way of a case -> the city's word for it
    extensions: ExtensionLimits = field(default_factory=ExtensionLimits)
    verified_channels: frozenset[str] = frozenset()  # reports from these are checked on site before filing (核实)
    ownerless_unit: str | None = None  # who takes what belongs to nobody
    inform_street: bool = False  # 双派: a case goes to a unit and, for information, to its street
    paper_applications: bool = False  # 每周五补交纸质申请 (汝州): the week's applications are printed, per unit
    periods: tuple[StatPeriod, ...] = ()
    settle_days: int = 5  # 定稿: so many days after a period's end its figures are settled
    reports: ReportPlan = field(default_factory=ReportPlan)
    document_prefix: str = ""  # what official numbers begin with: 澜 in 澜督办〔2026〕120 号

    @property
    def number_prefix(self) -> str:
        """The prefix of official numbers: as written, else the first character of the city's name."""
        return self.document_prefix or self.name[:1]

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def day_of(self, moment: datetime) -> date:
        return self.local(moment).date()

    def midnight(self, day: date) -> datetime:
        """The instant at which the city's local day begins."""
        return datetime.combine(day, time(), self.zone)

    def same_time_on(self, day: date, moment: datetime) -> datetime:
        """The instant on `day` with the local time of day of `moment`."""
        return datetime.combine(day, self.local(moment).time(), self.zone)

    def yesterday_of(self, moment: datetime) -> date:
        return self.day_of(moment) - timedelta(days=1)
