"""City profiles."""

from datetime import time
from fractions import Fraction
from pathlib import Path

import pytest

from config.cities import check_city, city_ids, load_city
from domain.refusals import Refusal

GOOD = """
name: 例市
title: 例市城市运行大屏
time_zone: Asia/Shanghai
calendar: china
work_periods: [{start: '08:30', end: '12:00'}, {start: '14:00', end: '18:00', valid_from: '05-01', valid_to: '09-30'}]
units: [{key: a, name: 环卫处, short_name: 环卫处, unit_class: one}]
unit_classes: {one: 一类单位}
wall_unit_class: one
on_time_target: 90 %
heat_breaks: {open: [1, 2, 3, 5, 8]}
"""
MISTAKES = """
name: 例市
time_zone: Asia/Shangai
calendar: mars
work_periods: [{start: '18:00', end: '09:00'}]
units: [{key: a, short_name: 甲, unit_class: two}, {key: a, short_name: 乙}]
wall_unit_class: three
on_time_target: 1.5
due_soon_share: most
colour: red
"""


def a_folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "city.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("city_id", city_ids())
def test_every_shipped_city_loads(city_id: str) -> None:
    assert check_city(city_id) == ()
    assert load_city(city_id).id == city_id


def test_a_profile_becomes_a_city(tmp_path: Path) -> None:
    city = load_city("here", a_folder(tmp_path, GOOD))

    assert (city.name, str(city.zone), city.on_time_target) == ("例市", "Asia/Shanghai", Fraction(9, 10))
    assert city.work_periods[1].start == time(14)
    assert city.work_periods[1].valid_to == "09-30"
    assert city.units[0].unit_class == "one"
    assert city.heat_breaks == {"open": (1, 2, 3, 5, 8)}


def test_mistakes_of_form_and_contradictions_are_named_all_at_once(tmp_path: Path) -> None:
    found = {problem.path for problem in check_city("here", a_folder(tmp_path, MISTAKES))}

    assert found == {
        "title", "time_zone", "work_periods.0", "on_time_target", "due_soon_share", "colour",
        "calendar", "units.0.unit_class", "units.1.key", "wall_unit_class",
    }  # fmt: skip


def test_contradictions_are_named_all_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("china", "mars").replace("unit_class: one}]", "unit_class: two}, {key: a, short_name: 乙}]")
    text = text.replace("wall_unit_class: one", "wall_unit_class: three").replace("[1, 2, 3, 5, 8]", "[5, 2]")
    text += "score: none-such\nnot_recorded: [closing]\n"

    found = {problem.path for problem in check_city("here", a_folder(tmp_path, text))}

    assert found == {
        "calendar", "units.0.unit_class", "units.1.key", "wall_unit_class", "heat_breaks.open", "score", "not_recorded",
    }  # fmt: skip


@pytest.mark.parametrize("city_id", ["nowhere", "../cities/boston", "", "Boston"])
def test_an_unknown_city_is_refused_with_the_known_ones(city_id: str) -> None:
    with pytest.raises(Refusal, match="boston、"):
        load_city(city_id)
