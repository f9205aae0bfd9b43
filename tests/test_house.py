"""Rules about the house itself: what no linter checks and no reader should have to."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from callbacks.commands.headings import HEADINGS
from config.cities import load_city
from config.settings import Settings
from config.texts import load_texts
from domain.scoring import BASE_POINTS
from layouts.panels.registry import PANELS
from services.reports.heads import INDICATORS

ROOT = Path(__file__).parents[1]
LAYERS = ("callbacks", "layouts", "services", "data_access", "config", "domain")
# The registry lists the panels; every other module of the folder is one.
NO_PANELS = {"__init__", "registry"}
PANEL_FILES = sorted(path for path in (ROOT / "layouts/panels").glob("*.py") if path.stem not in NO_PANELS)
TOKENS = ROOT / "assets/00-tokens.css"
CITIES = sorted(path.parent.name for path in (ROOT / "config/cities").glob("*/city.yaml"))
DOCUMENTS = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])

COLOUR = re.compile(r"(?<![\w&-])#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![\w-])|\b(?:rgba?|hsla?|oklch)\(", re.I)
NO_COLOUR = "rgba(0,0,0,0)"
SHELVES_FOR_ANYTHING = {"utils", "util", "helpers", "helper", "common", "core", "managers", "manager", "misc"}
WALL_CLOCKS = {"now", "utcnow", "today"}


def modules(*folders: str) -> list[Path]:
    """Every Python file in these folders, migrations' generated history excepted."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "versions" not in path.parts)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), name(path)))


def imported(path: Path) -> set[str]:
    """The top-level names a module imports."""
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." if node.level else (node.module or "").partition(".")[0])
    return found


def sheets() -> list[Path]:
    return sorted(path for path in (ROOT / "assets").rglob("*.css") if "vendor" not in path.parts)


def scripts() -> list[Path]:
    return sorted(path for path in (ROOT / "assets").rglob("*.js") if "vendor" not in path.parts)


@pytest.mark.parametrize("path", modules("domain"), ids=name)
def test_the_domain_needs_nothing_but_python(path: Path) -> None:
    assert imported(path) - {"domain"} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("path", modules("layouts"), ids=name)
def test_a_layout_reads_no_database(path: Path) -> None:
    assert not imported(path) & {"sqlalchemy", "psycopg", "sqlite3"}


# A document by its Chinese name with an article, a numbered decision, or a section of the research.
SOURCE_OF_A_RULE = re.compile(r"[\u4e00-\u9fff]+(?:'s)? Art\. \d+|DECISIONS \d+|domain research \d")
RATES = [
    node
    for node in ast.parse((ROOT / "domain/indicators.py").read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name) and node.returns.id == "Rate"
]


def test_there_are_rates_to_look_at() -> None:
    assert len(RATES) >= 20


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: str(rate.name))
def test_a_rate_names_the_source_of_its_formula(rate: ast.FunctionDef) -> None:
    assert SOURCE_OF_A_RULE.search(ast.get_docstring(rate) or ""), rate.name


def test_no_module_is_a_shelf_for_anything() -> None:
    paths = modules(*LAYERS, "tests", "bench")

    assert not [name(path) for path in paths if SHELVES_FOR_ANYTHING & {*path.relative_to(ROOT).with_suffix("").parts}]


def reads_the_clock(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if isinstance(called, ast.Attribute):
        is_time = (
            isinstance(called.value, ast.Name) and called.value.id == "time" and called.attr in {"time", "time_ns"}
        )
        return called.attr in WALL_CLOCKS or is_time
    return isinstance(called, ast.Name) and called.id in WALL_CLOCKS


@pytest.mark.parametrize("path", modules(*LAYERS), ids=name)
def test_the_clock_is_handed_in(path: Path) -> None:
    """Only app.py may ask what time it is; a rule or a page that asks by itself cannot be tested across midnight."""
    lines = [node.lineno for node in nodes(path) if isinstance(node, ast.Call) and reads_the_clock(node)]

    assert not lines


@pytest.mark.parametrize("path", modules(*LAYERS, "bench"), ids=name)
def test_a_module_opens_with_what_it_holds(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert not tree.body or ast.get_docstring(tree)


@pytest.mark.parametrize("path", PANEL_FILES, ids=name)
def test_a_panel_has_a_style_and_a_test_of_its_name(path: Path) -> None:
    assert (ROOT / f"assets/panels/{path.stem}.css").exists()
    assert list((ROOT / "tests/layouts").rglob(f"test_{path.stem}.py"))


def test_every_panel_is_on_the_list() -> None:
    assert {path.stem for path in PANEL_FILES} == set(PANELS)


def test_a_panels_style_belongs_to_a_panel() -> None:
    styles = {path.stem for path in (ROOT / "assets/panels").glob("*.css")}

    assert styles <= {path.stem for path in PANEL_FILES}


@pytest.mark.parametrize("path", [*sheets(), *scripts(), *modules("layouts")], ids=name)
def test_colours_live_among_the_tokens(path: Path) -> None:
    if path == TOKENS:
        return
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        text = "\n".join(re.findall(r":([^;{}]*)[;}]", re.sub(r"/\*.*?\*/", "", text, flags=re.S)))

    assert not COLOUR.findall(text.replace(NO_COLOUR, ""))


@pytest.mark.parametrize("path", sheets(), ids=name)
def test_no_style_shouts(path: Path) -> None:
    assert "!important" not in path.read_text(encoding="utf-8")


def settings_in(folder: Path) -> Settings:
    """A city without history, so that building the application writes next to nothing."""
    return Settings(data=folder, city="boston")


def is_ours(rule: str) -> bool:
    """Whether this route was written here: all but what Dash and Flask bring."""
    return rule != "/" and not rule.startswith(("/_", "/assets/", "/static/", "/<path:path>"))


def innermost(called: Any) -> Any:
    """The function that was written, under Dash's wrapper, functools.partial and bound methods."""
    while not hasattr(called, "__access__"):
        inner = getattr(called, "__wrapped__", None) or getattr(called, "func", None)
        if inner is None:
            break
        called = inner
    return called


def test_every_server_callback_says_who_may_call_it(tmp_path: Path) -> None:
    app = create_app(settings_in(tmp_path))
    on_the_server = {key: entry["callback"] for key, entry in app.callback_map.items() if "callback" in entry}

    assert on_the_server
    assert not [key for key, called in on_the_server.items() if not hasattr(innermost(called), "__access__")]


def test_every_route_of_ours_says_who_may_call_it(tmp_path: Path) -> None:
    server = create_app(settings_in(tmp_path)).server
    ours = {rule.endpoint for rule in server.url_map.iter_rules() if is_ours(rule.rule)}

    assert ours
    assert not [name for name in ours if not hasattr(innermost(server.view_functions[name]), "__access__")]


def test_two_applications_in_one_process_have_the_same_callbacks(tmp_path: Path) -> None:
    first, second = create_app(settings_in(tmp_path / "first")), create_app(settings_in(tmp_path / "second"))

    assert first.callback_map.keys() == second.callback_map.keys()
    assert first.callback_map
    for app in (first, second):
        assert app.server.test_client().get("/healthz").status_code == 200


@pytest.mark.parametrize("city", CITIES)
def test_every_city_loads(city: str) -> None:
    assert load_city(city).id == city


def texts_in(language: str) -> Mapping[str, str]:
    """Every text by its dotted key."""
    return load_texts(language).phrases


def test_every_text_exists_in_both_languages() -> None:
    chinese, english = texts_in("zh"), texts_in("en")

    assert chinese.keys() == english.keys()
    # What stands before or after a number may be nothing in one of the languages.
    words = {key for key in chinese if not key.endswith(("_before", "_after"))}
    assert not [key for key in words if not chinese[key].strip() or not english[key].strip()]


def test_a_text_has_the_same_gaps_in_both_languages() -> None:
    chinese, english = texts_in("zh"), texts_in("en")

    def gaps(text: str) -> set[str]:
        """The city's own nouns are Chinese words that English sentences do not need."""
        return {gap for gap in re.findall(r"\{(\w*)", text) if not gap.endswith("_noun")}

    assert not [key for key in chinese if gaps(chinese[key]) != gaps(english[key])]


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(setting: str) -> None:
    default = Settings.model_fields[setting].default
    document = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    line = next((line for line in document.splitlines() if f"`GRIDWALL_{setting.upper()}`" in line), None)

    assert line is not None
    assert default is None or f"`{default}`" in line


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_a_document_points_at_files_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    folders = "|".join((*LAYERS, "assets", "tests", "bench", "docs", "setup"))
    named = re.findall(rf"`((?:{folders})/[\w./-]+|app\.py|Makefile)`", text)
    examples = {"layouts/panels/busy_streets.py"}

    assert not [link for link in links if link and not (path.parent / link).exists()]
    assert not [file for file in named if file not in examples and not (ROOT / file).exists()]


def test_an_indicator_has_one_name() -> None:
    """On the page, on paper, in cells and on a terminal (domain research, glossary)."""
    page = load_texts("zh").under("rankings.indicator")
    assert set(INDICATORS) - {BASE_POINTS} <= set(page)
    for name, words in INDICATORS.items():
        for where in (page.get(name), HEADINGS.get(name)):
            assert where in (None, words), (name, where, words)
