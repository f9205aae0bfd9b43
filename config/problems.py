"""What is wrong in a configuration file: every problem with its file, its place and what to do, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.refusals import Refusal

CONFIG_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Problem:
    """`path` is the place inside the file: a line, or keys joined by dots. `reason` says what to do, in Chinese."""

    file: str
    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.path}: {self.reason}" if self.path else f"{self.file}: {self.reason}"


class ConfigError(Refusal):
    """A configuration that cannot be used; holds every problem found in it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"配置有 {len(self.problems)} 处问题", "config", f"请改正后重试：\n{listed}")


def shown(file: Path) -> str:
    """The file's name as people see it: from the project's folder on where it lies inside, else its own name."""
    if file.is_relative_to(CONFIG_FOLDER):
        return f"config/{file.relative_to(CONFIG_FOLDER).as_posix()}"
    return file.name
