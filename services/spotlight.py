"""上大屏: a case shown on one of the hall's walls for two minutes; the next tick draws it, and it ends by itself."""

from dataclasses import dataclass

from sqlalchemy import Connection

from data_access import instructions, spotlights
from domain.life_cycle import UNFINISHED, Stage
from domain.people import DESK_POSTS, Person, Post
from domain.refusals import Refusal
from domain.snapshot import SPOTLIGHT
from services import audit
from services.dispatch.commands import NotAllowed, NotFound
from services.dispatch.desk import Desk

WHERE = "上大屏"


@dataclass(frozen=True)
class Spotlights:
    """`walls` are the keys of the walls that this city serves."""

    desk: Desk
    walls: tuple[str, ...]

    def show(self, person: Person, case_no: str, wall: str) -> str:
        """Shows the case; what the wall showed before gives way. Gives the sentence. Raises NotFound, NotAllowed,
        Down, and Refusal for a case that is done."""
        post = next((post for post in Post if post in person.posts & DESK_POSTS), None)
        if post is None:
            raise NotAllowed("您的岗位不能把案件放上大屏", WHERE, "请由派遣员或值班长操作。")
        if wall not in self.walls:
            raise NotFound("没有这块大屏", f"{WHERE} {wall[:40]}", f"可用的大屏：{'、'.join(self.walls)}")
        self.desk.require_running()
        return self.desk.transactions.run(lambda connection: self._show(connection, person, post, case_no, wall))

    def _show(self, connection: Connection, person: Person, post: Post, case_no: str, wall: str) -> str:
        now, city_number = self.desk.instant(), self.desk.number
        case = instructions.case_to_read(connection, city_number, case_no)
        if case is None:
            raise NotFound("没有这个案件", f"案件 {case_no[:40]}", "请核对案件号，或刷新列表。")
        if Stage(case.stage) not in UNFINISHED:
            raise Refusal("案件已经办完，不再上大屏", f"案件 {case_no}", "请选一件在办的案件。")
        until = now + SPOTLIGHT
        spotlights.put(connection, city_number, wall, case.case_id, until, person.user_id)
        about = {"wall": wall, "until": until.isoformat()}
        audit.record(connection, city_number, now, person.actor(post), "spotlight", case_no, detail=about)
        return f"案件 {case_no} 已上大屏，{self.desk.city.local(until):%H:%M:%S} 自动结束"
