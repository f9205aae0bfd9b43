from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from config import cities
from config.problems import ConfigError
from config.scores import load_rule, load_score, opposed, score_names
from domain.score_rule import NATIONAL_GRADES, Grade, Part, Scope, WorkValueOrder

GOOD = """
title: 得分
version: "1"
effective_from: 2026-01-01
source: 试行办法 第一条
maximum: 70
parts:
  - { indicator: closure_rate, weight: 70 }
  - { indicator: rework_rate, weight: -10 }
"""


def written(folder: Path, text: str) -> Path:
    (folder / "town.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", score_names())
def test_every_shipped_score_loads_and_says_where_it_comes_from(name: str) -> None:
    rule = load_rule(name)

    assert rule.name == name
    assert rule.source
    assert rule.version


def test_suning_is_written_as_the_article_says() -> None:
    rule = load_score("suning")

    weights = {part.indicator: part.weight for part in rule.parts}
    assert weights == {"on_time_closure_rate": 40, "closure_rate": 30, "work_value": 20, "rework_rate": -10}
    assert (rule.maximum, rule.pass_line, rule.base_points) == (Fraction(90), Fraction(60), Fraction(0))
    assert rule.grades == ()
    assert (rule.work_value_scope, rule.rank_scope) == (Scope.CITY, Scope.CITY)
    assert rule.effective_from == date(2017, 12, 15)


def test_the_demo_city_compares_within_classes_and_grades_by_tens() -> None:
    rule = load_score("demo")

    assert (rule.work_value_scope, rule.rank_scope) == (Scope.CLASS, Scope.CLASS)
    assert rule.grades == (
        Grade("A", Fraction(80)),
        Grade("B", Fraction(70)),
        Grade("C", Fraction(60)),
        Grade("D", None),
    )
    assert rule.parts == load_score("suning").parts


def test_decimal_points_are_exact_and_national_grades_have_a_name(tmp_path: Path) -> None:
    text = GOOD.replace("weight: 70", "weight: 70.1").replace("maximum: 70", "maximum: 70.1\ngrades: national")

    rule = load_score("town", written(tmp_path, text))

    assert rule.parts[0].weight == Fraction(701, 10)
    assert rule.grades == NATIONAL_GRADES


@pytest.mark.parametrize(
    ("before", "after", "path", "reason"),
    [
        ("closure_rate", "closing_rate", "parts.0.indicator", "没有“closing_rate”这个指标.*work_value"),
        ("closure_rate", "rework_rate", "parts", "同一指标写了两次：rework_rate"),
        ("maximum: 70", "maximum: 100", "", "maximum 应为 70"),
        ("weight: 70", "weight: forty", "parts.0.weight", "应为分数值"),
        ("weight: 70", "weight: .nan", "parts.0.weight", "应为分数值"),
        ("weight: 70", "weight: true", "parts.0.weight", "应为分数值"),
        ("weight: 70", "weight: -70", "parts", "至少要有一项"),
        ("title: 得分", "title: 得分\nties: first", "ties", "只能是"),
        ("title: 得分", "title: 得分\ntie: min", "tie", "不认识“tie”.*ties"),
        ("source: 试行办法 第一条", "", "source", "缺少"),
        ("title: 得分", "title: 得分\nwithout_cases: zero", "", "rated_units 应为 all"),
        ("title: 得分", "title: 得分\nscaled_to: 0", "", "scaled_to 应大于 0"),
        ("title: 得分", "title: 得分\ngrades: [{name: A, at_least: 6}, {name: B, at_least: 8}, {name: C}]", "grades",
         "由高到低"),
        ("title: 得分", "title: 得分\ngrades: [{name: A, at_least: 60}]", "grades", "最后一级不写"),
        ("title: 得分", "title: 得分\ntitle: 分数", "第 3 行", "写了两次"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_and_place(
    tmp_path: Path, before: str, after: str, path: str, reason: str
) -> None:
    with pytest.raises(ConfigError, match=reason) as refused:
        load_score("town", written(tmp_path, GOOD.replace(before, after, 1)))

    (problem,) = refused.value.problems
    assert problem.file == "town.yaml"
    assert problem.path.startswith(path)


@pytest.mark.parametrize("name", ["atlantis", "../scores/suning", ""])
def test_an_unknown_score_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(ConfigError, match=r"没有名为.*demo、.*suning"):
        load_score(name)


def test_scores_of_one_title_that_reward_opposite_things_are_told_apart() -> None:
    score = load_score("demo")
    turned = replace(score, name="turned", work_value_order=WorkValueOrder.DESCENDING)
    complement = replace(score, name="complement", parts=(Part("rework_rate", Fraction(10), complement=True),))
    bonus = replace(score, name="bonus", parts=(Part("rework_rate", Fraction(10)),))

    assert opposed([score, turned]) == [("demo", "turned", "work_value")]
    assert opposed([score, bonus]) == [("demo", "bonus", "rework_rate")]
    assert opposed([score, complement]) == []  # 1 − 返工率 rewards what −返工率 rewards
    assert opposed([score, replace(turned, title="另一种得分")]) == []


def test_a_citys_opposite_scores_are_a_problem_of_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, weight in (("one", "10"), ("two", "-10")):
        text = GOOD.replace("-10", weight).replace("maximum: 70", f"maximum: {70 + max(int(weight), 0)}")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(cities, "SCORE_FOLDER", tmp_path)
    monkeypatch.setattr(cities, "load_rule", lambda name: load_rule(name, tmp_path))
    home = tmp_path / "cities" / "town"
    home.mkdir(parents=True)
    profile = "name: 小城\ntitle: 小城\ntime_zone: Asia/Shanghai\nunits: []\nscores: [one, two]\n"
    (home / "city.yaml").write_text(profile, encoding="utf-8")

    problems = cities.check_city("town", tmp_path / "cities")

    assert any("one 与 two 同名" in problem.reason and "rework_rate" in problem.reason for problem in problems)
