"""Secrets by reference: a file names an environment variable, `${GRIDWALL_…}`, and never holds the secret itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import PlainValidator

from config.settings import Settings

ANY_REFERENCE = re.compile(r"\$\{([^}]*)\}")
VARIABLE = re.compile(r"GRIDWALL_[A-Z0-9_]{1,60}")
OUR_SETTINGS = frozenset(f"GRIDWALL_{name.upper()}" for name in Settings.model_fields)


@dataclass(frozen=True)
class Reference:
    """A text with references. No repr shows it, so that no log and no error can hold what it leads to."""

    written: str = field(repr=False)

    @property
    def scheme(self) -> str:
        """What stands before ://, in lower case; empty when that is not written here."""
        found = re.match(r"([A-Za-z][A-Za-z0-9+]{0,19})://", self.written)
        return found[1].lower() if found else ""

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(ANY_REFERENCE.findall(self.written))

    @property
    def is_one_variable(self) -> bool:
        """Whether it is nothing but one reference, whose value then stands for itself, unchanged."""
        return ANY_REFERENCE.fullmatch(self.written) is not None

    def resolve(self, environment: Mapping[str, str]) -> str:
        """The text with the values in place, percent-encoded where they stand inside an address.

        Raises KeyError for a variable that is not set.
        """
        if self.is_one_variable:
            return environment[self.variables[0]]
        return ANY_REFERENCE.sub(lambda found: quote(environment[found[1]], safe=""), self.written)


def _reference(value: Any) -> Reference:
    if not isinstance(value, str) or not value:
        raise ValueError("应为文字（必要时加引号）")
    for name in ANY_REFERENCE.findall(value):
        if not VARIABLE.fullmatch(name):
            raise ValueError(f"引用“{name}”应是以 GRIDWALL_ 开头的环境变量，只用大写字母、数字和下划线")
        if name in OUR_SETTINGS:
            raise ValueError(f"{name} 是本系统自己的设置，不能发往渠道；请另设一个环境变量")
    if "${" in ANY_REFERENCE.sub("", value):
        raise ValueError("环境变量引用没有写完，应为 ${GRIDWALL_…}")
    return Reference(value)


ReferenceWritten = Annotated[Reference, PlainValidator(_reference)]
