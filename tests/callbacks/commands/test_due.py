import json

import pytest
from click.testing import CliRunner

from callbacks.commands.due import command
from domain.refusals import Refusal


def said(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_arithmetic_is_printed_line_by_line() -> None:
    assert said("--city", "demo", "--start", "2026-09-30T16:30", "--limit", "4 work_hours").splitlines() == [
        "澜州市  时限 4 工作时",
        "开始  2026-09-30 周三 16:30",
        "  2026-09-30 周三 16:30 – 18:00  计 1 小时 30 分，累计 1 小时 30 分",
        "  2026-10-08 周四 08:00 – 10:30  计 2 小时 30 分，累计 4 小时",
        "到期  2026-10-08 周四 10:30",
    ]


def test_the_document_has_times_with_offset_and_nothing_else_is_printed() -> None:
    document = json.loads(
        said("--city", "demo", "--start", "2026-03-06 17:00", "--limit", "1.5 work_hours", "--format", "json")
    )

    assert document == {
        "start": "2026-03-06T17:00:00+08:00",
        "limit": "1.5 work_hours",
        "due": "2026-03-09T08:30:00+08:00",
        "provisional": False,
        "steps": [
            {
                "from": "2026-03-06T17:00:00+08:00",
                "to": "2026-03-06T18:00:00+08:00",
                "hours": 1.0,
                "total_hours": 1.0,
            },
            {
                "from": "2026-03-09T08:00:00+08:00",
                "to": "2026-03-09T08:30:00+08:00",
                "hours": 0.5,
                "total_hours": 1.5,
            },
        ],
    }


def test_a_start_with_an_offset_is_shown_in_the_citys_time() -> None:
    text = said("--city", "demo", "--start", "2026-02-16T15:00:30+00:00", "--limit", "2 urgent_hours")

    assert "到期  2026-02-17 周二 01:00:30" in text
    assert "2026-02-16 周一 23:00:30 – 2026-02-17 周二 01:00:30" in text


def test_a_deadline_of_an_unknown_year_says_so() -> None:
    assert "暂定" in said("--city", "demo", "--start", "2026-12-31 17:30", "--limit", "4 work_hours")
    assert "暂定" not in said("--city", "demo", "--start", "2026-12-31 17:30", "--limit", "4 urgent_hours")


def test_a_city_without_a_calendar_counts_through() -> None:
    document = json.loads(
        said("--city", "boston", "--start", "2026-03-07T12:00", "--limit", "1 natural_days", "--format", "json")
    )

    assert document["due"] == "2026-03-08T13:00:00-04:00"  # 24 hours, over the change of the clocks


@pytest.mark.parametrize(
    ("city", "start", "limit", "complaint"),
    [
        ("demo", "tomorrow", "4 work_hours", "时间读不懂"),
        ("demo", "2026-03-06 17:00", "four hours", "看不懂这个时限"),
        ("demo", "2026-03-06 17:00", "-1 work_hours", "看不懂这个时限"),
        ("atlantis", "2026-03-06 17:00", "4 work_hours", "没有“atlantis”这个城市"),
        ("boston", "2026-03-06 17:00", "4 work_hours", "没有工作日历"),
    ],
)
def test_what_cannot_be_answered_is_refused(city: str, start: str, limit: str, complaint: str) -> None:
    with pytest.raises(Refusal, match=complaint):
        said("--city", city, "--start", start, "--limit", limit)


def test_a_local_time_that_the_clocks_skip_is_moved_forward() -> None:
    document = json.loads(
        said("--city", "boston", "--start", "2026-03-08T02:30", "--limit", "1 urgent_hours", "--format", "json")
    )

    assert (document["start"], document["due"]) == ("2026-03-08T03:30:00-04:00", "2026-03-08T04:30:00-04:00")
