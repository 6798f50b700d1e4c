"""The language of a text, by the text."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crawler.languages import are_kin, detect, may_be, script_of

TEXTS = {
    "en": "The ministers met on the new bridge over the river and spoke for three hours about"
    " the trade that has grown between the two countries.",
    "ru": "Министры встретились на новом мосту через реку и три часа говорили о торговле, которая"
    " выросла между двумя странами.",
    "zh": "两国部长周五在新建的大桥上会面，就双方不断增长的贸易问题进行了三个小时的会谈，"
    "并同意在今年年底之前再开放四个口岸，以便货车通行。",
    "ja": "両国の大臣は金曜日に新しい橋の上で会い、増え続ける貿易について三時間にわたり話した。",
    "ko": "두 나라 장관은 금요일 새 다리 위에서 만나 늘어나는 무역에 관해 세 시간 동안 이야기했다.",
    "uk": "Міністри зустрілися на новому мості через річку й три години говорили про торгівлю, яка"
    " зросла між двома країнами.",
    "be": "Міністры сустрэліся на новым мосце праз раку і тры гадзіны гаварылі пра гандаль, які"
    " ўзрос паміж дзвюма краінамі.",
    "bg": "Министрите се срещнаха на новия мост над реката и три часа говориха за търговията, която"
    " се увеличи между двете държави през изминалата година, и се договориха да отворят още"
    " четири гранични пункта.",
    "sr": "Министри су се срели на новом мосту преко реке и три сата разговарали о трговини која"
    " је порасла између двеју земаља, рекао је ђак ћутљиво.",
    "mk": "Министрите се сретнаа на новиот мост над реката и три часа разговараа за трговијата"
    " која се зголеми меѓу двете земји, а ќе се отвори и уште еден премин.",
    "kk": "Министрлер өзен үстіндегі жаңа көпірде кездесіп, екі ел арасында өскен сауда туралы үш"
    " сағат бойы сөйлесті, қазір тағы бір өткел ашылады.",
    "mn": "Сайд нар шинэ гүүрэн дээр уулзаж, хоёр орны хооронд өссөн худалдааны тухай гурван цаг"
    " ярилцаж, энэ оны эцэс гэхэд дахин дөрвөн боомт нээхээр тохиролцсон гэж яамнаас өчигдөр"
    " мэдээлжээ. Ачааны машинууд хилээр хурдан нэвтрэх болно.",
    "de": "Die Minister trafen sich auf der neuen Brücke über den Fluss und sprachen drei Stunden"
    " lang über den Handel, der zwischen den beiden Ländern gewachsen ist. Bis zum Ende des"
    " Jahres sollen vier weitere Übergänge geöffnet werden.",
    "fr": "Les ministres se sont rencontrés sur le nouveau pont et ont parlé pendant trois heures"
    " du commerce, qui a augmenté entre les deux pays. Quatre autres passages doivent être"
    " ouverts avant la fin de l'année.",
    "es": "Los ministros se reunieron en el nuevo puente sobre el río y hablaron durante tres"
    " horas del comercio, que ha crecido entre los dos países. Otros cuatro pasos se abrirán"
    " antes de que termine el año.",
    "tr": "Bakanlar nehrin üzerindeki yeni köprüde buluştu ve iki ülke arasında artan ticaret"
    " hakkında üç saat konuştu. Yıl sonuna kadar dört geçiş kapısının daha açılması"
    " kararlaştırıldı, kamyonlar artık beklemeyecek.",
    "el": "Οι υπουργοί συναντήθηκαν στη νέα γέφυρα και μίλησαν τρεις ώρες για το εμπόριο.",
    "ar": "التقى الوزراء على الجسر الجديد فوق النهر وتحدثوا ثلاث ساعات عن التجارة التي نمت بين"
    " البلدين، واتفقوا على فتح أربعة معابر أخرى قبل نهاية العام حتى لا تنتظر الشاحنات طويلا"
    " على الحدود بين المدينتين.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_text(language: str) -> None:
    detected = detect(TEXTS[language])
    assert detected is not None
    assert (detected.tag, detected.is_sure) == (language, True)


@pytest.mark.parametrize(
    "quoted", ["«Кёльнер Штадт-анцайгер»", "Xi Jinping", "习近平", "ООО «Їжак»", "Ляшенко Ігор"]
)
def test_a_foreign_name_in_russian_changes_nothing(quoted: str) -> None:
    detected = detect(f"{TEXTS['ru'] * 6}\n{quoted}"[-800:])
    assert detected == ("ru", True)


def test_russian_without_the_letters_that_only_it_has() -> None:
    """Three sentences may have none of them and are not Bulgarian for that."""
    text = (
        "Пекин снял ограничения на ввоз российских товаров после переговоров. Китайская делегация "
        "обошла двор предприятия в городе Моростск, насчитала вагонов автобусов и попросила Москву "
        "еще о сорока. Аналитики сомневаются, что поставки газа заменят Китаю прежние, ведь там "
        "лишь сорок складов и судов."
    )
    assert not set(text) & set("ыэ")
    assert detect(text) == ("ru", True)


@pytest.mark.parametrize("quoted", ["プーチン", "Vladimir Putin", "Владимир Путин", "おはよう"])
def test_a_foreign_name_in_chinese_changes_nothing(quoted: str) -> None:
    assert detect(f"{TEXTS['zh'] * 3}{quoted}") == ("zh", True)


@pytest.mark.parametrize(
    ("line", "tag"),
    [
        ("中俄签署天然气协议", "zh"),
        ("日中首脳会談、北京で開催へ", "ja"),
        ("Путин и Си договорились о новых поставках газа", "ru"),
        ("Зеленський їде до Києва", "uk"),
        ("The gas accord that was signed with Russia and the bridge", "en"),
    ],
)
def test_a_headline(line: str, tag: str) -> None:
    detected = detect(line)
    assert detected is not None
    assert detected.tag == tag


def test_a_line_of_characters_may_be_japanese() -> None:
    assert detect("中俄签署天然气协议") == ("zh", False)


@pytest.mark.parametrize("text", ["", " ", "123 456", "Si", "🚂🚃", "中俄", "Beijing 2022, Moskva"])
def test_too_little_tells_nothing(text: str) -> None:
    assert detect(text) is None


def test_a_model_is_loaded_only_when_it_is_asked() -> None:
    """For texts in our three languages it costs nothing."""
    program = (
        "import sys\nimport crawler.parsers.generic\nfrom crawler.languages import detect\n"
        f"for text in {[TEXTS[tag] for tag in ('en', 'ru', 'zh', 'uk', 'ja')]!r}: detect(text)\n"
        "assert not {'py3langid', 'numpy'} & {*sys.modules}\n"
        f"detect({TEXTS['de']!r})\n"
        "assert 'py3langid' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("tag", "text", "is_possible"),
    [
        ("ru", TEXTS["ru"], True),
        ("uk", TEXTS["ru"], True),
        ("en", TEXTS["ru"], False),
        ("zh", TEXTS["zh"], True),
        ("ru", TEXTS["zh"], False),
        ("zh", TEXTS["ja"], False),
        ("en", TEXTS["en"], True),
        ("sr", TEXTS["en"], True),
        ("zh", TEXTS["en"], False),
        ("zh", "short", True),
    ],
)
def test_a_language_and_a_script(tag: str, text: str, is_possible: bool) -> None:
    assert may_be(tag, script_of(text)) == is_possible


def test_near_languages() -> None:
    assert are_kin("nb", "no")
    assert are_kin("en", "en")
    assert not are_kin("ru", "uk")
