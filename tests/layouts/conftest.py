"""The city, the words and the picture that the panels' tests share."""

import pytest

from config.texts import Texts, load_texts
from domain.city import City
from domain.snapshot import Snapshot
from tests.builders import a_city, a_snapshot


@pytest.fixture
def city() -> City:
    return a_city()


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load_texts("zh")


@pytest.fixture(scope="session")
def english() -> Texts:
    return load_texts("en")


@pytest.fixture
def snapshot() -> Snapshot:
    return a_snapshot()
