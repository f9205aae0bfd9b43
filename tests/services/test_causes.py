"""Causes as the hall reads them."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from data_access.engine import open_engine
from services.causes import cause_in_words


def failed(message: str, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    return kind("SELECT 1", {}, sqlite3.OperationalError(message))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("database is locked", "数据库被占用"),
        ("database or disk is full", "磁盘已满"),
        ("no such table: cameras", "数据库结构不符"),
        ("database disk image is malformed", "不是数据库文件，或已损坏"),
        ("attempt to write a readonly database", "数据库不可写"),
        ("canceling statement due to statement timeout", "查询超时"),
        ("connection to server at 127.0.0.1 failed", "数据库连接不上"),
        ("something new", "数据库连接不上"),
    ],
)
def test_a_drivers_message_becomes_a_few_words(message: str, words: str) -> None:
    assert cause_in_words(failed(message)) == words


def test_an_error_of_another_kind_is_named_as_one_of_the_database() -> None:
    assert cause_in_words(failed("something new", DBAPIError)) == "数据库出错"


def test_a_really_locked_database_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.sqlite'}"
    holder, waiting = open_engine(url), open_engine(url, busy_s=0.1)
    with holder.begin() as connection:
        connection.execute(text("CREATE TABLE one (n INTEGER)"))
        with pytest.raises(OperationalError) as caught, waiting.begin():
            pass
    holder.dispose()
    waiting.dispose()

    assert cause_in_words(caught.value) == "数据库被占用"
