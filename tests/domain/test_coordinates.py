"""WGS-84, GCJ-02 and BD-09."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coordinates import (
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

SUNING = (115.83, 38.42)
MAINLAND = {"lon": st.floats(74, 134), "lat": st.floats(18, 53)}


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (one[0] - other[0]) * 111_320 * cos(radians(one[1]))
    return hypot(east, (one[1] - other[1]) * 110_570)


def test_the_test_point_of_the_field() -> None:
    gcj = wgs84_to_gcj02(*SUNING)
    bd = gcj02_to_bd09(*gcj)

    assert gcj == pytest.approx((115.835905, 38.420554), abs=5e-7)
    assert bd == pytest.approx((115.842457, 38.426454), abs=5e-7)


@pytest.mark.parametrize(
    ("place", "to_gcj", "to_bd"),
    [
        ((102.70, 25.04), 361, 868),  # 五华
        ((112.84, 34.17), 577, 1247),  # 汝州
        ((121.66, 31.81), 468, 1119),  # 启东
        ((115.83, 38.42), 519, 1301),  # 肃宁
        ((116.20, 39.91), 535, 1325),  # 石景山
    ],
)
def test_the_shift_is_as_long_as_measured_in_the_five_cities(
    place: tuple[float, float], to_gcj: int, to_bd: int
) -> None:
    assert metres(place, wgs84_to_gcj02(*place)) == pytest.approx(to_gcj, abs=12)
    assert metres(place, wgs84_to_bd09(*place)) == pytest.approx(to_bd, abs=12)


@given(**MAINLAND)
def test_there_and_back_again_is_the_same_place(lon: float, lat: float) -> None:
    assert metres((lon, lat), gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))) < 1e-4
    assert metres((lon, lat), bd09_to_wgs84(*wgs84_to_bd09(lon, lat))) < 1e-4
    assert metres((lon, lat), bd09_to_gcj02(*gcj02_to_bd09(lon, lat))) < 1e-4


@given(**MAINLAND)
def test_converting_twice_is_wrong_and_shows(lon: float, lat: float) -> None:
    once = wgs84_to_gcj02(lon, lat)

    assert metres(once, wgs84_to_gcj02(*once)) > 50


@pytest.mark.parametrize("place", [(-71.06, 42.36), (139.69, 35.68), (0.0, 0.0), (2.35, 48.86)])
def test_outside_china_nothing_is_shifted(place: tuple[float, float]) -> None:
    assert wgs84_to_gcj02(*place) == place
    assert bd09_to_wgs84(*place) == place
