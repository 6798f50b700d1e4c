"""The alerts file: who is told of what. Faults name the file, the line and the entry."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from crawler.errors import ConfigurationError
from crawler.outlets.catalogue import fault_sentence, file_text, line_of, toml_fault
from jobs.files import signature_of
from storage.filters import Filters
from storage.outlet_states import State
from storage.search.query import parse

# The outbox remembers three times as long what it told: see `storage.outbox`.
MOST_AGE_DAYS = 30

# A name is a part of a message's key, whose parts stand between slashes.
Name = Annotated[str, Field(pattern=r"^\w[\w .-]{0,59}$")]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _finds_something(search: str | None) -> str | None:
    try:
        is_empty = search is not None and parse(search).is_empty()
    except ConfigurationError as error:
        raise ValueError(str(error)) from error
    if is_empty:
        raise ValueError("has no word in it")
    return search


def _clock_time(text: object) -> time:
    if not isinstance(text, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError('is no time such as "07:00"')
    return time.fromisoformat(text)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(_Entry):
    """Where messages go: an apprise address, here or in a variable of the environment."""

    name: Name
    url: SecretStr | None = None
    url_env: str | None = None

    @model_validator(mode="after")
    def _has_one_address(self) -> Self:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("needs either url or url_env")
        if self.url is not None and not _scheme(self.url.get_secret_value()):
            raise ValueError("url is no address such as json://host/path")
        return self

    def address(self, environment: Mapping[str, str] = os.environ) -> str:
        """With its secrets. Raises ConfigurationError where the environment has it not."""
        if self.url is not None:
            return self.url.get_secret_value()
        found = environment.get(self.url_env or "", "")
        if not _scheme(found):
            what = "is no address" if found else "is not set"
            raise ConfigurationError(f"the variable {self.url_env} {what}")
        return found

    def shown(self) -> str:
        """What may be seen of it: in some addresses the host, too, is a secret."""
        if self.url is None:
            return f"in {self.url_env}"
        return f"{_scheme(self.url.get_secret_value())}://…"


def _scheme(address: str) -> str | None:
    found = re.match(r"([a-z][a-z0-9+.-]*)://.", address, re.IGNORECASE)
    return found[1].lower() if found else None


class _Criteria(_Entry):
    """Which articles: as the options of `sinorus articles`."""

    targets: list[Name] = Field(min_length=1)
    search: Annotated[str | None, AfterValidator(_finds_something)] = None
    outlet: Annotated[list[str] | None, BeforeValidator(_as_list)] = None
    topic: str | None = None
    author: str | None = None
    language: str | None = None

    def filters(self) -> Filters:
        """Of articles on topic."""
        return Filters(
            search=self.search,
            outlet=self.outlet,
            topic=self.topic,
            author=self.author,
            language=self.language,
            relevant=True,
        )


class SavedSearch(_Criteria):
    """New articles to be told of, unless published longer ago than that."""

    name: Name
    max_age_days: int = Field(default=7, ge=1, le=MOST_AGE_DAYS)


class OutletAlerts(_Entry):
    """The states of outlets to be told of."""

    targets: list[Name] = Field(min_length=1)
    states: list[State] = ["failing", "blocked", "reader_broken", "healthy"]


class Digest(_Criteria):
    """The daily one; `at` is UTC."""

    at: Annotated[time, BeforeValidator(_clock_time)]


class AlertsConfig(_Entry):
    """All of the file."""

    target: list[Target] = []
    search: list[SavedSearch] = []
    outlets: OutletAlerts | None = None
    digest: Digest | None = None

    def require(self, name: str) -> Target:
        """The target of that name. Raises ConfigurationError that names those there are."""
        for target in self.target:
            if target.name == name:
                return target
        known = ", ".join(target.name for target in self.target) or "none"
        raise ConfigurationError(f"no alert target {name!r}; there are: {known}")


def load_alerts(path: Path) -> AlertsConfig:
    """What a file asks for. Raises ConfigurationError, with file and line, without a secret."""
    text = file_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(toml_fault(text, str(path), error)) from error
    try:
        config = AlertsConfig.model_validate(data)
    except ValidationError as error:
        raise _fault(text, path, error.errors(include_input=False)[0]) from None
    _check_names(text, path, config)
    return config


def _fault(text: str, path: Path, fault: Any) -> ConfigurationError:
    """`alerts.toml:7: search 2: targets: is missing`."""
    table, *rest = fault["loc"]
    index = rest.pop(0) if rest and isinstance(rest[0], int) else None
    key = str(rest[0]) if rest else str(table)
    line = line_of(text, key, table=index or 0, name=str(table))
    named = [str(table) if index is None else f"{table} {index + 1}", *map(str, rest[:1])]
    return ConfigurationError(f"{path}:{line}: {': '.join(named)}: {fault_sentence(fault)}")


def _check_names(text: str, path: Path, config: AlertsConfig) -> None:
    """A name is of one target or search, and a target that is named is there."""
    lists = {"target": [e.name for e in config.target], "search": [e.name for e in config.search]}
    for table, names in lists.items():
        for index, name in enumerate(names):
            if name in names[:index]:
                line = line_of(text, "name", table=index, name=table)
                raise ConfigurationError(f"{path}:{line}: a second {table} {name!r}")
    users = [("search", index, search.targets) for index, search in enumerate(config.search)]
    users += [("outlets", 0, config.outlets.targets)] if config.outlets else []
    users += [("digest", 0, config.digest.targets)] if config.digest else []
    for table, index, named in users:
        for name in named:
            try:
                config.require(name)
            except ConfigurationError as error:
                line = line_of(text, "targets", table=index, name=table)
                raise ConfigurationError(f"{path}:{line}: {table}: {error}") from error


class AlertsFile:
    """The file as it is in force; of no file, nothing is asked for."""

    def __init__(self, path: Path | None) -> None:
        """Raises ConfigurationError for a faulty file."""
        self.path = path
        self._seen = signature_of(path)
        self.current = load_alerts(path) if path else AlertsConfig()

    def refresh(self) -> str | None:
        """Reads the file again if it changed; what is wrong with it then, the old stays in force.

        Null where all is well or nothing changed: a fault is told once.
        """
        signature = signature_of(self.path)
        if self.path is None or signature == self._seen:
            return None
        self._seen = signature
        try:
            self.current = load_alerts(self.path)
        except ConfigurationError as error:
            return f"{error}; what was asked for before stays in force"
        return None
