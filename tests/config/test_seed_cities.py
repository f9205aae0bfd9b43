"""The five cities as their own documents describe them: every figure and structure that a document states."""

from collections import Counter
from datetime import date, time
from fractions import Fraction

import pytest

from callbacks.commands.moments import moment_of
from config.calendars import working_time
from config.cities import check_city, load_city, load_structure
from config.scores import load_rule
from domain.city import City, WorkPeriod
from domain.deadlines import Limit, due_at
from domain.indicator_options import HandlingDenominator
from domain.score_rule import Rated, ScoreRule, WatchList
from domain.structure import Structure

FIVE = ("wuhua", "ruzhou", "qidong", "suning", "shijingshan")


def a_structure(city_id: str) -> Structure:
    structure = load_structure(load_city(city_id))
    assert structure is not None
    return structure


def classes_of(city: City) -> dict[str | None, int]:
    return dict(Counter(unit.unit_class for unit in city.units))


@pytest.mark.parametrize("city_id", FIVE)
def test_a_city_is_whole_and_works_the_usual_hours(city_id: str) -> None:
    city, structure = load_city(city_id), a_structure(city_id)

    assert check_city(city_id) == ()
    assert city.work_periods == (WorkPeriod(time(8), time(12)), WorkPeriod(time(14), time(18)))
    assert city.calendar == "china"
    assert not city.demo
    for entry in structure.classes.classes:
        shares = structure.units_of(entry)
        assert sum(shares.values()) == pytest.approx(sum(entry.trades.values()))
    assert {unit for shares in structure.duties.values() for unit in shares} <= {unit.key for unit in city.units}
    assert all(len(unit.short_name) <= 5 or not unit.short_name[0].isalpha() for unit in city.units)


def test_wuhua_has_196_grids_in_three_classes_and_four_tiers() -> None:
    city, structure = load_city("wuhua"), a_structure("wuhua")

    assert (structure.grids, dict(structure.grid_classes)) == (196, {"one": 125, "two": 61, "three": 10})
    assert list(city.handling_tiers) == ["community", "street", "district", "city"]
    assert city.procedures["self_handle"] == "举手之劳"
    assert city.ownerless_unit == "yingji"
    assert classes_of(city)["street"] == len(structure.streets) == 10
    four = load_rule("wuhua")
    assert isinstance(four, ScoreRule)
    assert "假定" in four.title
    assert len(four.parts) == 4
    assert four.rated is Rated.STREET


def test_ruzhou_has_200_grids_in_four_streets_and_34_units() -> None:
    city, structure = load_city("ruzhou"), a_structure("ruzhou")

    assert {street.short_name: street.grids for street in structure.streets} == {
        "煤山": 123, "风穴路": 32, "洗耳河": 19, "钟楼": 26,
    }  # fmt: skip
    assert structure.grids == 200
    assert len(city.units) == 34
    assert len(city.grid_tiers) == 3
    assert {"return", "extend", "suspend", "simple", "transfer_slip"} <= set(city.procedures)
    assert city.verified_channels == {"hotline_12319"}
    assert {"collector", "hotline_12319"} <= {channel.key for channel in structure.channels}
    watched = load_rule("ruzhou-watch")
    assert isinstance(watched, WatchList)
    assert [line.indicator for line in watched.lines] == ["extension_rate", "suspension_rate", "return_rate"]


def test_qidong_has_583_unit_grids_25_areas_and_41_platforms() -> None:
    city, structure = load_city("qidong"), a_structure("qidong")

    assert (structure.grids, structure.patrol_areas, len(structure.streets)) == (583, 25, 2)
    assert structure.ground.area_km2 == 25
    assert structure.cameras["total"] == 31
    assert classes_of(city) == {"first": 26, "second": 15}
    assert city.options.handling_rate_denominator is HandlingDenominator.REGISTERED
    assert "问题库" in city.procedures["suspend"]
    periods = {period.key: period for period in city.periods}
    assert periods["week"].named == "week"
    assert (periods["report"].first, periods["report"].end) == (date(2014, 8, 1), date(2015, 5, 8))


def test_suning_has_three_classes_of_terminals_and_the_frontage_apart() -> None:
    city, structure = load_city("suning"), a_structure("suning")

    assert list(city.unit_classes) == ["first", "second", "third"]
    assert [unit.name for unit in city.units if unit.unit_class is None] == ["门前五包责任人"]
    of = {unit.short_name: unit.unit_class for unit in city.units}
    assert {of[name] for name in ("城管局", "住建局", "城投公司", "园林局", "电力局", "住房中心", "公安局")} == {
        "first"
    }
    assert {of[name] for name in ("肃宁镇", "环保局", "民政局", "交通局", "水务局", "支铁办", "电视台",
                                  "网通公司", "移动公司", "电信公司", "燃气公司")} == {"second"}  # fmt: skip
    assert sum(unit.key.startswith("chengguan") for unit in city.units) > 2  # Art. 8: several terminals of one bureau
    assert len(structure.channels) == 8
    assert structure.units_of(next(c for c in structure.classes.classes if c.name == "门前五包")) == {"menqian": 1}
    assert (city.extensions.max_factor, city.extensions.warn_share) == (Fraction(1), Fraction(1, 10))
    score = load_rule("suning")
    assert isinstance(score, ScoreRule)
    assert score.pass_line == 60
    assert score.consequence is not None
    assert "一票否决" in score.consequence


def test_shijingshan_has_nine_streets_and_more_than_twenty_departments() -> None:
    city, structure = load_city("shijingshan"), a_structure("shijingshan")

    assert len(structure.streets) == 9
    assert "鲁谷" in {street.short_name for street in structure.streets}
    assert classes_of(city)["street"] == 9
    assert 20 < classes_of(city)["department"] < 30
    assert len(structure.channels) == 7
    assert city.inform_street
    score = load_rule("shijingshan-streets")
    assert isinstance(score, ScoreRule)
    assert (score.rated, [part.indicator for part in score.parts]) == (Rated.STREET, ["handling_rate"])
    assert city.options.handling_rate_denominator is HandlingDenominator.REGISTERED


VECTORS = (  # domain research section 3.4
    ("2026-09-30 16:30", "4 work_hours", "2026-10-08 10:30", False),
    ("2026-02-13 17:00", "1 work_days", "2026-02-14 17:00", False),
    ("2026-05-09 09:00", "1 work_days", "2026-05-11 09:00", False),
    ("2026-10-08 11:30", "2 work_hours", "2026-10-08 15:30", False),
    ("2026-06-18 19:20", "1 work_days", "2026-06-22 18:00", False),
    ("2026-01-03 10:00", "4 work_hours", "2026-01-04 12:00", False),
    ("2026-09-19 10:00", "4 work_hours", "2026-09-20 12:00", False),
    ("2026-03-04 12:00", "4 work_hours", "2026-03-04 18:00", False),
    ("2026-03-04 13:10", "4 work_hours", "2026-03-04 18:00", False),
    ("2026-03-06 18:00", "1 work_days", "2026-03-09 18:00", False),
    ("2026-04-03 15:00", "2 work_days", "2026-04-08 15:00", False),
    ("2026-04-30 17:59", "3 work_days", "2026-05-08 17:59", False),
    ("2026-02-16 23:00", "2 urgent_hours", "2026-02-17 01:00", False),
    ("2026-12-31 17:30", "4 work_hours", None, True),
)


@pytest.mark.parametrize(("start", "limit", "due", "provisional"), VECTORS)
@pytest.mark.parametrize("city_id", [*FIVE, "demo"])
def test_the_calendar_vectors_hold_in_every_chinese_city(
    city_id: str, start: str, limit: str, due: str | None, provisional: bool
) -> None:
    city = load_city(city_id)

    deadline = due_at(moment_of(start, city.zone), Limit.parse(limit), working_time(city))

    assert deadline.provisional is provisional
    assert due is None or city.local(deadline.due) == moment_of(due, city.zone)
