"""Where every open case stands in its script, found again from the store after a start or a silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data_access.case_writer import event_rows
from data_access.demo import LivingCase
from domain.events import CHAIN_START
from services.demo.days import Arrival, arrivals
from services.demo.lives import write_life
from services.demo.setting import Setting
from services.demo.steps import Script

Known = dict[tuple[str, str], dict[str, Arrival]]  # arrivals by number, of each (day, layer)


@dataclass(frozen=True)
class Living:
    """A case in the store with the script it follows; `done` = its version."""

    case_id: int
    case_no: str
    script: Script
    done: int

    @property
    def next_at(self) -> datetime:
        return self.script[self.done].at


def stand(setting: Setting, cases: Sequence[LivingCase]) -> tuple[list[Living], list[str]]:
    """The open cases that stand exactly where their script has led them, and the numbers of the others.

    The others belong to somebody at the desk: entered, or acted on, by a person.
    """
    known: Known = {}
    following: list[Living] = []
    strangers: list[str] = []
    for case in cases:
        arrival = _arrival_of(setting, case.case_no, known)
        script = write_life(setting, arrival) if arrival else ()
        if not _follows(script, case):
            strangers.append(case.case_no)
        elif case.version < len(script):
            following.append(Living(case.case_id, case.case_no, script, case.version))
    return following, strangers


def _arrival_of(setting: Setting, case_no: str, known: Known) -> Arrival | None:
    """The arrival behind a case number; None for a number that no script has (a case entered at the desk)."""
    day, _, number = case_no.partition("-")
    key = (day, number[:-4])
    if key not in known:
        try:
            layer = int(key[1] or 0)
            arrived = arrivals(setting, datetime.strptime(day, "%Y%m%d").date(), layer)  # noqa: DTZ007 (a day only)
        except ValueError:
            arrived = []
        known[key] = {arrival.case_no: arrival for arrival in arrived}
    return known[key].get(case_no)


def _follows(script: Script, case: LivingCase) -> bool:
    """Whether the stored events are the script's own first steps: their hash chain says so."""
    if not 0 < case.version <= len(script):
        return False
    rows = event_rows({}, script[: case.version], 0, CHAIN_START, script[0].at)
    return bool(rows[-1]["hash"] == case.hash)
