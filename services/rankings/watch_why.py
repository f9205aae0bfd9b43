"""What stands behind a unit on the watch list: why it asked for more time, how its returns ended, what is suspended."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from data_access import applications, case_marks
from data_access.applications import Application
from domain.applications import GROUND_WORDS, Ground, Kind, State
from domain.life_cycle import EndReason
from domain.people import Person
from domain.ranking_view import WatchRow, WatchWhy
from domain.refusals import Refusal
from domain.score_rule import WatchList
from services.rankings import gather
from services.rankings.cases import SPECIALS
from services.rankings.standing import Looked, admit
from services.rankings.watch import watch_table

TABS = ("dispatched_extended", "dispatched_suspended", "dispatched_returned", "suspended", "open", "dispatched")
UNSAID = "未写原因"
LONGEST = 40


def watch_why(looked: Looked, key: str, person: Person, read_at: datetime) -> WatchWhy:
    """The proof of one unit. Applications are those asked in the period, as they stood at as_of. Raises Refusal for a
    score, NotAllowed, NotFound."""
    admit(person, looked.ask, key)
    if not isinstance(looked.rule, WatchList):
        raise Refusal("这是评分，不是关注名单", "score", "请改选关注名单，或看评分自己的明细。")
    n, _ = looked.entry(key)
    row = _row(looked, looked.rule, key, read_at)
    question = gather.question_of(looked.city, looked.ask, looked.rule)
    until = min(question.end, question.as_of)
    asked = applications.asked_by(looked.connection, looked.number, n, question.start, until)
    extensions = [one for one in asked if one.kind is Kind.EXTENSION]
    freed = case_marks.freed(looked.connection, looked.number, n, question.start, until, {})
    ends = Counter(_end(one, question.as_of) for one in asked if one.kind is Kind.RETURN)
    reasons = Counter(_reason(one) for one in extensions)
    return WatchWhy(
        ask=looked.ask,
        rules=looked.rule,
        row=row,
        reasons=tuple(sorted(reasons.items(), key=lambda reason: (-reason[1], reason[0]))),
        asked=len(extensions),
        granted=sum(_end(one, question.as_of) is State.GRANTED for one in extensions),
        returns=(
            (EndReason.RETURNED.value, freed.get(EndReason.RETURNED, 0)),
            (EndReason.DISPATCHER_ERROR.value, freed.get(EndReason.DISPATCHER_ERROR, 0)),
            ("refused", ends[State.REFUSED]),
            ("undecided", ends[State.ASKED]),
        ),
        suspended_now=row.counts.suspended,
        tabs=(*((name, int(getattr(row.counts, name))) for name in TABS), (SPECIALS, row.special)),
    )


def _row(looked: Looked, rules: WatchList, key: str, read_at: datetime) -> WatchRow:
    everybody = replace(looked.ask, unit_class=None)
    table = watch_table(looked.connection, looked.city, looked.number, everybody, rules, read_at)
    return next(row for row in table.rows if row.watched.key == key)


def _reason(application: Application) -> str:
    ground = str(application.asked.get("ground", ""))
    if ground in set(Ground):
        return GROUND_WORDS[Ground(ground)]
    return str(application.asked.get("reason", "")).strip()[:LONGEST] or UNSAID


def _end(application: Application, as_of: datetime) -> State:
    """As it stood then; whatever is not decided counts as asked."""
    decided = application.decided_at is not None and application.decided_at <= as_of
    return application.state if decided else State.ASKED
