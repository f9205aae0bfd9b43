"""Everything in config/, loaded strictly: all problems at once, each with file, place and reason."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from config.calendars import CALENDAR_FOLDER, load_calendar
from config.channel_addresses import check_channels
from config.cities import CITY_FOLDER, FILES, check_city, city_ids, load_city
from config.classes import CLASS_FOLDER, class_tables, load_classes
from config.mappings import MAPPING_FOLDER, load_mapping, mapping_names
from config.problems import ConfigError, Problem, shown
from config.scores import SCORE_FOLDER, load_rule, score_names
from config.settings import SETTINGS_FILE, Settings
from config.strict import read_yaml
from config.texts import FOLDER as TEXT_FOLDER
from config.texts import LANGUAGES, load_texts
from config.walls import FOLDER as WALL_FOLDER
from config.walls import load_walls

Loader = Callable[[], object]


def all_problems(city_id: str | None = None, channels: Path | None = None) -> tuple[Problem, ...]:
    """What is wrong in every configuration file, or in what one city needs; empty = nothing.

    `channels` is the file of notice channels in place of the shipped one; its secrets are sought in the environment.

    Raises Refusal for a city that is not there.
    """
    if city_id is not None and city_id not in city_ids():
        load_city(city_id)
    found: dict[Problem, None] = {}
    for city in (city_id,) if city_id is not None else city_ids():
        found.update(dict.fromkeys(check_city(city)))
    for load in _loaders(channels):
        try:
            load()
        except ConfigError as error:
            found.update(dict.fromkeys(error.problems))
    found.update(dict.fromkeys(_strays()))
    return tuple(found)


def checked_files(city_id: str | None = None) -> int:
    """How many files were looked at."""
    cities = (city_id,) if city_id is not None else city_ids()
    in_folders = sum((CITY_FOLDER / city / name).is_file() for city in cities for name in FILES)
    return in_folders + len(list(_loaders())) + len(list(WALL_FOLDER.glob("*.yaml"))) - 1


def _loaders(channels: Path | None = None) -> Iterator[Loader]:
    for name in mapping_names():
        yield lambda name=name: load_mapping(name)  # type: ignore[misc]
    for table in class_tables():
        yield lambda table=table: load_classes(table)  # type: ignore[misc]
    for name in score_names():
        yield lambda name=name: load_rule(name)  # type: ignore[misc]
    for path in sorted(CALENDAR_FOLDER.glob("*.csv")):
        yield lambda name=path.stem: load_calendar(name)  # type: ignore[misc]
    for language in LANGUAGES:
        yield lambda language=language: load_texts(language)  # type: ignore[misc]
    yield load_walls
    yield lambda: check_channels(channels, os.environ)


def _strays() -> Iterator[Problem]:
    """Files that nothing would ever read: most likely misnamed."""
    for folder in sorted(path for path in CITY_FOLDER.iterdir() if path.is_dir()):
        if not (folder / "city.yaml").is_file():
            yield Problem(shown(folder), "", "城市文件夹里没有 city.yaml")
    for kind in (CLASS_FOLDER, MAPPING_FOLDER, SCORE_FOLDER, TEXT_FOLDER, WALL_FOLDER):
        for path in sorted(kind.glob("*.yml")):
            yield Problem(shown(path), "", "请把文件名改成以 .yaml 结尾")


def setting_origins(settings: Settings, environment: Mapping[str, str], file: Path = SETTINGS_FILE) -> dict[str, str]:
    """Where each setting's value came from: option, environment, file or default (DECISIONS 20)."""
    without_options = Settings()
    written = read_yaml(file) if file.is_file() else None
    in_file = written if isinstance(written, dict) else {}
    given = {name.upper() for name in environment}
    origins = {}
    for name in Settings.model_fields:
        if getattr(settings, name) != getattr(without_options, name):
            origins[name] = "option"
        elif f"GRIDWALL_{name.upper()}" in given:
            origins[name] = "environment"
        else:
            origins[name] = "file" if name in in_file else "default"
    return origins
