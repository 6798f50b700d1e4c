"""The program's settings: options, then environment, then `sinorus.toml`, then defaults."""

from __future__ import annotations

import getpass
import os
import socket
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crawler.errors import ConfigurationError
from crawler.outlets import Catalogue, load_catalogue
from crawler.outlets.catalogue import fault_sentence, line_of, toml_fault
from crawler.relevance import Judge, load_topic, packaged_judge

CONFIG_FILE = "sinorus.toml"
ENVIRONMENT_PREFIX = "SINORUS_"
VERSION = version("sinorus")


class Settings(BaseModel):
    """Every setting, with its default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database_url: str = "sqlite:///sinorus.db"
    data_dir: Path = Path("sinorus-data")
    outlets_file: Path | None = None
    topic_file: Path | None = None
    alerts_file: Path | None = None
    keep_pages_days: int | None = Field(default=None, ge=1)
    reading_processes: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=0, le=64)
    health_host: str = "127.0.0.1"
    health_port: int = Field(default=9464, ge=0, le=65535)
    user_agent: str = Field(default="", pattern=r"^[\x20-\x7e]*$", max_length=500)
    contact: str = Field(default="", pattern=r"^[\x20-\x7e]*$", max_length=300)

    @property
    def agent(self) -> str:
        """The User-Agent: `user_agent` if set, else our name, version and who to write to."""
        return self.user_agent or f"sinorus/{VERSION} (news monitor; +{self.contact_address})"

    @property
    def contact_address(self) -> str:
        """`contact` if set, else the account that runs this: it is who asks."""
        return self.contact or f"mailto:{_account()}@{socket.getfqdn()}"

    @property
    def names_contact(self) -> bool:
        """Whether the operator said whom publishers can write to."""
        return bool(self.contact or self.user_agent)

    def catalogue(self) -> Catalogue:
        """Raises ConfigurationError, with file and line, for a faulty outlets file."""
        return load_catalogue(self.outlets_file)

    def judge(self) -> Judge:
        """The judge of the topic. Raises ConfigurationError, with file and line."""
        return Judge(load_topic(self.topic_file)) if self.topic_file else packaged_judge()


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "sinorus"


def load_settings(config: Path | None = None, **options: Any) -> Settings:
    """The settings in force. An option that is null was not given.

    `config` must exist if named; `sinorus.toml` need not. Raises ConfigurationError that
    names the file and line, the environment variable or the option at fault.
    """
    path = config or Path(CONFIG_FILE)
    text, values = _from_file(path, must_exist=config is not None)
    origin = {key: f"{path}:{line_of(text, key)}" for key in values}
    for key in Settings.model_fields:
        variable = ENVIRONMENT_PREFIX + key.upper()
        if os.environ.get(variable):
            values[key], origin[key] = os.environ[variable], variable
        if options.get(key) is not None:
            values[key], origin[key] = options[key], f"--{key.replace('_', '-')}"
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        fault = error.errors()[0]
        key = str(fault["loc"][0])
        sentence = f"{key}: {fault_sentence(fault)}"
        raise ConfigurationError(f"{origin.get(key, path)}: {sentence}") from error


def _from_file(path: Path, *, must_exist: bool) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        if must_exist:
            raise ConfigurationError(f"{path}: no such file") from error
        return "", {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({type(error).__name__})") from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(toml_fault(text, str(path), error)) from error
