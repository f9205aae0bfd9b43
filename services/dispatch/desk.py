"""The desk's one transaction: every act of every person on a case, exactly once.

The order is always the same: the case's row is locked, then the key is looked up, then everything is checked, then
everything is written, and the desk's beat comes last. Locks are taken in that order too, so that no two acts can wait
for each other; imports and the demo's life lock cases before anything else as well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from data_access import outbox
from data_access.case_writer import NewCase, insert_cases
from data_access.counters import take_number
from data_access.desk_writer import answer_of, beat, case_no_taken, keep_answer, locked_case, log_of
from data_access.holds import hold_of, store_hold
from data_access.keys import Keys
from data_access.store import Store
from domain.calendar import WorkingTime
from domain.city import City
from domain.holds import renewed
from domain.life_cycle import ACTION_WORDS, Action, Stage
from domain.people import Person
from domain.refusals import Refusal
from domain.replay import in_order, state
from services.audit import record
from services.dispatch import answers, rights, telling, writing
from services.dispatch.acts import ACTS
from services.dispatch.bulk import in_bulk, owe_together
from services.dispatch.commands import Command, Done, Down, NotAllowed, NotFound, Outcome
from services.dispatch.holds import Holds, held_by_another
from services.dispatch.scene import Act, Begin, Deed, Opening, Owed, Scene
from services.dispatch.sources import OURS, writable
from services.dispatch.transactions import Transactions

REFUSED = "desk_refused"  # the audit's word for an act that somebody had no right to
PREVIEW = "preview-of-many"  # the key of what is never kept
Clock = Callable[[], datetime]


class Desk:
    """Shared by the threads of a process. `working`: the city's working time; `frozen`: a replay, which nobody may
    change. `source_writable` tells whether a source lets its cases be moved here (DECISIONS 24)."""

    def __init__(
        self,
        store: Store,
        city: City,
        city_number: int,
        clock: Clock,
        working: WorkingTime | None,
        *,
        frozen: bool = False,
        source_writable: Callable[[str], bool] = writable,
    ) -> None:
        self.store, self.city, self.number, self.clock, self.working = store, city, city_number, clock, working
        self.frozen, self._source_writable = frozen, source_writable
        self.transactions = Transactions(store)
        self.holds = Holds(self.transactions, city_number, self.instant, frozen)

    def instant(self) -> datetime:
        return self.clock().astimezone(UTC)

    def act(self, person: Person, command: Command, *, bulk: str = "", by: Act | None = None) -> Done:
        """Writes one act, or gives the answer its key was given before. Raises NotFound, NotAllowed, Conflict (somebody
        was first, or is on the case), Down, and Refusal for what the case or the fields do not allow; nothing was
        written then. `bulk`: the key of the act on many that this is part of. `by`: what is done in place of the
        action's usual act, where more than its fields belongs to it (photos)."""
        self.require_running()
        asked = answers.digest_of(command)
        try:
            roles = rights.roles_for(person, command.action)
            return self.transactions.run(
                lambda connection: self._act(connection, person, command, asked, roles, bulk, by)
            )
        except NotAllowed as refusal:
            self._record_refusal(person, command, refusal)
            raise

    def create(self, person: Person, command: Command, begin: Begin) -> Done:
        """A new case, its report and whatever follows at once, exactly once. `command.case_no` is empty: the number is
        given here. Raises as `act` does."""
        self.require_running()
        asked = answers.digest_of(command)
        try:
            roles = rights.roles_for(person, command.action)
            return self.transactions.run(
                lambda connection: self._create(connection, person, command, asked, roles, begin)
            )
        except NotAllowed as refusal:
            self._record_refusal(person, command, refusal)
            raise

    def bulk(
        self, person: Person, action: Action, key: str, items: Sequence[tuple[str, int]], fields: Mapping[str, Any]
    ) -> list[Outcome]:
        """The same act on many cases (number and version looked at), each a transaction of its own: what one case
        refuses, the others do. One recipient gets one message for all of them. A retry with the same key does what is
        missing. Raises Refusal when the whole cannot be tried, and Down when the database stops answering half-way."""
        return in_bulk(self.act, person, action, key, items, fields)

    def preview(
        self, person: Person, action: Action, items: Sequence[tuple[str, int]], fields: Mapping[str, Any]
    ) -> list[Outcome]:
        """What `bulk` would answer for each case at this moment; nothing is written, and no number is taken."""

        def tried(person: Person, command: Command, bulk: str) -> Done:
            self.require_running()
            asked, roles = answers.digest_of(command), rights.roles_for(person, command.action)
            done = self.transactions.try_out(
                lambda connection: self._act(connection, person, command, asked, roles, bulk, None)
            )
            return replace(done, document=None)

        return in_bulk(tried, person, action, PREVIEW, items, fields)

    def require_running(self) -> None:
        """Raises Down in a replay: nobody changes the past."""
        if self.frozen:
            raise Down("回放中不能办理", "时钟定格在过去的时刻", "请回到实时页面后再操作。")

    def _act(
        self, connection: Connection, person: Person, command: Command, asked: bytes, roles: Any, bulk: str,
        by: Act | None,
    ) -> Done:  # fmt: skip
        case = locked_case(connection, self.number, command.case_no)
        known = answer_of(connection, self.number, person.user_id, command.key)
        if known is not None:
            return answers.again(known, asked)
        if case is None:
            raise NotFound("没有这个案件", f"案件 {command.case_no}", "请核对案件号，或刷新列表。")
        scene = self._scene(connection, person, command, case, roles)
        deed = self._deed(scene, command, by)
        return self._write(scene, command, asked, deed, bulk)

    def _scene(
        self, connection: Connection, person: Person, command: Command, case: Mapping[str, Any], roles: Any
    ) -> Scene:
        """The case as it stands and the role acted in. Raises NotAllowed and Conflict."""
        events = log_of(connection, self.number, case["case_id"])
        now, keys = self.instant(), Keys(connection, self.number)
        stood = state(events)
        if stood is None:
            raise Refusal("案件的事件记录不完整", f"案件 {command.case_no}", "请运行 python app.py verify 核对。")
        rights.require_own(person, stood, command.action, command.case_no)
        hold = hold_of(connection, self.number, case["case_id"])
        if hold is not None and hold.active(now) and rights.keeps_out(hold, person, roles[0], command.action):
            raise held_by_another(hold, keys, self.city, command.case_no)
        if command.version != case["version"]:
            raise telling.stale(self.city, keys, case, events, command.version, command.action, command.fields)
        role = rights.role_here(roles, Stage(stood.case["stage"]), command.action)
        # An act never happens before what has happened already, whatever the clocks of two machines say.
        steps = in_order(events)
        at = max(now, steps[-1].at) if steps else now
        return Scene(
            connection, self.city, self.number, at, person, role, command.fields, self.working, keys,
            case["case_id"], case, stood, events,
        )  # fmt: skip

    def _deed(self, scene: Scene, command: Command, by: Act | None) -> Deed:
        act = by or ACTS.get(command.action)
        if act is None:
            raise Refusal(f"“{ACTION_WORDS[command.action]}”不在调度台办理", scene.where, "请在相应的系统或页面办理。")
        deed, source = act(scene), scene.case["source"]
        if source == OURS or not writing.takes_the_case(deed.steps) or self._source_writable(source):
            return deed
        return writing.passed_on(deed, source, command.case_no, ACTION_WORDS[command.action])

    def _write(self, scene: Scene, command: Command, asked: bytes, deed: Deed, bulk: str) -> Done:
        connection, person = scene.connection, scene.person
        events = writing.events_of(deed.steps, person, scene.role, scene.now)
        version = writing.write(scene, events, self.instant())
        document = deed.besides(connection, version) if deed.besides else None
        hold = hold_of(connection, self.number, scene.case_id)
        if (mine := renewed(hold, person.user_id, scene.now)) != hold:
            store_hold(connection, self.number, scene.case_id, mine)
        self._owe(connection, deed.notices, scene.case_id, version, scene.now, bulk)
        done = Done(
            command.case_no, command.action, version, scene.now, deed.sentence, len(deed.notices), document
        )  # fmt: skip
        return self._answer(connection, person, command, asked, done)

    def _owe(
        self, connection: Connection, notices: Sequence[Owed], case_id: int, version: int, at: datetime, bulk: str,
    ) -> None:  # fmt: skip
        if bulk:
            owe_together(connection, self.number, bulk, notices, at)
        else:
            outbox.owe(connection, self.number, writing.owed_rows(notices, case_id, version, at))

    def _answer(self, connection: Connection, person: Person, command: Command, asked: bytes, done: Done) -> Done:
        """The last of a transaction: the answer under its key, and the beat."""
        keep_answer(
            connection, self.number, person.user_id, command.key, done.at, asked, answers.as_text(done)
        )  # fmt: skip
        beat(connection, self.number)
        return done

    def _create(
        self, connection: Connection, person: Person, command: Command, asked: bytes, roles: Any, begin: Begin
    ) -> Done:
        known = answer_of(connection, self.number, person.user_id, command.key)
        if known is not None:
            return answers.again(known, asked)
        now, keys = self.instant(), Keys(connection, self.number)
        role = rights.role_here(roles, None, command.action)
        birth = begin(
            Opening(connection, self.city, self.number, now, person, role, command.fields, self.working, keys)
        )
        events = writing.events_of(birth.steps, person, role, now)
        created = state(events)
        if created is None or birth.steps[0].action is not Action.REPORT:
            raise Refusal("新案件要从上报开始", "快速录入", "请重新录入。")
        columns, assignments = writing.new_case_columns(created, keys)
        number = self._new_number(connection, now)
        columns |= {"case_no": number, "source": OURS}
        (case_id,) = insert_cases(connection, self.number, [NewCase(columns, events, assignments)], now)
        document = birth.besides(connection, case_id, len(events)) if birth.besides else None
        self._owe(connection, birth.notices, case_id, len(events), now, "")
        done = Done(number, command.action, len(events), now, birth.sentence, len(birth.notices), document)
        return self._answer(connection, person, command, asked, done)

    def _new_number(self, connection: Connection, now: datetime) -> str:
        """20261125-D0001: numbers of the desk's own, apart from those of sources and of the demo's life."""
        day = f"{self.city.day_of(now):%Y%m%d}"
        while True:
            number = f"{day}-D{take_number(connection, self.number, f'case/{day}'):04d}"
            if not case_no_taken(connection, self.number, number):
                return number

    def _record_refusal(self, person: Person, command: Command, refusal: NotAllowed) -> None:
        """Into the audit log, in a transaction of its own: who tried what they may not."""
        role = person.roles[0] if person.roles else "person"
        about = {"action": command.action.value, "what": refusal.what}
        try:
            self.transactions.run(
                lambda connection: record(
                    connection, self.number, self.instant(), person.actor(role), REFUSED, command.case_no, True, about
                )
            )
        except Down:
            return  # nothing was done, and the person is told so in any case
