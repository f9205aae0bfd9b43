"""The document of our own CSV form names what the mapping reads."""

import re
from pathlib import Path

from config.mappings import load_mapping

DOCUMENT = Path(__file__).parents[2] / "docs" / "generic-csv.md"


def test_every_heading_is_documented_beside_its_english_name() -> None:
    table = re.findall(r"^\| (.+?) \| `(.+?)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)

    documented = {english: {*chinese.split("、"), english} for chinese, english in table}

    assert documented == {name: set(source.columns) for name, source in load_mapping("generic").fields.items()}
