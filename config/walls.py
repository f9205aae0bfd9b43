"""What stands where on a wall: one strict YAML per wall."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from config.problems import ConfigError, Problem, shown
from config.strict import StrictModel, load_strict

FOLDER = Path(__file__).parent / "walls"

Measure = Literal["registered_today", "open", "overdue_open"]


class Page(StrictModel):
    """One page of a wall's rotation: which panels stand in which area of the grid, top to bottom."""

    name: str
    areas: dict[Literal["kpi", "left", "map", "right", "bottom"], list[str]]

    @property
    def panels(self) -> tuple[str, ...]:
        return tuple(panel for panels in self.areas.values() for panel in panels)


class MapMeasure(StrictModel):
    """What colours the map. With several measures, each stays for `seconds`."""

    measures: list[Measure] = Field(default=["registered_today"], min_length=1)
    seconds: int = Field(default=30, ge=10)


class Distance(StrictModel):
    """Where the nearest reader sits and how large a pixel is; both measured in the hall."""

    nearest_seat_m: float = Field(default=6.0, gt=0)
    mm_per_px: float = Field(default=1.88, gt=0)


class Wall(StrictModel):
    """One wall. `stale_after_s` and `down_after_s` are seconds (DECISIONS 18)."""

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    language: Literal["zh", "en"] = "zh"
    pages: list[Page] = Field(min_length=1, max_length=6)
    map: MapMeasure = MapMeasure()
    stale_after_s: float = Field(default=15, gt=0)
    down_after_s: float = Field(default=60, gt=0)
    distance: Distance = Distance()

    @model_validator(mode="after")
    def _stale_comes_before_down(self) -> "Wall":
        if self.down_after_s <= self.stale_after_s:
            raise ValueError("down_after_s 必须大于 stale_after_s")
        return self

    @property
    def panels(self) -> tuple[str, ...]:
        """Every panel on any page, once, in order."""
        return tuple(dict.fromkeys(panel for page in self.pages for panel in page.panels))


def load_wall(path: Path) -> Wall:
    """Raises ConfigError with every mistake of the file: file, place and reason."""
    wall = load_strict(path, Wall)
    if wall.key != path.stem:
        raise ConfigError([Problem(shown(path), "key", f"是 {wall.key}，应与文件名 {path.stem} 一致")])
    return wall


def load_walls(folder: Path = FOLDER) -> Mapping[str, Wall]:
    """All walls by key, in the order of their file names. Raises ConfigError with the mistakes of every file."""
    walls: dict[str, Wall] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml"), key=lambda path: path.stem):
        try:
            walls[path.stem] = load_wall(path)
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return walls
