"""Who may call a route or a callback. Every one carries a mark; a house test fails where it is missing.

Hiding a button protects nothing: whoever can reach the server can post by hand. So each function asks for itself.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

from flask_login import current_user

from domain.people import DESK_READERS, RANKING_READERS, Person, Post

Called = TypeVar("Called", bound=Callable[..., object])
Given = ParamSpec("Given")
Answer = TypeVar("Answer")

DESK, RANKINGS = DESK_READERS, RANKING_READERS
PAGE_POSTS: Mapping[str, frozenset[Post]] = {  # pages for people; every other page is public
    "/dispatch": DESK,
    "/unit": DESK,
    "/rankings": RANKINGS,
    "/admin/users": frozenset({Post.SYS_ADMIN, Post.SECURITY_ADMIN}),
    "/admin/audit": frozenset({Post.AUDIT_ADMIN}),
    "/admin/channels": frozenset({Post.SYS_ADMIN}),
}


class SignedOut(Exception):
    """Nobody is signed in, or no longer."""


class Denied(Exception):
    """Somebody is signed in whose posts do not allow this. `posts` would; empty = nobody's here."""

    def __init__(self, posts: frozenset[Post]) -> None:
        super().__init__(", ".join(sorted(posts)))
        self.posts = posts


def public(called: Called) -> Called:
    """Marks what anybody may call who may reach this server at all."""
    called.__access__ = "public"  # type: ignore[attr-defined]
    return called


def require(*posts: Post) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Only people with one of these posts may call; without posts, anybody signed in.

    Raises SignedOut or Denied, which callbacks.denials answers as JSON, as a page or as a word on the Dash page.
    """
    allowed = frozenset(posts)

    def mark(called: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @wraps(called)
        def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
            admit(allowed)
            return called(*args, **kwargs)

        guarded.__access__ = allowed  # type: ignore[attr-defined]
        return guarded

    return mark


def admit(allowed: frozenset[Post]) -> Person:
    """The person who asks, when one of these posts is theirs or none is asked for. Raises SignedOut or Denied."""
    person = current_person()
    if allowed and not person.posts & allowed:
        raise Denied(allowed)
    return person


def current_person() -> Person:
    """Who is signed in. Raises SignedOut when nobody is."""
    person: Person | None = getattr(current_user, "person", None)
    if person is None:
        raise SignedOut
    return person


def admit_to_page(path: str) -> None:
    """Raises SignedOut or Denied when this page is for people and not for whoever asks."""
    posts = PAGE_POSTS.get("/" + "/".join(part for part in path.split("/") if part))  # as pages.py reads addresses
    if posts is not None:
        admit(posts)
