"""A road's name fit for a wall: street and road, never a house (DECISIONS 28)."""

import re

# 231-235 Main St, 115A G St; 人民路12号3室, 建设弄8-2号
_BEFORE = re.compile(r"^\s*(?:no\.?\s*)?\d+[a-z]?(?:\s*[-–&/]\s*\d+[a-z]?)?\s+(?=\S*[^\W\d])", re.IGNORECASE)
_AFTER = re.compile(r"\s*\d+(?:\s*[-–之]\s*\d+)?\s*(?:号|號|栋|幢|座|单元|室|户).*$")


def without_house_number(road: str) -> str:
    """The road alone: a number before a Western name or with 号 behind a Chinese one is left out.

    Numbers that belong to the name stay: 5th Ave, 第三大道, G312国道.
    """
    return _AFTER.sub("", _BEFORE.sub("", road)).strip()
