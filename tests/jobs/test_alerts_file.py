"""The alerts file: what it may say, where its faults are, and when it is read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import ConfigurationError
from jobs.alerts.file import AlertsFile, load_alerts

SECRET = "s3cr3t-t0ken"
TARGET = f'[[target]]\nname = "desk"\nurl = "json://desk.example/{SECRET}"\n'
SEARCH = '[[search]]\nname = "gas"\nsearch = "gas"\ntargets = ["desk"]\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.toml"


def test_what_a_file_asks_for(path: Path) -> None:
    path.write_text(
        f"{TARGET}{SEARCH}outlet = 'scmp'\n"
        '[outlets]\ntargets = ["desk"]\n[digest]\nat = "23:59"\nlanguage = "ru"\n'
        'targets = ["desk"]\n'
    )
    config = load_alerts(path)
    (search,) = config.search
    assert (search.name, search.max_age_days, search.targets) == ("gas", 7, ["desk"])
    filters = search.filters()
    assert (filters.search, filters.outlet, filters.relevant) == ("gas", ["scmp"], True)
    assert config.outlets
    assert config.outlets.states == ["failing", "blocked", "reader_broken", "healthy"]
    assert config.digest
    assert config.digest.at.isoformat() == "23:59:00"
    assert config.digest.filters().language == "ru"
    assert config.require("desk").address() == f"json://desk.example/{SECRET}"


def test_a_secret_may_stay_in_the_environment(path: Path) -> None:
    path.write_text('[[target]]\nname = "desk"\nurl_env = "DESK"\n')
    target = load_alerts(path).require("desk")
    assert target.address({"DESK": "json://desk.example/"}) == "json://desk.example/"
    assert target.shown() == "in DESK"
    for wrong, sentence in ((None, "is not set"), (SECRET, "is no address")):
        with pytest.raises(ConfigurationError, match=f"^the variable DESK {sentence}$"):
            target.address({"DESK": wrong} if wrong else {})


def test_no_secret_is_shown(path: Path) -> None:
    path.write_text(TARGET)
    config = load_alerts(path)
    assert SECRET not in repr(config) + str(config.model_dump()) + config.model_dump_json()
    assert config.require("desk").shown() == "json://…"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (TARGET + "[[search]\n", "4: Expected ']]' at the end of an array declaration"),
        (TARGET + TARGET, "5: a second target 'desk'"),
        (TARGET + SEARCH + SEARCH, "9: a second search 'gas'"),
        (TARGET + SEARCH.replace("desk", "dusk"), "7: search: no alert target 'dusk'; there"),
        (TARGET + SEARCH + "color = 1\n", "8: search 1: color: no such setting"),
        (TARGET + SEARCH.replace("[[search]]", "[[serch]]"), "4: serch: no such setting"),
        (TARGET + SEARCH.replace('"gas"\nt', '"-"\nt'), "6: search 1: search: has no word in it"),
        (TARGET + SEARCH.replace('"gas"\ns', '"a/b"\ns'), "5: search 1: name: String should match"),
        (TARGET + SEARCH + "max_age_days = 31\n", "8: search 1: max_age_days: Input should be"),
        (TARGET + '[[search]]\nname = "gas"\n', "4: search 1: targets: is missing"),
        (TARGET + '[outlets]\ntargets = ["x"]\n', "5: outlets: no alert target 'x'"),
        (TARGET + '[outlets]\nstates = ["ill"]\ntargets = ["desk"]\n', "5: outlets: states: Input"),
        (TARGET + '[digest]\nat = "24:00"\ntargets = ["desk"]\n', "5: digest: at: is no time"),
        (TARGET + '[digest]\nat = "7"\ntargets = ["desk"]\n', "5: digest: at: is no time"),
        (TARGET + f'url_env = "{SECRET}"\n', "1: target 1: needs either url or url_env"),
        (f'[[target]]\nname = "d"\nurl = "{SECRET}"\n', "1: target 1: url is no address"),
        (f'[[target]]\nname = "d"\nurl = ["{SECRET}"]\n', "3: target 1: url: Input should be"),
        (f'[[target]]\nname = "d"\nurl = "x://{SECRET}\n', "3: Illegal character"),
    ],
)
def test_a_fault_names_file_and_line_and_no_secret(path: Path, text: str, fault: str) -> None:
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_alerts(path)
    assert str(caught.value).startswith(f"{path}:{fault}")
    assert SECRET not in str(caught.value)


def test_a_file_that_is_not_there(path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"alerts\.toml: cannot be read: No such file"):
        AlertsFile(path)
    assert AlertsFile(None).current.target == []
    assert AlertsFile(None).refresh() is None


def test_it_is_read_again_when_it_changes_and_a_broken_one_leaves_the_old(path: Path) -> None:
    path.write_text(TARGET)
    file = AlertsFile(path)
    before = file.current
    assert file.refresh() is None
    assert file.current is before

    path.write_text(TARGET + "[digest]\n")
    fault = file.refresh()
    assert fault
    assert fault.startswith(f"{path}:4: digest: targets: is missing; ")
    assert file.current is before
    assert file.refresh() is None  # told once

    path.write_text(TARGET + SEARCH)
    assert file.refresh() is None
    assert [search.name for search in file.current.search] == ["gas"]

    path.unlink()
    assert "cannot be read" in (file.refresh() or "")
    assert file.refresh() is None
    assert [search.name for search in file.current.search] == ["gas"]
