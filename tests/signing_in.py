"""People who can sign in, and a test client that does: by the same route and with the same token as a browser."""

from collections.abc import Sequence
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain.people import Post
from services.people import People

PASSWORD = "Lan-Zhou_2026"


def a_user(people: People, *posts: Post, name: str = "", unit: str | None = None, password: str = PASSWORD) -> str:
    """An account that has chosen its password; gives the account."""
    invitation = people.accounts.add(name or f"测试{len(people.accounts.listed()):02}", posts, unit)
    people.sign_in.choose(invitation.secret, password)
    return invitation.account


def token_of(client: FlaskClient) -> dict[str, str]:
    """The header that everything posted needs, from the cookie that a page has set."""
    cookie = client.get_cookie("_csrf_token")
    return {"X-CSRFToken": cookie.value if cookie else ""}


def post(client: FlaskClient, path: str, form: dict[str, Any] | None = None, **given: Any) -> TestResponse:
    headers = token_of(client) | given.pop("headers", {})
    return client.post(path, data=form, headers=headers, **given)


def sign_in(client: FlaskClient, account: str, password: str = PASSWORD, **given: Any) -> TestResponse:
    """Opens the page, posts the form; the answer is a redirection when it went well."""
    client.get("/signin", **given)
    return post(client, "/signin", {"account": account, "password": password}, **given)


def posts_besides(*posts: Post) -> Sequence[Post]:
    return [post for post in Post if post not in posts]
