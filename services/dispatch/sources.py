"""Whose a case is: ours, or another system's; and whether that system lets us move it (DECISIONS 24)."""

from functools import lru_cache

from config.mappings import load_mapping
from domain.refusals import Refusal

OURS = "gridwall"


@lru_cache(maxsize=64)
def writable(source: str) -> bool:
    """Whether the source's mapping says so; one that is not configured any more does not."""
    try:
        return load_mapping(source).writable
    except Refusal:
        return False
