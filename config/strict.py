"""Reading one YAML file strictly: unknown and repeated keys are refused, and every problem is named at once."""

import difflib
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from config.problems import ConfigError, Problem, shown

T = TypeVar("T", bound="StrictModel")

# What pydantic found, in words for the person who edits the file.
REASONS: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda context: "缺少这一项，请补上",
    "string_type": lambda context: "应为文字（必要时加引号）",
    "int_type": lambda context: "应为整数",
    "int_parsing": lambda context: "应为整数",
    "bool_type": lambda context: "应为 true 或 false",
    "bool_parsing": lambda context: "应为 true 或 false",
    "float_type": lambda context: "应为数字",
    "float_parsing": lambda context: "应为数字",
    "dict_type": lambda context: "应为“键: 值”的对照表",
    "model_type": lambda context: "应为“键: 值”的对照表",
    "model_attributes_type": lambda context: "应为“键: 值”的对照表",
    "tuple_type": lambda context: "应为列表",
    "list_type": lambda context: "应为列表",
    "too_short": lambda context: f"至少要有 {context.get('min_length')} 项",
    "too_long": lambda context: f"至多 {context.get('max_length')} 项",
    "string_too_short": lambda context: "不能为空",
    "string_too_long": lambda context: f"至多 {context.get('max_length')} 个字",
    "string_pattern_mismatch": lambda context: f"写法不对，应符合 {context.get('pattern')}",
    "greater_than": lambda context: f"应大于 {context.get('gt')}",
    "greater_than_equal": lambda context: f"应不小于 {context.get('ge')}",
    "less_than": lambda context: f"应小于 {context.get('lt')}",
    "less_than_equal": lambda context: f"应不大于 {context.get('le')}",
    "literal_error": lambda context: f"只能是 {context.get('expected')}",
    "enum": lambda context: f"只能是 {context.get('expected')}",
    "value_error": lambda context: str(context.get("error")),
    "time_parsing": lambda context: "应为一天中的时刻，例如 08:30",
    "time_type": lambda context: "应为一天中的时刻，请加引号，例如 '08:30'",
}


class StrictModel(BaseModel):
    """A part of a configuration file. Nothing may be added, and nothing is converted in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Loader(yaml.SafeLoader):
    """YAML that notes repeated keys: the last one winning in silence hides a mistake."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.repeated: list[tuple[str, str]] = []  # place, key


def _mapping(loader: Any, node: Any) -> dict[Hashable, Any]:
    seen: set[Any] = set()
    for key_node, _value in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            loader.repeated.append((_place(key_node.start_mark), str(key)))
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


def _place(mark: Any) -> str:
    return f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else ""


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(file: Path) -> Any:
    """The file's content. Raises ConfigError naming the line when it is not UTF-8, not YAML or repeats a key."""
    content, repeated = _read(file)
    if repeated:
        raise ConfigError(repeated)
    return content


def _read(file: Path) -> tuple[Any, list[Problem]]:
    """The content, and the keys that are written twice."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigError([Problem(shown(file), "", "不是 UTF-8 编码，请另存为 UTF-8")]) from None
    except OSError as error:
        raise ConfigError([Problem(shown(file), "", f"读不到这个文件：{error.strerror}")]) from None
    loader: Any = None
    try:
        loader = _Loader(text)
        content = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        place = _place(error.problem_mark or error.context_mark)
        raise ConfigError([Problem(shown(file), place, f"不是合法的 YAML：{error.problem}")]) from None
    except yaml.YAMLError as error:
        raise ConfigError([Problem(shown(file), "", f"不是合法的 YAML：{error}")]) from None
    except ValueError as error:  # YAML makes dates and numbers of what looks like them: 2026-02-30
        raise ConfigError([Problem(shown(file), "", f"有不存在的日期或数值：{error}")]) from None
    finally:
        if loader is not None:
            loader.dispose()
    return content, [Problem(shown(file), place, f"“{key}”写了两次，请删去一处") for place, key in loader.repeated]


def load_strict(file: Path, model: type[T]) -> T:
    """The file as `model`. Raises ConfigError with every problem of the file."""
    loaded, problems = load_and_note(file, model)
    if problems or loaded is None:
        raise ConfigError(problems)
    return loaded


def load_and_note(file: Path, model: type[T]) -> tuple[T | None, list[Problem]]:
    """The file as `model` with every problem of its form.

    With problems the model holds what could be read and None or the default elsewhere, so that the caller can look for
    contradictions at the same time; None when nothing could be read. Never to be used as a configuration then.
    """
    try:
        content, problems = _read(file)
    except ConfigError as error:
        return None, list(error.problems)
    if not isinstance(content, dict):
        return None, [*problems, Problem(shown(file), "", "文件是空的，或最外层不是“键: 值”的对照表")]
    try:
        return model.model_validate(content), problems
    except ValidationError as error:
        problems += [problem_of(shown(file), model, found) for found in error.errors()]
        return _readable(model, content), problems


def _readable(model: type[T], content: Any) -> T:
    """What could be read of the content, unvalidated where it is wrong."""
    given = content if isinstance(content, dict) else {}
    values = {name: _readable_value(field, given, name) for name, field in model.model_fields.items()}
    return cast(T, model.model_construct(**values))


def _readable_value(field: FieldInfo, given: dict[str, Any], name: str) -> Any:
    usual = None if field.is_required() else field.get_default(call_default_factory=True)
    if name not in given:
        return usual
    raw, inner = given[name], _inner_model(field.annotation)
    if inner is not None and isinstance(raw, list):
        return tuple(_readable(inner, entry) for entry in raw)
    if inner is not None and isinstance(raw, dict):
        return _readable(inner, raw)
    try:
        return TypeAdapter(field.rebuild_annotation()).validate_python(raw)
    except ValidationError:
        return usual


def _inner_model(annotation: Any) -> type[StrictModel] | None:
    """The model of a field that holds one, or a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, StrictModel):
        return annotation
    found = (_inner_model(argument) for argument in get_args(annotation))
    return next((inner for inner in found if inner is not None), None)


def problem_of(file: str, model: type[BaseModel], found: Any) -> Problem:
    """What pydantic found, as a problem in Chinese."""
    place = ".".join(str(part) for part in found["loc"])
    if found["type"] == "extra_forbidden":
        return Problem(file, place, _unknown(str(found["loc"][-1]), model, found["loc"][:-1]))
    reason = REASONS.get(found["type"])
    context = found.get("ctx", {})
    return Problem(file, place, reason(context) if reason else f"值不对：{found['msg']}")


def _unknown(name: str, model: type[BaseModel], above: tuple[Any, ...]) -> str:
    fields = _fields_at(model, above)
    near = difflib.get_close_matches(name, fields, 1)
    return f"不认识“{name}”这一项" + (f"，是不是“{near[0]}”？" if near else "，请删去或核对拼写")


def _fields_at(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    """The names of the fields that may stand at this place of the file."""
    here: type[BaseModel] | None = model
    for step in path:
        if here is not None and step in here.model_fields:
            here = _inner_model(here.model_fields[step].annotation)
        elif not isinstance(step, int):
            return []
    return list(here.model_fields) if here is not None else []
