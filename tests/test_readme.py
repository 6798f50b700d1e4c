"""The README's tables and lines are true."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from crawler.items import RECORD_FIELDS
from jobs.cli import alerts_app, app, db, outlets_app
from jobs.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_every_field_of_the_record_is_in_the_table() -> None:
    table = README[README.index("| field |") : README.index("Unknown is `null`")]
    named = set(
        re.findall(
            r"`(\w+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if "|" in line)
        )
    )
    assert named == set(RECORD_FIELDS)


def test_every_command_is_in_the_table_and_no_other() -> None:
    commands = {command.callback.__name__ for command in app.registered_commands}
    commands |= {f"db {command.callback.__name__}" for command in db.registered_commands}
    for name, group in (("outlets", outlets_app), ("alerts", alerts_app)):
        commands |= {name, *(f"{name} {c.callback.__name__}" for c in group.registered_commands)}
    named = set(re.findall(r"^\| `sinorus ([a-z ]+)` \|", README, re.MULTILINE))
    assert named == commands


def test_every_setting_is_in_the_table() -> None:
    table = README[README.index("| setting |") : README.index("## Layout")]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(Settings.model_fields)


def test_ci_finds_the_test_line() -> None:
    lines = [line for line in README.splitlines() if re.match(r"python3 -m venv .*/pytest$", line)]
    assert len(lines) == 1


def test_the_outlet_entry_is_valid(tmp_path: Path) -> None:
    from crawler.outlets import load_catalogue

    entry = next(block for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL))
    assert tomllib.loads(entry)["outlet"]
    path = tmp_path / "outlets.toml"
    path.write_text(entry, "utf-8")
    assert [outlet.id for outlet in load_catalogue(path)] == ["example"]


def test_the_topic_is_valid(tmp_path: Path) -> None:
    from crawler.relevance import Judge, load_topic

    blocks = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "topic.toml"
    path.write_text(next(block for block in blocks if "sides" in block), "utf-8")
    judge = Judge(load_topic(path))
    assert judge("Talks on the Line of Actual Control").relevant
    assert not judge("West Indian team tours China").relevant


def test_the_alerts_file_is_valid(tmp_path: Path) -> None:
    from jobs.alerts.file import load_alerts

    blocks = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "alerts.toml"
    path.write_text(next(block for block in blocks if "[[target]]" in block), "utf-8")
    config = load_alerts(path)
    assert config.target
    assert config.search
    assert config.outlets
    assert config.digest
