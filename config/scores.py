"""Score rules: config/scores/<name>.yaml, read strictly into domain.score_rule.ScoreRule."""

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from config.problems import CONFIG_FOLDER, ConfigError, Problem, shown
from config.shares import Share
from config.strict import StrictModel, load_strict, read_yaml
from domain.ranking import RankDisplay, Ties
from domain.score_rule import (
    NATIONAL_GRADES,
    Grade,
    Part,
    Rated,
    RatedUnits,
    RatesAs,
    Scope,
    ScoreRule,
    WatchLine,
    WatchList,
    WithoutCases,
    WorkValueOrder,
)
from domain.scoring import INDICATORS, WORK_VALUE

SCORE_FOLDER = CONFIG_FOLDER / "scores"


def _points(value: Any) -> Fraction:
    """Whole or decimal points, exactly: 40, -10, 12.5."""
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", str(value)):
        raise ValueError("应为分数值，例如 40、-10 或 12.5")
    return Fraction(str(value))


Points = Annotated[Fraction, BeforeValidator(_points)]
Words = Annotated[str, Field(min_length=1, max_length=200)]


class PartFile(StrictModel):
    indicator: str
    weight: Points
    complement: bool = False

    @field_validator("indicator")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in INDICATORS:
            raise ValueError(f"没有“{name}”这个指标；可选：{'、'.join(sorted(INDICATORS))}")
        return name


class GradeFile(StrictModel):
    name: Annotated[str, Field(min_length=1, max_length=20)]
    at_least: Points | None = None


class ScoreFile(StrictModel):
    """The fields of domain.score_rule.ScoreRule as they are written."""

    title: Words
    version: Words
    effective_from: date
    source: Words
    maximum: Points
    parts: Annotated[tuple[PartFile, ...], Field(strict=False, min_length=1)]
    object: Annotated[Rated, Field(strict=False)] = Rated.UNIT
    basis: Literal["flow", "cohort"] = "flow"
    consequence: Words | None = None
    base_points: Points = Fraction()
    scaled_to: Points | None = None
    rates_as: Annotated[RatesAs, Field(strict=False)] = RatesAs.FRACTION
    ties: Annotated[Ties, Field(strict=False)] = Ties.MIN
    work_value_order: Annotated[WorkValueOrder, Field(strict=False)] = WorkValueOrder.ASCENDING
    work_value_scope: Annotated[Scope, Field(strict=False)] = Scope.CITY
    rated_units: Annotated[RatedUnits, Field(strict=False)] = RatedUnits.CLOSURE_DUE
    without_cases: Annotated[WithoutCases, Field(strict=False)] = WithoutCases.UNRANKED
    rank_scope: Annotated[Scope, Field(strict=False)] = Scope.CITY
    rank_display: Annotated[RankDisplay, Field(strict=False)] = RankDisplay.COMPETITION
    minimum_sample: Annotated[int, Field(ge=0, le=100_000)] = 0
    close_cases: Annotated[int, Field(ge=0, le=1000)] = 2
    pass_line: Points | None = None
    grades: Literal["national"] | Annotated[tuple[GradeFile, ...], Field(strict=False)] = ()

    @field_validator("parts")
    @classmethod
    def _different(cls, parts: tuple[PartFile, ...]) -> tuple[PartFile, ...]:
        names = [part.indicator for part in parts]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"同一指标写了两次：{'、'.join(repeated)}")
        if not any(part.weight > 0 for part in parts):
            raise ValueError("至少要有一项的 weight 大于 0")
        return parts

    @field_validator("grades")
    @classmethod
    def _descending(cls, grades: str | tuple[GradeFile, ...]) -> str | tuple[GradeFile, ...]:
        if isinstance(grades, str) or not grades:
            return grades
        bounds = [grade.at_least for grade in grades]
        limits = [bound for bound in bounds[:-1] if bound is not None]
        if bounds[-1] is not None or len(limits) < len(bounds) - 1 or sorted(set(limits), reverse=True) != limits:
            raise ValueError("等级应由高到低写出 at_least，最后一级不写 at_least（其余都属于它）")
        return grades

    @model_validator(mode="after")
    def _consistent(self) -> "ScoreFile":
        if self.without_cases is not WithoutCases.UNRANKED and self.rated_units is not RatedUnits.ALL:
            raise ValueError("without_cases 为 zero 或 full 时，rated_units 应为 all")
        for name in ("base_points", "scaled_to"):
            value = getattr(self, name)
            if value is not None and (value < 0 or (name == "scaled_to" and value == 0)):
                raise ValueError(f"{name} 应大于 0")
        if self.consequence is not None and self.pass_line is None:
            raise ValueError("consequence 是达不到 pass_line 的后果，请同时写 pass_line")
        computed = _rule("", self).maximum
        if computed != self.maximum:
            raise ValueError(f"maximum 应为 {_plain(computed)}：这是各项权重与 base_points 算出的满分")
        return self


class WatchLineFile(StrictModel):
    indicator: str
    above: Share

    @field_validator("indicator")
    @classmethod
    def _rate(cls, name: str) -> str:
        if name not in INDICATORS or name == WORK_VALUE:
            raise ValueError(f"没有“{name}”这个比率；可选：{'、'.join(sorted(INDICATORS - {WORK_VALUE}))}")
        return name


class WatchListFile(StrictModel):
    """The fields of domain.score_rule.WatchList as they are written."""

    kind: Literal["watch_list"]
    title: Words
    version: Words
    effective_from: date
    source: Words
    lines: Annotated[tuple[WatchLineFile, ...], Field(strict=False, min_length=1)]


def score_names(folder: Path = SCORE_FOLDER) -> tuple[str, ...]:
    """Every score that is shipped."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load_rule(name: str, folder: Path = SCORE_FOLDER) -> ScoreRule | WatchList:
    """The score or watch list of that name. Raises ConfigError for an unknown name and with every problem of it."""
    file = folder / f"{name}.yaml"
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name) or not file.is_file():
        known = "、".join(score_names(folder)) or "无"
        raise ConfigError([Problem(shown(file), "", f"没有名为“{name}”的评分；现有：{known}")])
    content = read_yaml(file)
    if not (isinstance(content, dict) and "kind" in content):
        return _rule(name, load_strict(file, ScoreFile))
    w = load_strict(file, WatchListFile)
    lines = tuple(WatchLine(line.indicator, line.above) for line in w.lines)
    return WatchList(name, w.title, w.version, w.effective_from, w.source, lines)


def load_score(name: str, folder: Path = SCORE_FOLDER) -> ScoreRule:
    """The score rule of that name. Raises ConfigError as `load_rule` does, and for a watch list."""
    rule = load_rule(name, folder)
    if isinstance(rule, WatchList):
        raise ConfigError([Problem(shown(folder / f"{name}.yaml"), "", f"“{name}”是关注名单，没有得分；请另选评分")])
    return rule


def opposed(rules: Sequence[ScoreRule]) -> list[tuple[str, str, str]]:
    """(name, name, indicator) where two scores of one title reward opposite things: what raises one lowers the other.
    A leader could not know which of them is meant."""
    found = []
    for one, other in combinations(rules, 2):
        if one.title == other.title and one.rated is other.rated:
            mine, theirs = _incentives(one), _incentives(other)
            found += [(one.name, other.name, name) for name in mine if mine[name] * theirs.get(name, 0) < 0]
    return found


def _incentives(rule: ScoreRule) -> dict[str, int]:
    """Indicator → 1 where more of it gives points, −1 where it takes them; for the work value, more closed cases."""
    signs = {part.indicator: (1 if part.weight > 0 else -1) * (-1 if part.complement else 1) for part in rule.parts}
    if WORK_VALUE in signs and rule.work_value_order is WorkValueOrder.DESCENDING:
        signs[WORK_VALUE] *= -1
    return signs


def _rule(name: str, written: ScoreFile) -> ScoreRule:
    grades = (
        NATIONAL_GRADES
        if isinstance(written.grades, str)
        else tuple(Grade(grade.name, grade.at_least) for grade in written.grades)
    )
    return ScoreRule(
        name=name,
        title=written.title,
        version=written.version,
        effective_from=written.effective_from,
        source=written.source,
        parts=tuple(Part(part.indicator, part.weight, part.complement) for part in written.parts),
        rated=written.object,
        cohort=written.basis == "cohort",
        consequence=written.consequence,
        base_points=written.base_points,
        scaled_to=written.scaled_to,
        rates_as=written.rates_as,
        ties=written.ties,
        work_value_order=written.work_value_order,
        work_value_scope=written.work_value_scope,
        rated_units=written.rated_units,
        without_cases=written.without_cases,
        rank_scope=written.rank_scope,
        rank_display=written.rank_display,
        minimum_sample=written.minimum_sample,
        close_cases=written.close_cases,
        pass_line=written.pass_line,
        grades=grades,
    )


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(float(value))
