"""The press: a template and its data become PDF by typst. The same data give the same bytes on every machine."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from layouts.reports.characters import FONTS, printable

TEMPLATES = Path(__file__).with_name("templates")


def press(template: str, data: Mapping[str, Any], made: datetime) -> bytes:
    """PDF of `templates/<template>.typ`. Data reach it as JSON and never as markup, so that a name with # or * prints
    as it is; `made` is the time in the document's properties. Only the fonts that lie here are used."""
    import typst  # here and not above: eighty megabytes that only printing should load

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    said = json.dumps(_covered(data), ensure_ascii=False)
    source = str(TEMPLATES / f"{template}.typ")
    made_of = typst.Compiler(source, root=str(TEMPLATES), font_paths=fonts, sys_inputs={"data": said})
    zone = timezone(made.utcoffset() or timedelta())
    fixed = made.replace(tzinfo=zone, microsecond=0)  # typst knows offsets and no zones, seconds and no parts of them
    pdf = made_of.compile(format="pdf", timestamp=fixed)
    assert isinstance(pdf, bytes)  # one document; only pictures come page by page
    return pdf


def _covered(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _covered(each) for key, each in value.items()}
    return [_covered(each) for each in value] if isinstance(value, list | tuple) else value
