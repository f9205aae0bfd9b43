"""Every word the screens show, by language: Chinese first, English complete."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.problems import ConfigError, Problem, shown
from config.strict import read_yaml

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("zh", "en")
HTML_LANG = {"zh": "zh-CN", "en": "en"}  # without zh-CN a browser may pick Japanese glyph variants


@dataclass(frozen=True)
class Texts:
    """The phrases of one language. `texts("alerts.overdue", minutes=4)`; an unknown key raises KeyError."""

    language: str
    phrases: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        phrase = self.phrases[key]
        return phrase.format(**values) if values else phrase

    def has(self, key: str) -> bool:
        return key in self.phrases

    def under(self, prefix: str) -> Mapping[str, str]:
        """All phrases below a prefix, without it: what a script needs as templates."""
        start = f"{prefix}."
        return {key.removeprefix(start): phrase for key, phrase in self.phrases.items() if key.startswith(start)}

    @property
    def html_lang(self) -> str:
        return HTML_LANG[self.language]


def flattened(tree: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, branch in tree.items():
        if isinstance(branch, Mapping):
            yield from flattened(branch, f"{prefix}{name}.")
        elif isinstance(branch, str):
            yield f"{prefix}{name}", branch
        else:
            raise ValueError(f"{prefix}{name}")


def load_texts(language: str, folder: Path = FOLDER) -> Texts:
    """The walls' phrases (`zh.yaml`) and those of every other surface (`zh/desk.yaml` …), each key once.

    Raises ConfigError when a file is missing, is not YAML, holds anything but nested text, or repeats a key.
    """
    phrases: dict[str, str] = {}
    for path in (folder / f"{language}.yaml", *sorted((folder / language).glob("*.yaml"))):
        tree = read_yaml(path)
        if not isinstance(tree, Mapping):
            raise ConfigError([Problem(shown(path), "", "最外层应为“键: 值”的对照表")])
        try:
            found = dict(flattened(tree))
        except ValueError as error:
            raise ConfigError([Problem(shown(path), str(error), "应为文字，请加引号")]) from None
        if twice := found.keys() & phrases.keys():
            raise ConfigError([Problem(shown(path), sorted(twice)[0], "别的文件里已有这个键，请改名")])
        phrases |= found
    return Texts(language, phrases)
