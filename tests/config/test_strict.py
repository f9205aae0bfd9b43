"""Configuration files: every mistake is named with its file and place."""

from pathlib import Path

import pytest

from config.problems import ConfigError
from config.strict import StrictModel, load_strict


class Lamp(StrictModel):
    name: str
    watts: int = 10


def problems_of(folder: Path, text: str | bytes) -> list[str]:
    file = folder / "lamp.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError) as caught:
        load_strict(file, Lamp)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_file_loads(tmp_path: Path) -> None:
    (tmp_path / "lamp.yaml").write_text("name: 路灯\nwatts: 60\n", encoding="utf-8")

    assert load_strict(tmp_path / "lamp.yaml", Lamp) == Lamp(name="路灯", watts=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: [", "lamp.yaml: 第 1 行第 8 列: 不是合法的 YAML"),
        ("name: a\nname: b\n", "lamp.yaml: 第 2 行第 1 列: “name”写了两次"),
        ("", "lamp.yaml: 文件是空的"),
        ("- a\n", "lamp.yaml: 文件是空的，或最外层不是“键: 值”的对照表"),
        ("name: 12\n", "lamp.yaml: name: 应为文字"),
        ("name: a\nwatts: '60'\n", "lamp.yaml: watts: 应为整数"),
        ("name: a\nwats: 60\n", "lamp.yaml: wats: 不认识“wats”这一项，是不是“watts”？"),
        ("watts: 60\n", "lamp.yaml: name: 缺少这一项"),
        ("name: 路灯".encode("gb18030"), "lamp.yaml: 不是 UTF-8 编码"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str | bytes, expected: str) -> None:
    (problem,) = problems_of(tmp_path, text)

    assert problem.startswith(expected)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    assert len(problems_of(tmp_path, "watts: many\ncolour: red\n")) == 3
