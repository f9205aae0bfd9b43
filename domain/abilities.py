"""What the posts allow, for people to read: the table that administrators are shown before they change posts.

Follows from domain research 5.5; what really decides are the marks of callbacks and the life cycle's table.
"""

from collections.abc import Iterable, Mapping

from domain.people import DESK_POSTS, Post

ABILITIES: Mapping[str, frozenset[Post]] = {
    "all_cases": DESK_POSTS | {Post.LEADER},
    "own_cases": frozenset({Post.UNIT_USER}),
    "reporters": DESK_POSTS,
    "dispatch": frozenset({Post.DISPATCHER, Post.DUTY_CHIEF}),
    "decide": frozenset({Post.DUTY_CHIEF}),
    "instruct": frozenset({Post.LEADER}),
    "draft": frozenset({Post.EVALUATOR}),
    "release": frozenset({Post.PUBLISHER}),
    "accounts": frozenset({Post.SYS_ADMIN}),
    "confirm": frozenset({Post.SECURITY_ADMIN}),
    "audit": frozenset({Post.AUDIT_ADMIN}),
}


def abilities(posts: Iterable[Post]) -> dict[str, bool]:
    """For each ability, whether these posts have it."""
    held = frozenset(posts)
    return {name: bool(held & allowed) for name, allowed in ABILITIES.items()}
