"""Tables of classes (部件和事件): config/classes/<id>.yaml, read strictly into domain.structure.ClassTable."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from config.problems import CONFIG_FOLDER, ConfigError, Problem, shown
from config.strict import StrictModel, load_and_note
from domain.deadlines import Limit
from domain.refusals import Refusal
from domain.structure import ClassTable, FilingCondition, MinorClass

CLASS_FOLDER = CONFIG_FOLDER / "classes"
TABLE_ID = r"[a-z0-9][a-z0-9-]{0,39}"


def _condition(value: Any) -> FilingCondition:
    """`[发现了什么, 时限, 常见程度]`."""
    if not (isinstance(value, list) and len(value) == 3 and isinstance(value[0], str) and value[0]):
        raise ValueError("立案条件应写作 [发现了什么, 时限, 常见程度]，例如 [破损, 4 work_hours, 3]")
    text, limit, weight = value
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not weight > 0:
        raise ValueError("立案条件的常见程度应为大于 0 的数")
    try:
        return FilingCondition(text, Limit.parse(str(limit)), float(weight))
    except Refusal as refusal:
        raise ValueError(f"{refusal.what}“{limit}”；应写作 4 work_hours、1.5 work_days 这样的时限") from None


def _shares(value: Mapping[str, float]) -> Mapping[str, float]:
    if not value or not all(share > 0 for share in value.values()):
        raise ValueError("至少要有一项，每项应为大于 0 的数，例如 {sanitation: 1}")
    return value


Code = Annotated[str, Field(pattern=r"^[0-9]{2,3}$")]
Words = Annotated[str, Field(min_length=1, max_length=80)]
Weight = Annotated[float, Field(gt=0, strict=False)]
Shares = Annotated[Mapping[str, Annotated[float, Field(strict=False)]], AfterValidator(_shares)]
Condition = Annotated[Any, BeforeValidator(_condition)]


class MinorFile(StrictModel):
    code: Code
    name: Words
    weight: Weight
    trades: Shares
    night: bool = False
    conditions: Annotated[tuple[Condition, ...], Field(strict=False, min_length=1)]


class MajorFile(StrictModel):
    kind: Literal["part", "event"]
    code: Code
    name: Words
    minors: Annotated[tuple[MinorFile, ...], Field(strict=False, min_length=1)]


class ClassFile(StrictModel):
    """The fields of domain.structure.ClassTable as they are written."""

    name: Words
    version: Words
    source: Words
    majors: Annotated[tuple[MajorFile, ...], Field(strict=False, min_length=1)]


def class_tables(folder: Path = CLASS_FOLDER) -> tuple[str, ...]:
    """Every table that is shipped."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load_classes(table: str, folder: Path = CLASS_FOLDER) -> ClassTable:
    """The table of that name. Raises ConfigError for an unknown name and with every problem of the file."""
    file = folder / f"{table}.yaml"
    if not re.fullmatch(TABLE_ID, table) or not file.is_file():
        known = "、".join(class_tables(folder)) or "无"
        raise ConfigError([Problem(shown(file), "", f"没有名为“{table}”的类别表；现有：{known}")])
    written, problems = load_and_note(file, ClassFile)
    if written is not None:
        problems += [Problem(shown(file), path, reason) for path, reason in _repeated(written.majors or ())]
    if problems or written is None:
        raise ConfigError(problems)
    entries = tuple(_entry(major, minor) for major in written.majors for minor in major.minors)
    return ClassTable(table, written.name, written.version, written.source, entries)


def _repeated(majors: Iterable[MajorFile]) -> list[tuple[str, str]]:
    """The same kind, major and minor code twice."""
    found: list[tuple[str, str]] = []
    seen: set[tuple[object, ...]] = set()
    for m, major in enumerate(majors):
        for n, minor in enumerate(major.minors or ()):
            if (code := (major.kind, major.code, minor.code)) in seen:
                found.append(
                    (f"majors.{m}.minors.{n}.code", f"{major.code}{minor.code} 写了两次，请改用没有用过的代码")
                )
            seen.add(code)
    return found


def _entry(major: MajorFile, minor: MinorFile) -> MinorClass:
    return MinorClass(
        key=f"{'C' if major.kind == 'part' else 'E'}{major.code}{minor.code}",
        kind=major.kind,
        major_code=major.code,
        major_name=major.name,
        minor_code=minor.code,
        name=minor.name,
        weight=minor.weight,
        trades=dict(minor.trades),
        night=minor.night,
        conditions=tuple(minor.conditions),
    )
