"""`users`: what the command prints is what gets somebody in."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import command_line, system_clock
from config.cities import load_city
from data_access import directory, tables
from domain.refusals import Refusal
from services.people import People
from services.stores import open_store, register_city
from tests.conftest import FreshDatabase
from tests.signing_in import PASSWORD


class Command:
    def __init__(self, url: str, data: Path) -> None:
        self.url, self.data = url, data

    def __call__(self, *words: str) -> Result:
        """Runs `users …`; a refusal is raised as the command's caller would see it."""
        given = ["--database", self.url, "--data", str(self.data), "users", *words, "--city", "boston"]
        result = CliRunner().invoke(command_line, given, standalone_mode=False)
        if result.exception:
            raise result.exception
        return result

    def people(self) -> People:
        store = open_store(self.url)
        city = load_city("boston")
        return People(store, city, register_city(store, city), system_clock)


@pytest.fixture
def users(fresh_sqlite: FreshDatabase, tmp_path: Path) -> Command:
    return Command(fresh_sqlite(), tmp_path)


def test_add_prints_a_link_that_gets_somebody_in(users: Command) -> None:
    told = users("add", "派遣员01", "--role", "dispatcher").output
    link = re.search(r"http://127\.0\.0\.1:8050/choose/(\S+)", told)
    assert link
    people = users.people()
    people.sign_in.choose(link[1], PASSWORD)

    assert people.sign_in.enter("dispatcher01", PASSWORD, "").person.name == "派遣员01"
    people.register.store.close()


def test_json_says_the_same(users: Command) -> None:
    made = json.loads(users("add", "某人", "--role", "duty_chief", "--role", "dispatcher", "--account", "mou",
                            "--url", "https://hall.example/", "--format", "json").output)  # fmt: skip
    listed = json.loads(users("list", "--format", "json").output)

    assert made["account"] == "mou"
    assert made["link"].startswith("https://hall.example/choose/")
    assert [(one["account"], one["posts"], one["state"]) for one in listed] == [("mou", "派遣员、值班长", "未设口令")]


def test_a_units_terminal_needs_a_unit_that_exists(users: Command) -> None:
    with pytest.raises(Refusal, match="单位与岗位不配"):
        users("add", "终端", "--role", "unit_user")
    with pytest.raises(Refusal, match="还没有任何单位"):
        users("add", "终端", "--role", "unit_user", "--unit", "nowhere")
    people = users.people()
    with people.register.store.write.begin() as connection:
        directory.ensure_rows(connection, tables.units, 1, [{"key": "PWDx", "name": "PWDx", "short_name": "PWDx"}])
    people.register.store.close()

    assert "unit01" in users("add", "终端", "--role", "unit_user", "--unit", "PWDx").output


def test_reset_disable_enable_and_unlock(users: Command) -> None:
    users("add", "派遣员01", "--role", "dispatcher")

    assert "/choose/" in users("reset", "dispatcher01").output
    assert "已停用" in users("disable", "dispatcher01").output
    assert "停用" in users("list").output
    assert "已启用" in users("enable", "DISPATCHER01").output
    assert "已解锁" in users("unlock", "dispatcher01").output
    with pytest.raises(Refusal, match="没有这个账号"):
        users("reset", "nobody")
