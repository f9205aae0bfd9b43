"""The how-to pages are run: an example that no longer works fails here."""

import re
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from config.channel_addresses import resolve
from config.channels import load_channels
from config.cities import load_city
from config.mappings import load_mapping
from config.texts import Texts, flattened, load_texts
from domain.city import City
from domain.figures import figures_of
from domain.indicators import Rate
from domain.snapshot import Snapshot, StreetStanding
from layouts.panel import Panel
from layouts.views import Bars, PanelView
from services.imports import staged_file, store_staged
from services.notices.message import Message
from services.notices.webhook import headers
from services.stores import open_store

HOW_TO = Path(__file__).parents[1] / "docs/how-to"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTHING_DUE = Rate("handling_rate", 0, 0, "handled / registered")


def blocks(page: str, language: str) -> list[str]:
    """The fenced examples of one language on a how-to page, without their indentation."""
    text = (HOW_TO / f"{page}.md").read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```", text, flags=re.S | re.M)
    return [textwrap.dedent(body) for _, body in found]


def street(key: str, registered_today: int) -> StreetStanding:
    return StreetStanding(key, f"{key}街道", key, registered_today, NOTHING_DUE, None, None)


def snapshot_of(*streets: StreetStanding) -> Snapshot:
    as_of = datetime(2026, 5, 19, 2, 0, tzinfo=UTC)
    return Snapshot(
        city_id="demo",
        as_of=as_of,
        day=as_of.astimezone(SHANGHAI).date(),
        flows={},
        on_time=NOTHING_DUE,
        open=0,
        overdue_open=0,
        suspended=0,
        new_overdue=0,
        grid_keys=(),
        grid_heat={},
        no_position_today=0,
        streets=streets,
        units=(),
        alerts=(),
        feed=(),
        hours=(),
        channels=(),
        categories=(),
        cameras=(),
    )


@pytest.fixture
def panel() -> Panel:
    """The panel of the page, made from its text alone."""
    (code,) = blocks("add-a-panel", "python")
    module: dict[str, object] = {}
    exec(compile(code, "docs/how-to/add-a-panel.md", "exec"), module)
    made = module["PANEL"]
    assert isinstance(made, Panel)
    return made


@pytest.fixture
def texts() -> Texts:
    """The shipped words and those the page adds."""
    (words,) = blocks("add-a-panel", "yaml")
    return Texts("zh", {**load_texts("zh").phrases, **dict(flattened(yaml.safe_load(words)))})


@pytest.fixture
def demo() -> City:
    return load_city("demo")


def test_the_panel_of_the_how_to_shows_the_busiest_street_first(panel: Panel, texts: Texts, demo: City) -> None:
    view = panel.render(snapshot_of(street("东", 3), street("西", 7)), demo, texts)

    assert isinstance(view.body, Bars)
    assert [(bar.name, bar.figure.text) for bar in view.body.rows] == [("西", "7"), ("东", "3")]


def test_the_panel_of_the_how_to_names_real_addresses(panel: Panel, texts: Texts, demo: City) -> None:
    snapshot = snapshot_of(street("东", 3))
    view = panel.render(snapshot, demo, texts)

    assert isinstance(view.body, Bars)
    assert {bar.figure.address for bar in view.body.rows} <= figures_of(snapshot, SHANGHAI).keys()


def test_the_panel_of_the_how_to_says_when_it_has_nothing(panel: Panel, texts: Texts, demo: City) -> None:
    view = panel.render(snapshot_of(street("东", 0)), demo, texts)

    assert isinstance(view, PanelView)
    assert view.state == "empty"


def test_the_profile_of_the_how_to_is_a_city(tmp_path: Path) -> None:
    (profile,) = blocks("add-a-city", "yaml")
    (tmp_path / "mou").mkdir()
    (tmp_path / "mou/city.yaml").write_text(profile, encoding="utf-8")

    city = load_city("mou", tmp_path)

    assert (city.id, city.zone) == ("mou", SHANGHAI)


def test_the_mapping_of_the_how_to_is_a_mapping(tmp_path: Path) -> None:
    (mapping,) = blocks("import-your-cases", "yaml")
    (tmp_path / "yours.yaml").write_text(mapping, encoding="utf-8")

    assert load_mapping("yours", tmp_path).fields["category"].columns == ("小类名称", "小类")


def test_the_cases_of_the_how_to_are_imported(tmp_path: Path) -> None:
    (cases,) = blocks("import-your-cases", "csv")
    (tmp_path / "cases.csv").write_text(cases, encoding="utf-8")
    city, mapping = load_city("boston"), load_mapping("generic")
    store = open_store(f"sqlite:///{tmp_path}/store.sqlite")

    with staged_file(city, mapping, tmp_path / "cases.csv") as staged:
        report = store_staged(store, staged, datetime(2026, 5, 20, tzinfo=UTC))
    store.close()

    assert (report.read, report.stored, report.set_aside) == (2, 2, 0)


def test_the_channels_of_the_how_to_are_channels(tmp_path: Path) -> None:
    (channels,) = blocks("notices", "yaml")
    (tmp_path / "channels.yaml").write_text(channels, encoding="utf-8")
    names = ("GRIDWALL_WECOM_KEY", "GRIDWALL_MAIL_PASSWORD", "GRIDWALL_PLATFORM_SECRET")
    environment = {name: "693a91f6-7aoc-4bc4-97a0" for name in names}

    loaded = load_channels(tmp_path / "channels.yaml")

    assert resolve(loaded, environment).keys() == {"duty-wecom", "duty-mail", "platform"}
    assert [turn.name for turn in loaded.routing.duty] == ["夜班", "节假日"]


def test_the_receiver_of_the_how_to_accepts_what_is_ours_and_nothing_else(demo: City) -> None:
    (code,) = blocks("notices", "python")
    names: dict[str, Any] = {}
    exec(compile(code, "notices.md", "exec"), names)
    accept, sent_at, secret = names["accept"], datetime(2026, 5, 19, 6, 32, tzinfo=UTC), "correct-horse-battery"
    message = Message("demo-7", demo, "urge", "unit:shizheng", False, "催办", "请反馈", sent_at)
    sent = {name.lower(): value for name, value in headers(secret, message, sent_at).items()}
    body, now, seen = message.document, sent_at.timestamp(), set[str]()

    assert accept(sent, body, "another secret", now, seen) == 401
    assert accept(sent, body.replace(b"demo-7", b"demo-8"), secret, now, seen) == 401
    assert accept(sent | {"x-gridwall-timestamp": str(int(now) + 1)}, body, secret, now, seen) == 401
    assert accept(sent, body, secret, now + 301, seen) == 401
    assert accept(sent, body, secret, now - 301, seen) == 401
    assert seen == set()
    assert accept(sent, body, secret, now + 299, seen) == 200
    assert accept(sent, body, secret, now + 299, seen) == 200
    assert seen == {"demo-7"}
