"""Which characters the reports' fonts have. A font without a character prints nothing and says nothing."""

from functools import cache
from pathlib import Path

FONTS = Path(__file__).with_name("fonts")
STAND_IN = "〓"  # printed for a character that no font here has, as Chinese printers do


@cache
def _known() -> frozenset[str]:
    return frozenset(FONTS.joinpath("characters.txt").read_text(encoding="utf-8"))


def uncovered(text: str) -> frozenset[str]:
    """The characters of the text that would leave a gap."""
    return frozenset(character for character in text if character not in _known() and not character.isspace())


def printable(text: str) -> str:
    """The text with 〓 where a character would be missing: a gap that is seen."""
    missing = uncovered(text)
    return "".join(STAND_IN if character in missing else character for character in text) if missing else text
