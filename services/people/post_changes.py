"""Posts are changed by two persons: the system administrator proposes, the security administrator confirms."""

import json
from collections.abc import Iterable
from typing import Any

from data_access import people
from domain.people import POST_WORDS, Person, Post, exclusions
from domain.refusals import Refusal
from domain.user_list import PostChange
from services.people.accounts import wanted_change
from services.people.register import Register, new_stamp


class PostChanges:
    def __init__(self, register: Register) -> None:
        self.register = register

    def propose(self, by: Person, user_id: int, posts: Iterable[Post]) -> int:
        """Asks for these posts in place of the present ones, and for a disabled account to be in use again.

        Nothing changes before somebody else confirms. Raises Refusal.
        """
        register, now = self.register, self.register.clock()
        wanted = tuple(post for post in Post if post in set(posts))
        self._require_post(by, Post.SYS_ADMIN, "提出变更")
        with register.store.write.begin() as connection:
            people.lock_city(connection, register.number)
            row = register.user(connection, user_id)
            held = tuple(sorted(people.posts_of(connection, register.number, user_id)))
            _require_possible(row, wanted)
            if held == tuple(sorted(wanted)) and row.disabled_at is None:
                raise Refusal("没有改动", row.account, "请先勾选或取消一个岗位。")
            if people.open_change(connection, register.number, user_id) is not None:
                raise Refusal("已有一个变更待确认", row.account, "请先由安全管理员确认或退回。")
            number = people.add_change(connection, register.number, wanted_change(user_id, wanted, by, now))
            register.record(
                connection, now, by, "propose_posts", row.account, held=list(held), wanted=list(wanted), change=number
            )
        return number

    def decide(self, by: Person, user_id: int, confirmed: bool) -> None:
        """Confirms or sends back what waits for this account. Raises Refusal, and then nothing has changed."""
        register, now = self.register, self.register.clock()
        self._require_post(by, Post.SECURITY_ADMIN, "确认变更")
        with register.store.write.begin() as connection:
            people.lock_city(connection, register.number)
            row = register.user(connection, user_id)
            found = people.open_change(connection, register.number, user_id)
            if found is None:
                raise Refusal("没有待确认的变更", row.account, "可能已由别人处理，请刷新列表。")
            if by.user_id in (found.proposed_by, user_id):
                raise Refusal("提出人和本人不能确认", row.account, "请由另一位安全管理员确认。")
            change = _change(found)
            people.decide_change(connection, register.number, change.change_id, by.user_id, now, confirmed)
            if confirmed:
                _require_possible(row, change.posts)
                people.set_posts(connection, register.number, user_id, change.posts)
                people.change_user(connection, register.number, user_id, disabled_at=None, stamp=new_stamp())
            action = "confirm_posts" if confirmed else "refuse_posts"
            proposer = change.proposed_by
            register.record(
                connection, now, by, action, row.account, proposed_by=proposer, change=change.change_id,
                wanted=list(change.posts),
            )  # fmt: skip

    def waiting(self) -> dict[int, PostChange]:
        """What waits to be confirmed, by the account's number."""
        with self.register.store.read.connect() as connection:
            found = people.open_changes(connection, self.register.number)
        return {row.user_id: _change(row) for row in found}

    def _require_post(self, by: Person, post: Post, act: str) -> None:
        if post not in by.posts:
            raise Refusal(f"只有{POST_WORDS[post]}可以{act}", by.account, "请由他来做。")


def _require_possible(row: Any, posts: Iterable[Post]) -> None:
    held = set(posts)
    if reasons := exclusions(held):
        raise Refusal("这些岗位不能由一人兼任", "；".join(reasons), "请分给不同的人。")
    if (Post.UNIT_USER in held) != (row.unit_id is not None) and held:
        raise Refusal("单位终端只能是单位用户，人员不能是单位用户", row.account, "请另建账号。")


def _change(row: Any) -> PostChange:
    wanted = json.loads(row.wanted)
    return PostChange(row.change_id, row.user_id, tuple(map(Post, wanted["posts"])), row.proposed_by, row.proposed_at)
