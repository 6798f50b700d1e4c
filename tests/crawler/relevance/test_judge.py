"""What is about relations between China and Russia, and what only looks like it.

The headlines are made up for these tests.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.relevance import judge

RELEVANT = [
    # contacts and statements
    ("Chinese premier flies to Moscow for yearly talks", ""),
    ("Xi and Putin speak by phone for an hour", ""),
    ("Beijing and Moscow agree to widen ties", ""),
    ("Lavrov thanks Wang Yi for a warm welcome", ""),
    ("Мишустин провел встречу с Ли Цяном", ""),
    ("Песков: Си приедет в Москву весной", ""),
    ("Ван И обсудил с Лавровым график контактов", ""),
    ("Поднебесная поддержала северного соседа", ""),
    ("习近平与普京互致新年贺电", ""),
    ("普亭啟程訪中 將與習近平會談", ""),
    ("普丁、蒲亭、普廷都訪華", ""),
    ("王毅将访俄", ""),
    # trade, energy, finance
    ("Second Power of Siberia line still lacks a price", ""),
    ("China's purchases of Russian coal fall by a fifth", ""),
    ("Экспорт российской рыбы в Китай удвоился", ""),
    ("Товарооборот КНР и РФ снизился за полгода", ""),
    ("俄罗斯对华出口大豆增长", ""),
    ("俄氣加大對華供氣", ""),
    # defence
    ("Sino-Russian warships sail past Hokkaido", ""),
    ("Корабли России и Китая вышли на совместное патрулирование", ""),
    ("中俄舰艇编队穿越海峡", ""),
    # sanctions on one because of the other
    ("EU blacklists Chinese refinery for buying Russian crude", ""),
    ("Киев ввел санкции против китайских заводов за помощь РФ", ""),
    ("歐盟因援俄制裁中企 北京抗議", ""),
    # border, travel, exchange, opinion
    ("New ferry joins Heihe and Blagoveshchensk", ""),
    ("Очереди из Благовещенска в Хэйхэ выросли", ""),
    ("黑瞎子岛中俄通道动工", ""),
    ("俄方對中國公民免簽首月 海參崴遊客激增", ""),
    ("Российско-китайские детские игры по хоккею прошли в Чите", ""),
    ("Opinion | The limits of the China-Russia friendship", ""),
    ("Россияне назвали Китай самой дружественной страной", ""),
    # the lead tells what the headline does not
    ("A bridge too late", "Russia and China opened a rail bridge over the Amur on Monday."),
    ("Газовый расчет", "Газпром договорился с CNPC о цене для нового газопровода в Китай."),
    ("等待十年", "中俄两国元首今天签署天然气协议。"),
]

NOT_RELEVANT = [
    # one country only
    ("China's factories slow for a third month", "Economists blamed weak demand at home."),
    ("Drones reach the Moscow region", "Russia's air defences shot down twelve."),
    ("Пожар на складе в Подмосковье", "По данным ТАСС, никто не пострадал."),
    ("中国发射新卫星", "新华社报道，发射取得成功。"),
    # one of them with a third party
    ("US and China extend tariff truce", "Washington will cut duties on Chinese toys."),
    ("Putin and Trump meet in Alaska", "The two talked about Ukraine for three hours."),
    ("Modi and Putin meet in Beijing", "The Indian and Russian leaders spoke of oil."),
    ("Xi greets Macron at the Great Hall", "The war in Ukraine was on the agenda."),
    ("Путин и Ким Чен Ын подписали договор", ""),
    ("Ван И и Джайшанкар обсудили границу", ""),
    ("中法领导人会谈 谈及俄乌", ""),
    ("川習會登場", "美國總統川普與習近平在釜山會面。"),
    ("美俄在利雅得会谈", ""),
    # side by side without a relation
    ("Spy agency warns of threats from Russia, China and Iran", ""),
    ("Ministry lists China and Russia as top cyber threats", ""),
    ("Рейтинг армий: США, Россия, Китай", ""),
    ("金砖国家包括巴西、俄罗斯、印度、中国和南非", ""),
    # sport
    ("China beat Russia 3-0 in volleyball final", ""),
    ("Сборная России обыграла команду Китая на чемпионате мира", ""),
    ("籃球邀請賽 中國隊擊敗俄羅斯隊", ""),
    ("Russian skater fails doping test at the Beijing Olympics", ""),
    ("China-Russia volleyball final draws a full house", ""),
    # words and places, not countries
    ("Russian Doll returns for a last season", "The series is set in New York."),
    ("Auction of fine china from Saint Petersburg", "The plates were made for the tsar."),
    ("Станцию «Китай-город» закроют на выходные", "Московское метро сообщило о ремонте."),
    ("В Москве сгорел китайский ресторан", ""),
    ("哈尔滨俄罗斯风情街迎客", ""),
    ("俄亥俄州选民前往投票", ""),
    ("其中俄罗斯选手获得金牌", ""),
    # names of outlets
    ("South China Morning Post wins award", "A jury in Moscow chose the entry."),
    ("Typhoon nears coast", "Xinhua and TASS reported heavy rain in the South China Sea."),
    ("莫斯科气温骤降", "据中国新闻网报道，莫斯科迎来大雪。"),
]

FAR_DOWN = " ".join(
    ["The council met on Tuesday and spoke of schools and roads."] * 40
    + ["China and Russia signed a pact."]
)


@pytest.mark.parametrize(("headline", "text"), RELEVANT)
def test_relations_between_the_two_are_relevant(headline: str, text: str) -> None:
    found = judge(headline, text)
    assert found.relevant, found


@pytest.mark.parametrize(("headline", "text"), NOT_RELEVANT)
def test_what_only_looks_like_it_is_not(headline: str, text: str) -> None:
    found = judge(headline, text)
    assert not found.relevant, found


def test_a_topic_label_is_strong_evidence() -> None:
    headline = "Senior diplomats meet in third capital"
    assert not judge(headline).relevant
    assert judge(headline, topic="China-Russia relations").relevant
    assert not judge(headline, topic="US-China relations").relevant


def test_a_passing_mention_far_down_does_not_count() -> None:
    assert not judge("City council opens its term", FAR_DOWN).relevant
    assert judge("City council opens its term", FAR_DOWN).score < 0.2


def test_a_body_about_both_adds_to_weak_signs() -> None:
    headline, lead = "Siberian farmers look south", "They hope to sell more to China."
    body = " ".join([f"Russia sold China {tons} tons of grain." for tons in range(20, 60)])
    padding = "The harvest was good. " * 30
    assert judge(headline, lead + " " + padding + body).score > judge(headline, lead).score


@pytest.mark.parametrize("language", [None, "en", "ru", "zh", "zh-Hant", "xx", ""])
def test_the_language_is_only_a_hint(language: str | None) -> None:
    assert judge("中俄签署协议", language=language).relevant
    assert judge("Россия и Китай подписали договор", language=language).relevant
    assert not judge("Weather: rain", language=language).relevant


def test_said_from_china_counts_in_chinese_texts_only() -> None:
    assert judge("对俄出口连续增长", language="zh").relevant
    assert not judge("对俄出口连续增长", language="ja").relevant


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("中俄兩國簽署協議 俄羅斯總統訪問中國", "中俄两国签署协议 俄罗斯总统访问中国"),
        ("Россия и Китай открыли счёт", "Россия и Китай открыли счет"),
        ("China’s Xi meets Russia’s Putin", "China's Xi meets Russia's Putin"),
        ("Китай и Россия", "Кита\u0438\u0306 и Россия"),
        ("China and Russia sign pact", "Chi\u00adna and Rus\u200bsia sign pact"),
    ],
)
def test_spellings_of_the_same_text_score_the_same(one: str, same: str) -> None:
    assert judge(one).score == judge(same).score > 0


def test_capitals_do_not_hide_names() -> None:
    assert judge("XI AND PUTIN HOLD TALKS").relevant


def test_reasons_name_the_terms_and_where_they_stood() -> None:
    reasons = judge(
        "Lavrov meets Wang Yi", "Russia and China spoke of trade.", topic="Diplomacy"
    ).reasons
    assert any("headline" in one and "“Lavrov”" in one and "“Wang Yi”" in one for one in reasons)
    assert any("lead" in one and "“Russia”" in one and "trade" in one for one in reasons)


@pytest.mark.parametrize(("headline", "text"), RELEVANT + NOT_RELEVANT)
def test_reasons_are_sentences(headline: str, text: str) -> None:
    reasons = judge(headline, text).reasons
    assert reasons
    assert all(one[0].isupper() and one.endswith(".") and "  " not in one for one in reasons)


ALPHABET = st.sampled_from(
    [
        *"China Russia, Китай и Россия 中俄国美对習普京",
        " ",
        "-",
        ".",
        "\n",
        "'s",
        "\x00",
        "\ud800",
        "👍",
    ]
)


@given(st.lists(ALPHABET).map("".join), st.text(), st.none() | st.text(), st.none() | st.text())
def test_no_string_makes_it_raise(
    headline: str, text: str, topic: str | None, language: str | None
) -> None:
    found = judge(headline, text, topic=topic, language=language)
    assert 0.0 <= found.score <= 1.0
    assert found.relevant == (found.score >= 0.5)
    assert found == judge(headline, text, topic=topic, language=language)


@pytest.mark.parametrize(
    "unit", ["China, ", "中", "中俄", ". ", " ", "'s", "A.", "U.S. ", "«", "\n", "a", "Китай и "]
)
def test_time_is_bounded_whatever_the_length(unit: str) -> None:
    text = unit * (2_000_000 // len(unit))
    judge("warm")
    begin = time.perf_counter()
    judge(text, text, topic=text)
    assert time.perf_counter() - begin < 0.5, "seconds; it takes some 0.03"


def test_the_caller_may_change_the_reasons() -> None:
    judge("China and Russia sign pact").reasons.clear()
    assert judge("China and Russia sign pact").reasons


@pytest.mark.parametrize(
    ("headline", "is_relevant"),
    [
        ("Two captured Chinese citizens shown in Kyiv", True),
        ("Kyiv shows two Chinese teapots", False),
        ("Russia tops list of the loudest harbours, China comes second", False),
        ("Stocks slip as China orders shrink and Russia halts a pipeline", False),
        ("俄羅斯自華購入起重機增加三成", True),
        ("俄驻华大使：友谊图书角下月揭牌", True),
        ("五眼联盟：中俄网军活动渐多", False),
        ("五眼联盟：中俄网军合作渐多", True),
        ("Казахстан продаст соль и России, и Китаю", False),
        ("Минск: Россия и Китай торгуют солью", True),
        ("Trump says Beijing and Moscow eye a Danish rock", False),
        ("Beijing and Moscow eye a rock", True),
    ],
)
def test_what_a_word_beside_the_two_makes_of_it(headline: str, is_relevant: bool) -> None:
    assert judge(headline).relevant is is_relevant


def test_what_the_press_at_home_need_not_say() -> None:
    headline = "Платежи в Китай снова идут по неделе"
    assert judge(headline, language="ru").relevant
    assert judge(headline).relevant
    assert not judge(headline, language="en").relevant
    assert not judge("Япония ускорит платежи в Китай", language="ru").relevant
