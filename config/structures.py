"""Structures of cities: config/cities/<id>/structure.yaml, read strictly into domain.structure.Structure."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.classes import Shares, load_classes
from config.problems import ConfigError, Problem, shown
from config.strict import StrictModel, load_and_note
from domain.structure import Channel, ClassTable, Ground, StreetStructure, Structure

STRUCTURE = "structure.yaml"
MOST_GRIDS = 5000
Found = tuple[str, str]  # place in the file, reason


def _position(pair: tuple[float, ...]) -> tuple[float, ...]:
    if len(pair) != 2 or not (-180 <= pair[0] <= 180 and -90 <= pair[1] <= 90):
        raise ValueError("应为 [经度, 纬度]，例如 [116.19, 39.92]")
    return pair


Words = Annotated[str, Field(min_length=1, max_length=80)]
Weight = Annotated[float, Field(gt=0, strict=False)]
Count = Annotated[int, Field(ge=0)]
Position = Annotated[tuple[Annotated[float, Field(strict=False)], ...], Field(strict=False), AfterValidator(_position)]


class StreetFile(StrictModel):
    key: Annotated[str, Field(pattern=r"^[0-9]{3}$")]
    name: Words
    short_name: Annotated[str, Field(min_length=1, max_length=10)]
    grids: Annotated[int, Field(ge=1)] | None = None
    area: Weight = 1.0
    cases: Weight = 1.0
    communities: Annotated[int, Field(ge=1, le=99)] = 1
    towards: Literal["north", "south", "east", "west", "centre"] | None = None


class CamerasFile(StrictModel):
    total: Count = 0
    offline: Count = 0
    late: Count = 0


class ChannelFile(StrictModel):
    key: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
    name: Words
    weight: Weight = 1.0


class StructureFile(StrictModel):
    """The fields of domain.structure.Structure as they are written."""

    centre: Position
    area_km2: Annotated[float, Field(gt=0, le=5000, strict=False)]
    seed: int
    code_prefix: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    stretch: Annotated[float, Field(ge=0.5, le=2, strict=False)] = 1.2
    roads: Annotated[int, Field(ge=2, le=12)] = 5
    river: bool = True
    fringe: Annotated[float, Field(ge=1, le=20, strict=False)] = 3.0
    grids: Annotated[int, Field(ge=1, le=MOST_GRIDS)]
    grid_classes: Mapping[str, Count] = Field(default_factory=dict)
    patrol_areas: Count = 0
    patrol_noun: Words = "责任区域"
    streets: Annotated[tuple[StreetFile, ...], Field(strict=False, min_length=1)]
    cameras: CamerasFile = CamerasFile()
    classes: Annotated[str, Field(min_length=1)]
    channels: Annotated[tuple[ChannelFile, ...], Field(strict=False, min_length=1)]
    duties: Mapping[str, Shares]


def has_structure(city_folder: Path) -> bool:
    return (city_folder / STRUCTURE).is_file()


def read_structure(
    city_folder: Path, units: Iterable[str], grid_classes: Iterable[str]
) -> tuple[Structure | None, list[Problem]]:
    """The structure in that folder with every problem found; `units` and `grid_classes` are the profile's keys.

    None when there is any problem.
    """
    file = city_folder / STRUCTURE
    written, problems = load_and_note(file, StructureFile)
    if written is None:
        return None, problems
    table: ClassTable | None = None
    try:
        table = load_classes(written.classes) if written.classes else None
    except ConfigError as error:
        problems += error.problems
    found = [*_wrong_lists(written), *_wrong_counts(written), *_wrong_classes(written, set(grid_classes))]
    found += _wrong_duties(written.duties or {}, set(units), table)
    problems += [Problem(shown(file), path, reason) for path, reason in found]
    return (None if problems or table is None else _structure(city_folder.name, written, table)), problems


def _wrong_lists(written: StructureFile) -> list[Found]:
    found: list[Found] = []
    for name, entries in (("streets", written.streets or ()), ("channels", written.channels or ())):
        keys = [entry.key for entry in entries]
        for number, key in enumerate(keys):
            if key is not None and key in keys[:number]:
                found.append((f"{name}.{number}.key", f"“{key}”写了两次，请改正编码或删去一处"))
    return found


def _wrong_counts(written: StructureFile) -> list[Found]:
    found: list[Found] = []
    streets, cameras = written.streets or (), written.cameras
    counted = [street.grids for street in streets if street.grids is not None]
    if written.grids is not None and streets:
        spare = written.grids - sum(counted) - (len(streets) - len(counted))
        if spare < 0 or (spare > 0 and len(counted) == len(streets)):
            found.append(("grids", f"各街道的网格合计 {sum(counted)}，与总数 {written.grids} 对不上，请核对"))
    if written.patrol_areas and written.grids is not None and written.patrol_areas > written.grids:
        found.append(("patrol_areas", "责任区域比网格还多，请核对"))
    for number, street in enumerate(streets):
        if street.grids is not None and street.communities is not None and street.communities > street.grids:
            found.append((f"streets.{number}.communities", "社区比网格还多，请核对"))
    if None not in (cameras.total, cameras.offline, cameras.late) and cameras.offline + cameras.late > cameras.total:
        found.append(("cameras", "离线与延迟的监控点合计超过总数，请核对"))
    return found


def _wrong_classes(written: StructureFile, known: set[str]) -> list[Found]:
    given = written.grid_classes or {}
    found = [
        (f"grid_classes.{key}", f"“{key}”不在 city.yaml 的 grid_classes 里，请补上名称或改正")
        for key in given
        if key not in known
    ]
    if given and written.grids is not None and sum(given.values()) != written.grids:
        found.append(("grid_classes", f"各类网格合计 {sum(given.values())}，与总数 {written.grids} 对不上，请核对"))
    return found


def _wrong_duties(duties: Mapping[str, Mapping[str, float]], units: set[str], table: ClassTable | None) -> list[Found]:
    found: list[Found] = []
    for trade, shares in duties.items():
        for unit in shares:
            if unit not in units:
                found.append((f"duties.{trade}.{unit}", f"city.yaml 的 units 里没有“{unit}”，请补上单位或改正"))
    if table is not None:
        found += [
            ("duties", f"没有写明“{trade}”由哪个单位处置，请补上") for trade in sorted(table.trades - set(duties))
        ]
        found += [
            (f"duties.{trade}", f"类别表 {table.id} 里没有“{trade}”这一行，请删去或改正")
            for trade in sorted(set(duties) - table.trades)
        ]
    return found


def _structure(city_id: str, written: StructureFile, table: ClassTable) -> Structure:
    lon, lat = written.centre
    ground = Ground(
        (lon, lat), written.area_km2, written.seed, written.stretch, written.roads, written.river, written.fringe
    )
    return Structure(
        city_id=city_id,
        code_prefix=written.code_prefix,
        ground=ground,
        streets=tuple(
            StreetStructure(s.key, s.name, s.short_name, s.grids, s.area, s.cases, s.communities, s.towards)
            for s in written.streets
        ),
        grids=written.grids,
        grid_classes=dict(written.grid_classes),
        patrol_areas=written.patrol_areas,
        patrol_noun=written.patrol_noun,
        cameras=written.cameras.model_dump(),
        channels=tuple(Channel(c.key, c.name, c.weight) for c in written.channels),
        classes=table,
        duties={trade: dict(shares) for trade, shares in written.duties.items()},
    )
