"""Which column of a file each field of a mapping comes from."""

import difflib
from collections import Counter
from collections.abc import Sequence

from config.mappings import Mapping
from domain.refusals import Refusal
from services.imports.cells import LABELS


def find_columns(mapping: Mapping, headings: Sequence[str], file: str) -> dict[str, int]:
    """field → position. Raises Refusal naming every missing column, the nearest spelling and what is there."""
    first = {heading: position for position, heading in reversed(list(enumerate(headings)))}
    twice = {heading for heading, times in Counter(headings).items() if times > 1}
    places: dict[str, int] = {}
    missing: list[str] = []
    for field, source in mapping.fields.items():
        heading = next((name for name in source.columns if name in first), None)
        if heading in twice:
            raise Refusal(f"列名“{heading}”出现了多次", f"{file} 的表头", "请删去或改名多余的列后重试。")
        if heading is not None:
            places[field] = first[heading]
        elif source.columns and not source.optional:
            missing.append(_wanted(field, source.columns, headings))
    if missing:
        then = f"文件里有：{'、'.join(headings)}。请改正列名，或在 config/mappings/{mapping.name}.yaml 里改写。"
        raise Refusal(f"缺少列：{'；'.join(missing)}", f"{file} 的表头", then)
    return places


def _wanted(field: str, names: Sequence[str], headings: Sequence[str]) -> str:
    near = next((match for name in names for match in difflib.get_close_matches(name, headings, 1)), None)
    wanted = f"“{' 或 '.join(names)}”（{LABELS[field]}）"
    return f"{wanted}，是不是“{near}”？" if near else wanted
