"""Wall files."""

from pathlib import Path

import pytest

from config.problems import ConfigError
from config.texts import load_texts
from config.walls import load_wall, load_walls

GOOD = """
key: hall
pages:
  - name: overview
    areas: {left: [trend], right: [leaderboard, trend]}
"""


def written(folder: Path, content: str, name: str = "hall") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(content, "utf-8")
    return path


def test_every_shipped_wall_loads_and_its_pages_have_names() -> None:
    walls = load_walls()

    assert {"main", "main-en"} <= walls.keys()
    for wall in walls.values():
        texts = load_texts(wall.language)
        assert all(texts(f"page.{page.name}") and texts(f"page.{page.name}_word") for page in wall.pages)


def test_what_is_not_said_has_the_products_default(tmp_path: Path) -> None:
    wall = load_wall(written(tmp_path, GOOD))

    assert (wall.language, wall.stale_after_s, wall.down_after_s) == ("zh", 15, 60)
    assert wall.map.measures == ["registered_today"]


def test_a_panel_on_two_places_is_rendered_once(tmp_path: Path) -> None:
    assert load_wall(written(tmp_path, GOOD)).panels == ("trend", "leaderboard")


@pytest.mark.parametrize(
    ("mistake", "named"),
    [
        ("stale_after: 3", "stale_after"),
        ("stale_after_s: soon", "stale_after_s"),
        ("stale_after_s: 60", "down_after_s"),
        ("language: fr", "language"),
        ("map: {measures: [temperature]}", "measures"),
        ("map: {measures: []}", "measures"),
        ("map: {seconds: 1}", "seconds"),
    ],
)
def test_a_mistake_is_named(mistake: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=named):
        load_wall(written(tmp_path, f"{GOOD}{mistake}\n"))


def test_the_key_is_the_files_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="lobby"):
        load_wall(written(tmp_path, GOOD, "lobby"))


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    written(tmp_path, f"{GOOD}language: fr\n")
    written(tmp_path, "key: lobby\n", "lobby")

    with pytest.raises(ConfigError) as caught:
        load_walls(tmp_path)

    assert {problem.file for problem in caught.value.problems} == {"hall.yaml", "lobby.yaml"}
