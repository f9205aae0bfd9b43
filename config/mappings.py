"""Mappings: config/mappings/<name>.yaml says how a source's columns become cases."""

import re
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from config.cities import _zone
from config.problems import CONFIG_FOLDER, ConfigError, Problem, shown
from config.strict import StrictModel, load_strict
from domain.refusals import Refusal

MAPPING_FOLDER = CONFIG_FOLDER / "mappings"
MAPPING_NAME = r"[a-z0-9][a-z0-9-]{0,39}"

TIMES = (
    "reported_at", "accepted_at", "registered_at", "dispatched_at", "received_at", "handled_at", "rechecked_at",
    "closed_at", "suspended_at", "voided_at", "rejected_at", "due_at", "effective_due_at",
)  # fmt: skip
NUMBERS = ("lon", "lat", "limit_value")
COUNTS = ("rework_count", "return_count", "extension_count")
TEXTS = (
    "case_no", "status", "kind", "category", "category_key", "category_major", "unit", "channel", "street",
    "community", "grid", "road", "address", "urgent", "limit_unit",
)  # fmt: skip
FIELDS = (*TEXTS, *NUMBERS, *COUNTS, *TIMES)
CHOICES: MappingABC[str, tuple[str, ...]] = {  # fields that hold one of a few words
    "kind": ("part", "event"),
    "urgent": ("yes", "no"),
    "limit_unit": ("work_hours", "work_days", "urgent_hours", "natural_days"),
}
STATUSES = ("closed", "suspended", "void", "rejected")


@dataclass(frozen=True)
class FieldSource:
    """Where one field of a case comes from: a column (the first heading present), a constant or another field."""

    columns: tuple[str, ...] = ()
    constant: str | None = None
    same_as: str | None = None
    optional: bool = False  # the column may be absent from the file
    values: MappingABC[str, str] | None = None  # the source's words → ours
    unknown: Literal["keep", "blank", "set_aside"] = "keep"  # a word that is not in `values`


@dataclass(frozen=True)
class Mapping:
    """One source's form. `zone` None = the city's; `bounds` = west, south, east, north in WGS-84."""

    name: str
    description: str
    fields: MappingABC[str, FieldSource]
    required: tuple[str, ...]
    encodings: tuple[str, ...]
    delimiter: str
    sheet: str | None
    zone: ZoneInfo | None
    time_formats: tuple[str, ...]
    ignore_offset: bool
    crs: str
    bounds: tuple[float, float, float, float] | None
    status: MappingABC[str, frozenset[str]]
    empty: frozenset[str]
    writable: bool


def _crs(value: str) -> str:
    if not re.fullmatch(r"wgs84|cgcs2000|gcj02|bd09|epsg:[0-9]{4,6}", value):
        raise ValueError("坐标系只能是 wgs84、cgcs2000、gcj02、bd09 或 epsg:编号")
    return value


def _encoding(value: str) -> str:
    if value not in ("utf-8", "utf-8-sig", "gb18030", "gbk", "big5", "latin-1", "cp1252"):
        raise ValueError("编码只能是 utf-8、utf-8-sig、gb18030、gbk、big5、latin-1 或 cp1252")
    return value


def _time_format(value: str) -> str:
    if value == "iso":
        return value
    if "%Y" not in value or not any(day in value for day in ("%d", "%j")):
        raise ValueError("时间写法应为 iso，或含 %Y、%m、%d 的格式，例如 '%Y/%m/%d %H:%M'")
    try:
        moment = datetime(2024, 2, 29, 13, 5)  # noqa: DTZ001  a probe of the format, never stored
        datetime.strptime(moment.strftime(value), value)  # noqa: DTZ007
    except ValueError:
        raise ValueError(f"读不懂的时间写法“{value}”") from None
    return value


def _names(value: Any) -> Any:
    """A single name may be written without a list."""
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_names), Field(strict=False)]


class FieldFile(StrictModel):
    column: Names = ()
    constant: str | None = None
    same_as: str | None = None
    optional: bool = False
    values: MappingABC[str, str] | None = None
    unknown: Literal["keep", "blank", "set_aside"] = "keep"

    @model_validator(mode="after")
    def _one_source(self) -> "FieldFile":
        if sum((bool(self.column), self.constant is not None, self.same_as is not None)) != 1:
            raise ValueError("column、constant、same_as 三者写且只写一个")
        return self


def _field(value: Any) -> Any:
    """`field: heading` and `field: [headings]` are short for `field: {column: …}`."""
    return {"column": value} if isinstance(value, str | list) else value


class TimesFile(StrictModel):
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    formats: Annotated[
        tuple[Annotated[str, AfterValidator(_time_format)], ...], BeforeValidator(_names), Field(strict=False)
    ] = ("iso",)
    offset: Literal["keep", "ignore"] = "keep"


class MappingFile(StrictModel):
    """A mapping as it is written."""

    description: Annotated[str, Field(min_length=1)]
    columns: MappingABC[str, Annotated[FieldFile, BeforeValidator(_field)]]
    required: Names = ("case_no", "reported_at")
    encoding: Annotated[
        tuple[Annotated[str, AfterValidator(_encoding)], ...], BeforeValidator(_names), Field(strict=False)
    ] = ("utf-8-sig",)
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    sheet: str | None = None
    times: TimesFile = TimesFile()
    crs: Annotated[str, AfterValidator(_crs)] = "wgs84"
    bounds: Annotated[
        tuple[
            Annotated[float, Field(ge=-180, le=180, strict=False)],
            Annotated[float, Field(ge=-90, le=90, strict=False)],
            Annotated[float, Field(ge=-180, le=180, strict=False)],
            Annotated[float, Field(ge=-90, le=90, strict=False)],
        ],
        Field(strict=False),
    ] | None = None  # fmt: skip
    status: MappingABC[Literal["closed", "suspended", "void", "rejected"], Names] = Field(default_factory=dict)
    empty: Names = ()
    writable: bool = False


def mapping_names(folder: Path = MAPPING_FOLDER) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load_mapping(name: str, folder: Path = MAPPING_FOLDER) -> Mapping:
    """The mapping of that name. Raises Refusal for an unknown one and ConfigError with every problem of its file."""
    file = folder / f"{name}.yaml"
    if not re.fullmatch(MAPPING_NAME, name) or not file.is_file():
        known = "、".join(mapping_names(folder)) or "无"
        raise Refusal(
            f"没有“{name}”这个映射", "--mapping", f"现有：{known}。新来源请在 config/mappings/ 下写一个 YAML。"
        )
    written = load_strict(file, MappingFile)
    problems = [Problem(shown(file), path, reason) for path, reason in _contradictions(written)]
    if problems:
        raise ConfigError(problems)
    return _mapping(name, written)


def _contradictions(written: MappingFile) -> list[tuple[str, str]]:
    found = [
        (f"columns.{name}", f"案件没有“{name}”这一项；可选：{'、'.join(FIELDS)}")
        for name in written.columns
        if name not in FIELDS
    ]
    for name, source in written.columns.items():
        found += [(f"columns.{name}", reason) for reason in _wrong_field(name, source, written)]
    for name in dict.fromkeys(("case_no", "reported_at", *written.required)):
        if name not in written.columns:
            found.append(("columns", f"缺少必需的 {name}"))
    if ("lon" in written.columns) != ("lat" in written.columns):
        found.append(("columns", "lon 和 lat 要么都写，要么都不写"))
    if written.bounds and not (written.bounds[0] < written.bounds[2] and written.bounds[1] < written.bounds[3]):
        found.append(("bounds", "应为 [西, 南, 东, 北]"))
    if written.status and "status" not in written.columns:
        found.append(("status", "写了状态词，却没有 columns.status"))
    return found


def _wrong_field(name: str, source: FieldFile, written: MappingFile) -> list[str]:
    reasons = []
    if source.same_as is not None:
        other = written.columns.get(source.same_as)
        if name not in TIMES or source.same_as not in TIMES:
            reasons.append("same_as 只用于时间")
        if other is None or other.same_as is not None:
            reasons.append(f"same_as 指向的 {source.same_as} 没有自己的来源")
    choices = CHOICES.get(name)
    if choices and source.values:
        wrong = sorted(set(source.values.values()) - set(choices))
        if wrong:
            reasons.append(f"values 的右边只能是 {'、'.join(choices)}，不能是 {'、'.join(wrong)}")
    if source.optional and name in written.required:
        reasons.append("必需的一项不能是 optional")
    return reasons


def _mapping(name: str, written: MappingFile) -> Mapping:
    return Mapping(
        name=name,
        description=written.description,
        fields={
            field: FieldSource(f.column, f.constant, f.same_as, f.optional, f.values, f.unknown)
            for field, f in written.columns.items()
        },
        required=tuple(dict.fromkeys(("case_no", "reported_at", *written.required))),
        encodings=written.encoding,
        delimiter=written.delimiter,
        sheet=written.sheet,
        zone=ZoneInfo(written.times.zone) if written.times.zone else None,
        time_formats=written.times.formats,
        ignore_offset=written.times.offset == "ignore",
        crs=written.crs,
        bounds=written.bounds,
        status={kind: frozenset(words) for kind, words in written.status.items()},
        empty=frozenset(("", *written.empty)),
        writable=written.writable,
    )
