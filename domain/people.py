"""The people of the house: posts (岗位), what each may do, and which of them one person may not hold together.

Posts after domain research section 5.5; the separation of the three administrators (三员) and of drafting and releasing
after DESIGN 1.4 and domain research section 5.3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.life_cycle import Role


class Post(StrEnum):
    LEADER = "leader"  # 领导
    DISPATCHER = "dispatcher"  # 派遣员
    DUTY_CHIEF = "duty_chief"  # 值班长
    REGISTRAR = "registrar"  # 受理员
    COLLECTOR = "collector"  # 采集员, who also rechecks
    EVALUATOR = "evaluator"  # 考核岗
    PUBLISHER = "publisher"  # 签发人
    UNIT_USER = "unit_user"  # 单位用户
    SYS_ADMIN = "sys_admin"  # 系统管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDIT_ADMIN = "audit_admin"  # 审计管理员


POST_WORDS = {
    Post.LEADER: "领导", Post.DISPATCHER: "派遣员", Post.DUTY_CHIEF: "值班长", Post.REGISTRAR: "受理员",
    Post.COLLECTOR: "采集员", Post.EVALUATOR: "考核岗", Post.PUBLISHER: "签发人", Post.UNIT_USER: "单位用户",
    Post.SYS_ADMIN: "系统管理员", Post.SECURITY_ADMIN: "安全管理员", Post.AUDIT_ADMIN: "审计管理员",
}  # fmt: skip
ADMINISTRATORS = frozenset({Post.SYS_ADMIN, Post.SECURITY_ADMIN, Post.AUDIT_ADMIN})
DESK_POSTS = frozenset({Post.DISPATCHER, Post.DUTY_CHIEF, Post.REGISTRAR})  # they see every case, with its reporter
DESK_READERS = DESK_POSTS | {Post.LEADER, Post.UNIT_USER}  # who has work, or something to read, on the desk's page
RANKING_READERS = DESK_POSTS | {Post.LEADER, Post.EVALUATOR, Post.PUBLISHER, Post.UNIT_USER}
CASE_ROLES = {  # the posts that move cases, as the life cycle names them
    Post.LEADER: Role.LEADER, Post.DISPATCHER: Role.DISPATCHER, Post.DUTY_CHIEF: Role.DUTY_CHIEF,
    Post.REGISTRAR: Role.REGISTRAR, Post.COLLECTOR: Role.COLLECTOR, Post.UNIT_USER: Role.UNIT_USER,
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Who is signed in. `unit` is the key of a unit user's unit: it sees and acts on that unit's cases only."""

    user_id: int
    account: str
    name: str
    posts: frozenset[Post]
    unit: str | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles of the life cycle this person may act in, in the order of Post."""
        return tuple(CASE_ROLES[post] for post in Post if post in self.posts and post in CASE_ROLES)

    @property
    def at_the_desk(self) -> bool:
        return bool(self.posts & DESK_POSTS)

    @property
    def of_a_unit_only(self) -> bool:
        """Whether everything but the own unit's cases is closed to this person."""
        return Post.UNIT_USER in self.posts and not self.posts & (DESK_POSTS | {Post.LEADER, Post.COLLECTOR})

    def actor(self, role: Role | str) -> str:
        """How the log names who acted: a role and a number, never a person's name."""
        return f"{role}#{self.user_id}"


def exclusions(posts: Iterable[Post]) -> tuple[str, ...]:
    """Why these posts cannot be one person's, in words; empty = they can.

    Source: domain research 5.5 (publisher ≠ evaluator) and 5.3 (三员 apart from each other and from business).
    """
    held = frozenset(posts)
    reasons = []
    if {Post.EVALUATOR, Post.PUBLISHER} <= held:
        reasons.append("考核岗与签发人互斥：起草与签发须为两人")
    if len(held & ADMINISTRATORS) > 1:
        reasons.append("系统、安全、审计管理员须分别由三人担任")
    if held & ADMINISTRATORS and held - ADMINISTRATORS:
        reasons.append("三员不得兼任业务岗位")
    if Post.UNIT_USER in held and len(held) > 1:
        reasons.append("单位用户不得兼任其他岗位")
    return tuple(reasons)
