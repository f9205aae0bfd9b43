"""Published reports that can be replayed: config/cities/<id>/replays.yaml, read strictly into PublishedReport."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from config.problems import CONFIG_FOLDER, ConfigError, Problem, shown
from config.shares import Share
from config.strict import StrictModel, load_and_note
from domain.city import City
from domain.published import PublishedReport, Statement, stretches
from domain.refusals import Refusal

REPLAYS = "replays.yaml"
PEOPLE = ("采集员", "受理员", "值班长", "派遣员")
Count = Annotated[int, Field(ge=0)]
Words = Annotated[str, Field(min_length=1, max_length=200)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Digits = Annotated[str, Field(pattern=r"^[0-9]{1,3}\.[0-9]{2}$")]


class StatementFile(StrictModel):
    """The fields of domain.published.Statement as they are written."""

    first: date
    end: date
    reported: Count
    registered: Count
    handled: Count
    closed: Count
    on_time: Count
    printed: Mapping[str, Digits] = Field(default_factory=dict)
    options: Mapping[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _forward(self) -> "StatementFile":
        if self.first >= self.end:
            raise ValueError("end 应晚于 first（结束日不计入）")
        return self


class ReportFile(StrictModel):
    title: Words
    source: Words
    statements: Annotated[tuple[StatementFile, ...], Field(strict=False, min_length=1)]
    carried: Count = 0
    suspended: Share = Fraction(0)
    informed: Share = Fraction(0)
    assist: Share = Fraction(0)
    people: Mapping[str, Annotated[int, Field(ge=1, le=999)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_people(self) -> "ReportFile":
        if unknown := [word for word in self.people if word not in PEOPLE]:
            raise ValueError(f"没有“{unknown[0]}”；可选：{'、'.join(PEOPLE)}")
        return self


class ReplaysFile(StrictModel):
    replays: Mapping[Key, ReportFile]


def read_replays(city_folder: Path) -> tuple[Mapping[str, PublishedReport], list[Problem]]:
    """The reports of that folder by key, with every problem found; none where the folder has no such file."""
    file = city_folder / REPLAYS
    if not file.is_file():
        return {}, []
    written, problems = load_and_note(file, ReplaysFile)
    if written is None or problems:
        return {}, problems
    reports = {key: _report(key, report) for key, report in written.replays.items()}
    for key, report in reports.items():
        try:
            stretches(report)
        except Refusal as refusal:
            problems.append(
                Problem(shown(file), f"replays.{key}", f"{refusal.what}（{refusal.where}）。{refusal.then}")
            )
    return reports, problems


def load_replays(city: City, folder: Path = CONFIG_FOLDER / "cities") -> Mapping[str, PublishedReport]:
    """The city's reports by key. Raises ConfigError with every problem of its file."""
    reports, problems = read_replays(folder / city.id)
    if problems:
        raise ConfigError(problems)
    return reports


def _report(key: str, written: ReportFile) -> PublishedReport:
    fields = dict(written) | {"statements": tuple(Statement(**dict(one)) for one in written.statements)}
    return PublishedReport(key=key, **fields)
