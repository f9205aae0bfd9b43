"""Real data beside the project (../shared/data): read from there, never copied, and skipped where it is absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_file(name: str) -> Path:
    """The file, or a skip that says which one is missing."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{name} is not beside the project (../shared/data)")
    return path
