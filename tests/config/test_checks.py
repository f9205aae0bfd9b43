"""All configuration files at once."""

from pathlib import Path

import pytest

from config import checks
from config.settings import Settings
from domain.refusals import Refusal


def test_what_is_shipped_has_no_problem() -> None:
    assert checks.all_problems() == ()
    assert checks.all_problems("boston") == ()


def test_an_unknown_city_is_refused() -> None:
    with pytest.raises(Refusal):
        checks.all_problems("nowhere")


def test_a_folder_without_a_profile_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half").mkdir()
    monkeypatch.setattr(checks, "CITY_FOLDER", tmp_path)

    assert [problem.file for problem in checks.all_problems()] == ["half"]


def test_a_setting_says_where_it_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("threads: 99\n", encoding="utf-8")
    monkeypatch.setitem(Settings.model_config, "yaml_file", file)
    monkeypatch.setenv("GRIDWALL_HOST", "127.0.0.2")

    origins = checks.setting_origins(Settings(port=9000), {"GRIDWALL_HOST": "127.0.0.2"}, file)

    assert {name: origins[name] for name in ("port", "host", "threads", "city")} == {
        "port": "option",
        "host": "environment",
        "threads": "file",
        "city": "default",
    }
