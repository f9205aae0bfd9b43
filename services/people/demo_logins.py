"""The demo city's accounts: one per post, named by post and number, with random passwords kept in a file of one's own.

DECISIONS 23: they exist in the demo only and work from the demo's machine only.
"""

import os
import secrets
import string
import threading
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from data_access import people
from domain.passwords import complaints
from domain.people import POST_WORDS, Post
from services.people.accounts import ACCOUNT_WORDS
from services.people.hashing import hash_of
from services.people.people import People
from services.people.register import new_stamp

FILE = "demo-logins.txt"
OF_EACH = {Post.DISPATCHER: 2}  # two dispatchers: one case can be wanted twice
TERMINALS = (("shizheng", "市政处终端"), ("huanwei", "环卫处终端"))
LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Login:
    account: str
    password: str
    name: str
    post: Post
    unit: str | None


def make_demo_logins(register: People, folder: Path, stopping: threading.Event) -> str:
    """Makes all accounts or none, unless there are any; gives the text to print, empty when nothing was done."""
    if register.sign_in.anybody():
        return ""
    hashed = []
    for login in _wanted():
        if stopping.is_set():
            return ""
        hashed.append((login, hash_of(login.password)))
    lines = "".join(f"{login.account}\t{login.password}\t{login.name}\n" for login, _ in hashed)
    text = f"示范账号，只供本机登录 /signin：\n{lines}"
    with register.register.store.write.begin() as connection:
        people.lock_city(connection, register.register.number)
        if people.any_user(connection, register.register.number):
            return ""
        for login, password_hash in hashed:
            _add(register, connection, login, password_hash)
        _keep(folder / FILE, text)  # before the commit: no account whose password nobody has
    return f"{text}也写在 {folder / FILE}。"


def _wanted() -> list[Login]:
    posts = [
        Login(f"{ACCOUNT_WORDS[post]}{n:02}", _password(), f"{POST_WORDS[post]}{n:02}", post, None)
        for post in Post
        if post in ACCOUNT_WORDS
        for n in range(1, OF_EACH.get(post, 1) + 1)
    ]
    return posts + [Login(f"{unit}01", _password(), name, Post.UNIT_USER, unit) for unit, name in TERMINALS]


def _add(register: People, connection: Connection, login: Login, password_hash: str) -> None:
    one, now = register.register, register.register.clock()
    row = {
        "account": login.account,
        "name": login.name,
        "unit_id": people.unit_number(connection, one.number, login.unit) if login.unit else None,
        "password_hash": password_hash,
        "password_at": now,
        "created_at": now,
        "stamp": new_stamp(),
    }
    user_id = people.add_user(connection, one.number, row)
    people.set_posts(connection, one.number, user_id, (login.post,))
    one.record(connection, now, None, "add_user", login.account, posts=[login.post], unit=login.unit or "")


def _keep(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _password() -> str:
    """Twelve random characters that satisfy the rules."""
    while True:
        password = "".join(secrets.choice(LETTERS) for _ in range(12))
        if not complaints(password, "demo", "示范"):
            return password
