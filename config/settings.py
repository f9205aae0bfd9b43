"""Settings of one process. Precedence: command line > environment (GRIDWALL_*) > config/settings.yaml > default."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, YamlConfigSettingsSource

from config.problems import ConfigError, Problem
from config.strict import problem_of

SETTINGS_FILE = Path(__file__).with_name("settings.yaml")


class Settings(BaseSettings):
    """Every setting, with its default. Each is documented in docs/settings.md (a house test checks)."""

    model_config = SettingsConfigDict(env_prefix="GRIDWALL_", extra="forbid", yaml_file=SETTINGS_FILE, frozen=True)

    database: str | None = Field(None, description="database URL; default: an SQLite file in the data folder")
    data: Path = Field(Path("var"), description="the data folder")
    city: str = Field("demo", description="the city this process serves")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8050, ge=0, le=65535, description="port to listen on")
    role: Literal["all", "web", "refresher"] = Field("all", description="what this process does")
    tick_s: float = Field(1.0, gt=0, le=60, description="seconds between two refreshes")
    threads: int = Field(160, ge=8, description="web threads of the process")
    live_screens: int = Field(120, ge=1, description="screens that may hold a live connection; the others poll")
    walls: Path | None = Field(None, description="folder of wall files in place of config/walls")
    channels: Path | None = Field(None, description="file of notice channels in place of config/channels.yaml")
    secret: str | None = Field(None, description="signs sessions; one for all web processes of a city")
    https: bool = Field(False, description="served by https: cookies travel by it only; people may come from afar")
    wall_token: str | None = Field(None, description="lets screens on other machines read the wall")
    demo_speed: float = Field(1.0, ge=0, le=1000, description="flow of new demo cases, 1 = the city's own pace")
    demo_seed: int = Field(20260519, description="the demo city's seed: same seed, same city")
    demo_cases_per_day: int = Field(360, ge=1, description="mean cases a day in the demo city")
    demo_history_days: int = Field(730, ge=0, description="days of demo history")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls)

    def database_of(self, city: str) -> str:
        """The configured database, or the SQLite file of this city: the demo has its own (DECISIONS 20)."""
        name = "demo.sqlite" if city == "demo" else "gridwall.sqlite"
        return self.database or f"sqlite:///{self.data / name}"


def load_settings(**given: Any) -> Settings:
    """The settings, with those `given` on the command line first. Raises ConfigError naming every bad value."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        where = "设置（选项、GRIDWALL_ 环境变量或 config/settings.yaml）"
        raise ConfigError([problem_of(where, Settings, one) for one in error.errors()]) from error
    except yaml.YAMLError as error:
        raise ConfigError([Problem("config/settings.yaml", "", f"不是 YAML：{error}")]) from error
