"""The quick entry's three buttons, as commands of the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.life_cycle import Action, Role
from domain.people import Person
from domain.refusals import Refusal
from services.dispatch.commands import Command, Done, NotAllowed
from services.dispatch.desk import Desk
from services.entry.filing import DISPATCH, REPORT, WHERE, Filing

INTO = "into"  # the third button: into:<case number>:<version seen>


@dataclass(frozen=True)
class EntryDesk:
    desk: Desk
    filing: Filing

    def press(self, person: Person, button: str, key: str, fields: Mapping[str, Any]) -> Done:
        """Raises as the desk's acts do."""
        if button == REPORT:
            return self.desk.create(person, Command("", Action.REPORT, key, 0, fields), self.filing.report)
        if button == DISPATCH:
            if Role.DISPATCHER not in person.roles:
                raise NotAllowed("您的岗位不能立案并派遣", WHERE, "请选“仅登记”，由值班长立案、派遣员派遣。")
            marked = {**fields, "button": DISPATCH}  # the same key for the other button is another request
            return self.desk.create(person, Command("", Action.REPORT, key, 0, marked), self.filing.dispatch)
        into, _, rest = button.partition(":")
        case_no, _, version = rest.rpartition(":")
        if into != INTO or not version.isdecimal() or len(version) > 9:
            raise Refusal("没有这个按钮", WHERE, "请刷新页面后再试。")
        return self.desk.act(person, Command(case_no, Action.REPORT_AGAIN, key, int(version), fields))
