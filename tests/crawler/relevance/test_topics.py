"""Topics of one's own: what a file may say, and what is said of a faulty one."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from crawler.errors import ConfigurationError
from crawler.relevance import Judge, judge, load_topic
from crawler.relevance.topic_file import packaged_topic, read_topic

CENTRAL_ASIA = resources.files("crawler.relevance").joinpath("topics", "china-central-asia.toml")
HEAD = 'name = "Ours"\nsides = ["china", "india"]\nnames = ["China", "India"]\n'


@pytest.fixture(scope="module")
def central_asia() -> Judge:
    return Judge(read_topic(CENTRAL_ASIA.read_text("utf-8"), "the example"))


@pytest.mark.parametrize(
    "headline",
    [
        "Tokayev and Xi open a rail line",
        "Kazakhstan, China to double cargo",
        "Токаев и Си Цзиньпин подписали договор",
        "习近平同托卡耶夫会谈",
        "China-Kyrgyzstan-Uzbekistan railway: work begins",
    ],
)
def test_the_example_topic_has_its_own_sides(central_asia: Judge, headline: str) -> None:
    assert central_asia(headline).relevant
    assert not judge(headline).relevant


@pytest.mark.parametrize(
    "headline", ["China and Russia sign gas deal", "中俄签署协议", "Путин приехал в Астану"]
)
def test_what_was_a_side_is_another_country_there(central_asia: Judge, headline: str) -> None:
    assert not central_asia(headline).relevant


def test_reasons_name_the_sides_of_the_topic(central_asia: Judge) -> None:
    assert central_asia("Rain").reasons == [
        "China and Central Asia are not named together in the topic, headline or text."
    ]


def test_a_file_without_languages_uses_the_packaged_countries() -> None:
    mine = Judge(read_topic(HEAD, "mine.toml"))
    assert mine("Modi and Xi meet in Kazan").relevant
    assert mine("印度与中国恢复直航").relevant
    assert not mine("Xi and Putin meet").relevant


def test_a_file_may_bring_a_party_of_its_own() -> None:
    text = (
        'name = "Arctic"\nsides = ["arctic", "china"]\nnames = ["the Arctic", "China"]\n'
        '[en]\nmask = ["Arctic Monkeys"]\n[en.arctic]\nplaces = ["Svalbard"]\n'
        'country = ["Arctic"]\n[zh.arctic]\ncountry = ["北极"]\n'
    )
    mine = Judge(read_topic(text, "mine.toml"))
    assert mine("China plans Arctic research base").relevant
    assert mine("中国发布北极政策").relevant
    assert not mine("Arctic Monkeys tour China").relevant


def test_the_packaged_topic_is_read_once_and_is_the_default() -> None:
    assert load_topic(None) is packaged_topic()
    assert packaged_topic().sides == ("china", "russia")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + "colour = 1\n", "mine.toml:4: colour: no such key; there are "),
        ('sides = ["a", "b"]\n', "mine.toml:1: name: must be a text"),
        (HEAD.replace('"china", "india"', '"china"'), "mine.toml:2: sides: must be a list of two"),
        (HEAD.replace("india", "china"), "mine.toml:2: sides: must be two different parties"),
        (HEAD.replace('"india"', '"In dia"'), "mine.toml:2: sides: 'In dia' is no id"),
        (HEAD.replace("names", "title"), "mine.toml:3: title: no such key"),
        (HEAD + 'home_language = "fr"\n', "mine.toml:4: home_language: must be one of en, ru, zh"),
        (HEAD + "second_home_language = 1\n", "mine.toml:4: second_home_language: must be one of"),
        (HEAD + "\n[en]\npair = [1]\n", "mine.toml:6: en.pair: must be a list of texts"),
        (HEAD + '\n[ru]\nmask = ["…"]\n', "mine.toml:6: ru.mask: the term '…' has no word in it"),
        (HEAD + '[en]\nindia = ["x"]\n', "mine.toml:5: en.india: must be a table [en.india]"),
        (
            HEAD + '[en.india]\npeople = ["A"]\nplace = ["B"]\n',
            "mine.toml:6: en.india.place: no such kind; there are adjective, country,",
        ),
        (HEAD + "[en\n", "mine.toml:4: "),
    ],
)
def test_a_fault_names_file_line_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_topic(text, "mine.toml")
    assert str(raised.value).startswith(sentence)


def test_a_side_without_terms_is_told() -> None:
    with pytest.raises(ConfigurationError, match="the side 'atlantis' has no terms"):
        Judge(read_topic(HEAD.replace("india", "atlantis"), "mine.toml"))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none.toml: cannot be read: No such file"):
        load_topic(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"bad.toml: not UTF-8 at byte 0"):
        load_topic(tmp_path / "bad.toml")
