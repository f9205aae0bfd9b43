"""The whole life of one demo case, written when it is born: every step it will take, with its time and changes.

Limits and their clocks: domain/deadlines.py. Stages: DECISIONS 1. The clock starts at dispatch, and again for another
unit after a return; rework does not restart it (DECISIONS 5).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from domain.deadlines import WORKING_UNITS, Limit, LimitUnit, due, due_at, share_used_at
from domain.life_cycle import Stage
from services.demo.days import Arrival
from services.demo.plan import CategoryPlan, Condition, UnitPlan
from services.demo.setting import Setting
from services.demo.steps import NOTHING, Script, Step

LONGEST_LIFE = timedelta(days=40)  # no case lives longer: history older than this never changes
REJECTED = {"collector": 0.05, "grid_worker": 0.06, "video": 0.09}
REJECTED_ELSE = 0.17
TRUSTED = frozenset({"collector", "grid_worker", "video"})  # their reports are accepted and filed in one act
VOID, RETURNED, SUSPENDED, EXTENDED, CO_DISPATCHED = 0.010, 0.030, 0.012, 0.030, 0.040
REPORTERS = {"collector": ("采集员", 120), "grid_worker": ("网格员", 96), "video": ("视频巡查员", 8)}
MINUTE = 60.0
WAITING = ("等待配件", "等待汛期过后施工", "产权单位待确认", "需列入年度计划", "等待管线迁改")


def write_life(setting: Setting, arrival: Arrival) -> Script:
    """The case's script. The same for the same seed and number, whenever asked."""
    seed = f"{setting.seed}:{arrival.day.isoformat()}:{arrival.layer}:{arrival.number}"
    return _Life(setting, arrival, Random(seed)).script()


class _Life:
    """One case while its script is being written: where it stands, and what has been decided about it."""

    def __init__(self, setting: Setting, arrival: Arrival, rng: Random) -> None:
        self.setting, self.arrival, self.rng = setting, arrival, rng
        self.at = arrival.at
        self.steps: list[Step] = []
        self.hour = setting.city.local(arrival.at).hour
        night = self.hour < 6 or self.hour >= 21
        choices = setting.by_night if night else setting.by_day
        weights = setting.night_channel_weights if night else setting.channel_weights
        self.channel: str = rng.choices(setting.channel_keys, cum_weights=weights)[0]
        self.category: CategoryPlan = rng.choices(choices.categories, cum_weights=choices.weights)[0]
        self.condition: Condition = _pick(rng, self.category.conditions, [c.weight for c in self.category.conditions])
        grid = rng.choices(setting.places.by_grid, cum_weights=setting.places.weights)[0]
        self.spot = grid[int(rng.random() * len(grid))]
        self.assignments = 0
        self.active: tuple[int, ...] = ()  # numbers of the assignments that have not ended
        self.columns: dict[str, Any] = {}  # the case's figure columns an assignment repeats

    def script(self) -> Script:
        rng = self.rng
        self._report()
        if self.channel not in TRUSTED:
            self._accept()
        if rng.random() < REJECTED.get(self.channel, REJECTED_ELSE):
            self._reject()
            return tuple(self.steps)
        self._register()
        if rng.random() < VOID:
            self._void()
            return tuple(self.steps)
        unit = self._usual_unit(None)
        self._dispatch(unit)
        if rng.random() < RETURNED:
            self._give_back(unit)
            unit = self._usual_unit(unit.key)
            self._dispatch(unit)
        self._work(unit)
        return tuple(self.steps)

    # Small words

    def _step(
        self,
        action: str,
        actor: str,
        body: Mapping[str, Any],
        case: Mapping[str, Any],
        work: Mapping[str, Any] | None = None,
    ) -> None:
        """A step at self.at; `work` are the columns the active assignments take over."""
        each = {number: work for number in self.active} if work else NOTHING
        self.steps.append(Step(self.at, action, actor, body, case, each))

    def _later(self, low: float, high: float) -> None:
        """Time passes: between `low` and `high` minutes."""
        self.at += timedelta(seconds=int(self.rng.uniform(low, high) * MINUTE))

    def _person(self, role: str, many: int) -> str:
        return f"{role}{1 + int(self.rng.random() * many):0{3 if many > 99 else 2}d}"

    def _usual_unit(self, besides: str | None) -> UnitPlan:
        """Whose task it is; after a return somebody else's."""
        usual = [(key, weight) for key, weight in self.category.units if key != besides]
        if not usual:
            usual = [(key, 1.0) for key in ("chengtou", "zhifa3", "shizheng") if key != besides]
        return self.setting.unit(_pick(self.rng, [key for key, _ in usual], [weight for _, weight in usual]))

    # From the report to the filing

    def _report(self) -> None:
        numbers, spot = self.setting.numbers, self.spot
        role, many = REPORTERS.get(self.channel, ("受理员", 12))
        self.columns = {
            "category_id": numbers.categories[self.category.key],
            "channel_id": numbers.channels[self.channel],
            "grid_id": numbers.grids[spot.grid_key],
            "street_id": numbers.streets[spot.street_key],
            "reported_at": self.at,
        }
        case = {
            "case_no": self.arrival.case_no,
            "source": "gridwall",
            "stage": Stage.REPORTED.value,
            **self.columns,
            "community_id": numbers.communities[spot.community_key],
            "road": spot.road,
            "address": spot.address,
            "lon": spot.lon,
            "lat": spot.lat,
            "rework_count": 0,
            "return_count": 0,
            "extension_count": 0,
            "marks": 0,
            "urgent": False,
            "due_provisional": False,
        }
        body = {"category": self.category.key, "channel": self.channel, "grid": spot.grid_key}
        self._step("report", self._person(role, many), body, case)

    def _accept(self) -> None:
        self._later(1, 8)
        self._step("accept", self._person("受理员", 12), {}, {"accepted_at": self.at, "stage": Stage.ACCEPTED.value})
        self._later(8, 32)
        self._step("verify", self._person("采集员", 120), {"result": "属实"}, {})

    def _reject(self) -> None:
        self._later(1, 9)
        reason = self.rng.choice(("不属于管理范围", "不符合立案条件", "重复上报", "现场未见问题"))
        case = {"rejected_at": self.at, "stage": Stage.REJECTED.value}
        self._step("reject", self._person("值班长", 4), {"reason": reason}, case)

    def _register(self) -> None:
        self._later(2, 11)
        limit = self.condition.limit
        self.columns["registered_at"] = self.at
        case = {
            "registered_at": self.at,
            "stage": Stage.REGISTERED.value,
            "limit_value": Decimal(limit.value.numerator) / limit.value.denominator,
            "limit_unit": limit.unit.value,
            "urgent": self.condition.urgent,
        }
        if self.channel in TRUSTED:
            case["accepted_at"] = self.at
        body = {"condition": self.condition.text, "limit": str(limit)}
        self._step("register", self._person("值班长", 4), body, case)

    def _void(self) -> None:
        self._later(15, 240)
        case = {"voided_at": self.at, "stage": Stage.VOID.value}
        self._step("void", self._person("值班长", 4), {"reason": "与另一案件重复"}, case)

    # Dispatch

    def _dispatch(self, unit: UnitPlan) -> None:
        self._later(*((1, 4) if self.condition.urgent else (2, 14)))
        limit, office = self.condition.limit, self.setting.office
        self.started = self.at
        self.due, provisional = due(self.at, limit, office)
        clock = {
            "dispatched_at": self.at,
            "due_at": self.due,
            "effective_due_at": self.due,
            "due_soon_at": share_used_at(self.at, limit, self.setting.due_soon_share, office),
        }
        number = self.setting.numbers.units[unit.key]
        case = {"unit_id": number, "stage": Stage.DISPATCHED.value, "due_provisional": provisional, **clock}
        new = [{"role": "lead", "unit_id": number, **self.columns, **clock, **NO_COUNTS}]
        body: dict[str, Any] = {"unit": unit.key, "due": self.due.isoformat()}
        if self.rng.random() < CO_DISPATCHED:
            other = self._usual_unit(unit.key).key
            role = "assist" if self.rng.random() < 0.5 else "informed"
            new.append(
                {"role": role, "unit_id": self.setting.numbers.units[other], **self.columns, **clock, **NO_COUNTS}
            )
            body[role] = other
        self.active = tuple(range(self.assignments + 1, self.assignments + len(new) + 1))
        self.assignments += len(new)
        self.steps.append(Step(self.at, "dispatch", self._person("派遣员", 9), body, case, NOTHING, tuple(new)))

    def _give_back(self, unit: UnitPlan) -> None:
        """退回: the unit is not responsible, or the dispatcher erred; the next dispatch starts a new clock."""
        self._later(8, 70)
        reason = "returned" if self.rng.random() < 0.7 else "dispatcher_error"
        case = {"stage": Stage.RETURNED.value, "return_count": 1, **NO_CLOCK}
        work = {"ended_at": self.at, "end_reason": reason, "return_count": 1}
        self._step("return", self._clerk(unit), {"reason": reason}, case, work)
        self.active = ()
        self._later(5, 30)

    def _clerk(self, unit: UnitPlan) -> str:
        return self._person(f"{self.setting.unit_names[unit.key]}经办", 6)

    # Handling

    def _work(self, unit: UnitPlan) -> None:
        rng, limit = self.rng, self.condition.limit
        clock = self.setting.clock_of(unit)
        self.pauses: list[tuple[datetime, datetime]] = []
        late = rng.random() < unit.late
        hours = max(0.07, min(0.97, rng.gauss(unit.pace, 0.2)))
        handle_at = self._running(clock.add, self.started, hours)
        self._receive(unit, handle_at)
        if not self.condition.urgent and rng.random() < SUSPENDED:
            handle_at = max(handle_at, self._suspend())
        elif limit.unit is LimitUnit.WORK_DAYS and rng.random() < EXTENDED:
            self._extend(unit)
        if late:
            hours = min(20.0, rng.lognormvariate(0.95, 0.95))
            handle_at = clock.add(self.due, timedelta(hours=hours))[0]
        self.at = max(self.at + timedelta(minutes=2), _whole(handle_at))
        self._finish(unit)

    def _running(self, add: Any, start: datetime, share: float) -> datetime:
        """`start` plus a share of the limit, on the limit's clock or the crew's."""
        amount = timedelta(seconds=int(self.condition.limit.amount.total_seconds() * share))
        if self.condition.limit.unit in WORKING_UNITS:
            found: datetime = add(start, amount)[0]
            return found
        return start + amount

    def _receive(self, unit: UnitPlan, handle_at: datetime) -> None:
        patience = (handle_at - self.at).total_seconds() * 0.35
        self.at += timedelta(seconds=1 + int(min(patience, self.rng.uniform(2, 38) * MINUTE)))
        columns = {"received_at": self.at}
        self._step("receive", self._clerk(unit), {}, {**columns, "stage": Stage.RECEIVED.value}, columns)

    def _suspend(self) -> datetime:
        """挂账: the clock stands still until the case is resumed; returns when the work will be done."""
        rng, office = self.rng, self.setting.office
        begin = self.at + timedelta(seconds=int(rng.uniform(10, 45) * MINUTE))
        left = (self.due - begin).total_seconds() * 0.5
        if left < MINUTE:
            return self.at
        end = office.add(begin + timedelta(days=rng.uniform(1.0, 8.0)), timedelta(minutes=rng.uniform(5, 200)))[0]
        self.at = begin
        columns: dict[str, Any] = {"suspended_at": begin}
        body = {"reason": rng.choice(WAITING)}
        self._step("suspend", self._person("派遣员", 9), body, {**columns, "stage": Stage.SUSPENDED.value}, columns)
        self.at = _whole(end)
        self.pauses.append((begin, self.at))
        columns = {"suspended_at": None, **self._new_due(None)}
        body = {"due": self.due.isoformat()}
        self._step("resume", self._person("派遣员", 9), body, {**columns, "stage": Stage.RECEIVED.value}, columns)
        return self._running(office.add, self.at, 0.4 * rng.random())

    def _extend(self, unit: UnitPlan) -> None:
        """延期: half the limit more, granted in time."""
        granted = self.at + timedelta(seconds=int(self.rng.uniform(20, 90) * MINUTE))
        if granted >= self.due:
            return
        self.at = granted
        limit = self.condition.limit
        extension = Limit(limit.value / 2, limit.unit)
        columns = {"extension_count": 1, **self._new_due(extension)}
        body = {"by": str(extension), "due": self.due.isoformat()}
        self._step("extend", self._person("派遣员", 9), body, columns, columns)

    def _new_due(self, extension: Limit | None) -> dict[str, Any]:
        limit, office, share = self.condition.limit, self.setting.office, self.setting.due_soon_share
        self.due = due_at(self.started, limit, office, self.pauses, extension).due
        soon = share_used_at(self.started, limit, share, office, self.pauses, extension)
        return {"effective_due_at": self.due, "due_soon_at": soon}

    # From the handling to the end

    def _finish(self, unit: UnitPlan) -> None:
        self._handle(unit)
        reworks = 0
        while self.rng.random() < unit.rework and reworks < 2:
            reworks += 1
            self._recheck_at()
            columns: dict[str, Any] = {"handled_at": None, "rework_count": reworks}
            body = {"reason": "未达到结案条件"}
            self._step("rework", self._person("采集员", 120), body, {**columns, "stage": Stage.REWORK.value}, columns)
            again = self.setting.clock_of(unit).add(self.at, timedelta(minutes=self.rng.uniform(25, 210)))[0]
            self.at = _whole(again)
            self._handle(unit)
        self._recheck_at()
        case = {"rechecked_at": self.at, "stage": Stage.RECHECKED.value}
        self._step("recheck", self._person("采集员", 120), {"result": "达到结案条件"}, case)
        self._later(2, 16)
        columns = {"closed_at": self.at}
        work = {**columns, "ended_at": self.at, "end_reason": "closed"}
        self._step("close", self._person("值班长", 4), {}, {**columns, "stage": Stage.CLOSED.value}, work)

    def _handle(self, unit: UnitPlan) -> None:
        columns = {"handled_at": self.at}
        self._step("handle", self._clerk(unit), {}, {**columns, "stage": Stage.HANDLED.value}, columns)

    def _recheck_at(self) -> None:
        """Collectors look again within the hour, but not in the dark."""
        self.at += timedelta(seconds=int(min(200.0, 9 + self.rng.lognormvariate(3.4, 0.7)) * MINUTE))
        local = self.setting.city.local(self.at)
        if local.hour < 6 or local.hour >= 22:
            day = local.date() + timedelta(days=local.hour >= 22)
            morning = self.setting.city.midnight(day) + timedelta(hours=6, minutes=30)
            self.at = morning.astimezone(UTC) + timedelta(seconds=int(self.rng.uniform(0, 90) * MINUTE))


NO_COUNTS = {"rework_count": 0, "return_count": 0, "extension_count": 0, "marks": 0}
NO_CLOCK = {"unit_id": None, "received_at": None, "due_at": None, "effective_due_at": None, "due_soon_at": None}


def _whole(moment: datetime) -> datetime:
    """Steps happen at whole seconds: rounded up, so that order is kept."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + timedelta(seconds=1)


def _pick(rng: Random, options: Any, weights: list[float]) -> Any:
    return options[0] if len(options) == 1 else rng.choices(options, weights)[0]
