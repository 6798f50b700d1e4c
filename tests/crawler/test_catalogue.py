"""The packaged catalogue: each entry's patterns know its articles and nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from crawler.outlets import Outlet, packaged_catalogue
from crawler.parsers import identity_of

HEX = "0123456789abcdef0123456789abcdef"

# Addresses of articles in the forms that each site has, and what makes all of a line the same.
ARTICLES: list[tuple[str, str | None, list[str]]] = [
    ("scmp", "3253001", ["https://www.scmp.com/news/china/diplomacy/article/3253001/two-towns"]),
    ("xinhua-en", HEX, [f"https://english.news.cn/europe/20240301/{HEX}/c.html",
                        f"https://english.news.cn/20240301/{HEX}/c.html"]),
    ("xinhua-en", "139800001", ["http://www.xinhuanet.com/english/2021-03/01/c_139800001.htm"]),
    ("xinhua-ru", HEX, [f"https://russian.news.cn/20240301/{HEX}/c.html"]),
    ("xinhua-zh", HEX, [f"http://www.news.cn/20240424/{HEX}/c.html",
                        f"https://www.news.cn/world/20240424/{HEX}/c.html"]),
    ("xinhua-zh", "1125590001", ["http://www.xinhuanet.com/world/2020-02/18/c_1125590001.htm"]),
    ("globaltimes", "1307001", ["https://www.globaltimes.cn/page/202403/1307001.shtml"]),
    ("globaltimes", "1180001", ["https://www.globaltimes.cn/content/1180001.shtml"]),
    ("chinadaily", "WS65571297a310d5acd876f001", [
        "https://www.chinadaily.com.cn/a/202311/17/WS65571297a310d5acd876f001.html",
        "https://global.chinadaily.com.cn/a/202311/17/WS65571297a310d5acd876f001_2.html"]),
    ("cgtn", "1rCGxxxxx01", [
        "https://news.cgtn.com/news/2024-03-01/Two-towns-1rCGxxxxx01/index.html",
        "https://news.cgtn.com/news/2024-03-01/Two-towns-1rCGxxxxx01/p.html"]),
    ("people-en", "20385001", ["http://en.people.cn/n3/2025/1102/c90000-20385001.html"]),
    ("people-ru", "20385002", ["http://russian.people.com.cn/n3/2025/1102/c31521-20385002.html"]),
    ("people-zh", "40186001", ["http://world.people.com.cn/n1/2024/0301/c1002-40186001.html"]),
    ("mfa-cn", "11252001", [
        "https://www.mfa.gov.cn/web/wjdt_674879/wjbxw_674885/202403/t20240301_11252001.shtml"]),
    ("mfa-cn-en", "11252002", [
        "https://www.fmprc.gov.cn/eng/xw/zyxw/202403/t20240301_11252002.html",
        "https://www.mfa.gov.cn/eng/xw/zyxw/202403/t20240301_11252002.html"]),
    ("chinanews", "10172001", ["https://www.chinanews.com.cn/gj/2024/03-01/10172001.shtml",
                               "https://www.chinanews.com/gj/2024/03-01/10172001.shtml"]),
    ("guancha", "internation/2024_03_01_727001", [
        "https://www.guancha.cn/internation/2024_03_01_727001.shtml",
        "https://www.guancha.cn/internation/2024_03_01_727001_s.shtml"]),
    ("huanqiu", "4GpKzVQ0001", ["https://world.huanqiu.com/article/4GpKzVQ0001",
                                "https://mil.huanqiu.com/article/4GpKzVQ0001"]),
    ("cankaoxiaoxi", "20240301/x1", [
        "https://china.cankaoxiaoxi.com/json/content/20240301/x1.detailjson",
        "https://china.cankaoxiaoxi.com/content/pages/20240301/x1.html"]),
    ("tass-en", "1789001", ["https://tass.com/politics/1789001",
                            "https://tass.com/politics/1789001/amp"]),
    ("tass-ru", "20123001", ["https://tass.ru/politika/20123001",
                             "https://tass.ru/mezhdunarodnaya-panorama/20123001"]),
    ("rt-en", "640001", ["https://www.rt.com/news/640001-two-towns/?utm_source=rss",
                         "https://www.rt.com/news/640001-two-towns/"]),
    ("rt-ru", "1280001", ["https://russian.rt.com/world/news/1280001-dva-goroda"]),
    ("sputnikglobe", "1122695001", [
        "https://sputnikglobe.com/20250831/two-towns-1122695001.html",
        "https://sputnikglobe.com/20250831/another-slug-1122695001.html"]),
    ("sputnikglobe", "201911201077300000", [
        "https://sputniknews.com/asia/201911201077300000-two-ports/"]),
    ("sputnik-cn", "1038694001", ["https://sputniknews.cn/20220204/1038694001.html",
                                  "https://sputniknews.cn/amp/20220204/1038694001.html",
                                  "https://big5.sputniknews.cn/20220204/1038694001.html"]),
    ("ria", "1930412001", ["https://ria.ru/20240301/kitay-1930412001.html",
                           "https://ria.ru/20240301/1930412001.html"]),
    ("interfax", "948001", ["https://www.interfax.ru/world/948001",
                            "https://www.interfax.ru/amp/948001"]),
    ("interfax-en", "99001", ["https://interfax.com/newsroom/top-stories/99001/"]),
    ("kommersant", "7715001", ["https://www.kommersant.ru/doc/7715001",
                               "https://www.kommersant.ru/amp/doc/7715001"]),
    ("vedomosti", "1149001", [
        "https://www.vedomosti.ru/politics/news/2025/10/23/1149001-dva-goroda",
        "https://www.vedomosti.ru/business/articles/2025/10/23/1149001-dva"]),
    ("rbc", "65df02859a794708304c0001", [
        "https://www.rbc.ru/finances/28/02/2024/65df02859a794708304c0001"]),
    ("lenta", "news/2026/03/11/dva-goroda", ["https://lenta.ru/news/2026/03/11/dva-goroda/",
                                        "https://m.lenta.ru/news/2026/03/11/dva-goroda"]),
    ("izvestia", "1658001", ["https://iz.ru/1658001/2024-03-01/dva-goroda",
                             "https://iz.ru/1658001"]),
    ("kremlin", "events/president/news/73001", [
        "http://kremlin.ru/events/president/news/73001",
        "http://www.kremlin.ru/events/president/news/73001"]),
    ("kremlin-en", "events/president/transcripts/73001", [
        "http://en.kremlin.ru/events/president/transcripts/73001"]),
    ("mid-ru", "1938001", ["https://mid.ru/ru/foreign_policy/news/1938001/"]),
    ("mid-en", "1938001", ["https://mid.ru/en/foreign_policy/news/1938001/"]),
    ("moscowtimes", "93001", ["https://www.themoscowtimes.com/2026/06/22/two-towns-a93001"]),
    ("meduza", None, ["https://meduza.io/feature/2023/03/21/dva-goroda"]),
    ("meduza-en", None, ["https://meduza.io/en/feature/2023/03/21/two-towns"]),
    ("rferl", "32327001", ["https://www.rferl.org/a/two-towns/32327001.html",
                           "https://www.rferl.org/a/32327001.html"]),
    ("reuters", None, ["https://www.reuters.com/world/asia-pacific/two-towns-2023-04-25/"]),
    ("ap", HEX, [f"https://apnews.com/article/two-towns-{HEX}", f"https://apnews.com/article/{HEX}"]),
    ("bbc", "c0000ferry01o", ["https://www.bbc.com/news/articles/c0000ferry01o",
                              "https://www.bbc.co.uk/news/articles/c0000ferry01o?at_medium=RSS"]),
    ("bbc", "52241001", ["https://www.bbc.com/news/world-us-canada-52241001",
                         "https://www.bbc.co.uk/news/world-52241001"]),
    ("bbc-zh", "69021001", ["https://www.bbc.com/zhongwen/simp/chinese-news-69021001",
                            "https://www.bbc.com/zhongwen/trad/chinese-news-69021001"]),
    ("bbc-zh", "c0000ferry02o", ["https://www.bbc.com/zhongwen/articles/c0000ferry02o/simp",
                                 "https://www.bbc.com/zhongwen/articles/c0000ferry02o/trad"]),
    ("guardian", "world/2024/feb/24/two-towns", [
        "https://www.theguardian.com/world/2024/feb/24/two-towns",
        "https://amp.theguardian.com/world/2024/feb/24/two-towns"]),
    ("france24", None, ["https://www.france24.com/en/live-news/20230523-two-towns"]),
    ("rfi-zh", None, ["https://www.rfi.fr/cn/%E4%B8%AD%E5%9B%BD/20240301-slug"]),
    ("dw", "52060001", ["https://www.dw.com/en/two-towns/a-52060001",
                        "https://www.dw.com/en/another-slug/a-52060001"]),
    ("dw-zh", "69000001", ["https://www.dw.com/zh/%E7%95%8C%E6%B2%B3/a-69000001"]),
    ("euronews", None, ["https://www.euronews.com/2026/01/06/two-towns"]),
    ("euronews", None, ["https://www.euronews.com/my-europe/2026/01/06/two-towns"]),
    ("euronews-ru", None, ["https://ru.euronews.com/2026/01/06/dva-goroda"]),
    ("aljazeera", None, ["https://www.aljazeera.com/news/2023/4/16/two-towns"]),
    ("aljazeera", None, ["https://www.aljazeera.com/economy/2023/11/6/two-ports"]),
    ("aljazeera", "191119070000001", ["https://www.aljazeera.com/news/2019/11/ports-191119070000001.html"]),
    ("aljazeera", "191118170000001", [
        "https://www.aljazeera.com/ajimpact/ports-191118170000001.html"]),
    ("zaobao", "20240301-3024001", [
        "https://www.zaobao.com.sg/realtime/china/story20240301-3024001",
        "https://www.zaobao.com/realtime/china/story20240301-3024001"]),
    ("taipeitimes", "2003825001", [
        "https://www.taipeitimes.com/News/front/archives/2024/10/16/2003825001"]),
    ("japannews", "20230721-124001", [
        "https://japannews.yomiuri.co.jp/politics/defense-security/20230721-124001/"]),
    ("nikkei-asia", "Politics/International-relations/Two-towns-share-a-ferry", [
        "https://asia.nikkei.com/Politics/International-relations/Two-towns-share-a-ferry"]),
    ("diplomat", "2023/03/two-towns", ["https://thediplomat.com/2023/03/two-towns/"]),
    ("bloomberg", "2016-12-06/two-towns", [
        "https://www.bloomberg.com/news/articles/2016-12-06/two-towns"]),
]  # fmt: skip

# Pages of the same sites that are none: sections, live blogs, lists, videos.
OTHERS = [
    ("scmp", "https://www.scmp.com/topics/china-russia-relations"),
    ("xinhua-en", "https://english.news.cn/list/china-politicsnews.htm"),
    ("xinhua-zh", "http://www.news.cn/politics/leaders/"),
    ("globaltimes", "https://www.globaltimes.cn/world/Top-News5.html"),
    ("chinadaily", "https://www.chinadaily.com.cn/world/america/page_2.html"),
    ("people-zh", "http://world.people.com.cn/GB/157278/index.html"),
    ("mfa-cn", "https://www.mfa.gov.cn/web/wjdt_674879/sjxw_674887/index_2.shtml"),
    ("mfa-cn", "https://www.mfa.gov.cn/eng/xw/zyxw/202403/t20240301_11252002.html"),
    ("chinanews", "https://www.chinanews.com.cn/scroll-news/news1.html"),
    ("tass-en", "https://tass.com/politics"),
    ("rt-en", "https://www.rt.com/trends/china-news/"),
    ("sputnikglobe", "https://sputnikglobe.com/20250831/"),
    ("ria", "https://ria.ru/location_China/"),
    ("interfax", "https://www.interfax.ru/news/2024/03/01"),
    ("kommersant", "https://www.kommersant.ru/rubric/4"),
    ("vedomosti", "https://www.vedomosti.ru/rubrics/politics"),
    ("rbc", "https://pro.rbc.ru/news/65df02859a794708304c0001"),
    ("lenta", "https://lenta.ru/rubrics/world/"),
    ("izvestia", "https://iz.ru/rubric/mir"),
    ("kremlin", "http://kremlin.ru/events/president/news/page/2"),
    ("kremlin", "http://en.kremlin.ru/events/president/news/73001"),
    ("moscowtimes", "https://www.themoscowtimes.com/ukraine-war"),
    ("meduza", "https://meduza.io/live/2023/03/21/den"),
    ("meduza", "https://meduza.io/en/feature/2023/03/21/two-towns"),
    ("ap", "https://apnews.com/hub/china"),
    ("bbc", "https://www.bbc.com/news/live/world-52241001x"),
    ("bbc", "https://www.bbc.com/news/world/asia"),
    ("bbc-zh", "https://www.bbc.com/zhongwen/simp/topics/c83plve5vmjt"),
    ("guardian", "https://www.theguardian.com/world/live/2024/feb/24/two-towns"),
    ("guardian", "https://www.theguardian.com/world/video/2024/feb/24/two-towns"),
    ("guardian", "https://www.theguardian.com/world/russia"),
    ("france24", "https://www.france24.com/en/tv-shows/focus/20230523-two-towns"),
    ("dw", "https://www.dw.com/en/two-towns/live-52060001"),
    ("dw", "https://www.dw.com/zh/two-towns/a-52060001"),
    ("dw", "https://www.dw.com/en/two-towns/video-52060001"),
    ("euronews", "https://ru.euronews.com/2026/01/06/dva-goroda"),
    ("aljazeera", "https://www.aljazeera.com/news/liveblog/2023/4/16/two-towns"),
    ("aljazeera", "https://www.aljazeera.com/where/china/"),
    ("taipeitimes", "https://www.taipeitimes.com/News/front"),
    ("nikkei-asia", "https://asia.nikkei.com/Politics/International-relations"),
    ("nikkei-asia", "https://asia.nikkei.com/Spotlight/Ukraine-war"),
    ("diplomat", "https://thediplomat.com/category/china-power/"),
    ("bloomberg", "https://www.bloomberg.com/news/videos/2016-12-06/two-towns"),
    ("lenta", "https://lenta.ru/news/2026/03/11/page/2/"),
    ("interfax", "https://www.interfax.ru/photo/7501"),
    ("interfax", "https://www.interfax.ru/story/75001"),
    ("kremlin", "http://kremlin.ru/events/president/news/73001/photos"),
    ("moscowtimes", "https://www.themoscowtimes.com/2026/06/22/two-towns-a93001/pdf"),
    ("taipeitimes", "https://www.taipeitimes.com/News/front/archives/2024/10/16/2003825001/2"),
    ("japannews", "https://japannews.yomiuri.co.jp/politics/20230721-124001/2/"),
    ("diplomat", "https://thediplomat.com/2023/03/page/2/"),
    ("diplomat", "https://thediplomat.com/2023/03/14/"),
    ("diplomat", "https://thediplomat.com/2023/03/two-towns/2/"),
    ("euronews", "https://www.euronews.com/video/2026/01/06/two-towns"),
    ("euronews", "https://www.euronews.com/my-europe/live/2026/01/06/two-towns"),
    ("aljazeera", "https://www.aljazeera.com/economy/liveblog/2023/4/16/two-towns"),
    ("rt-ru", "https://russian.rt.com/world/video/1281001-dva-goroda"),
    ("rt-ru", "https://russian.rt.com/world/foto/1281001-dva-goroda"),
    ("rt-ru", "https://russian.rt.com/trend/333001-dva-goroda"),
    ("rbc", "https://www.rbc.ru/photoreport/28/02/2024/65df02859a794708304c0001"),
    ("guardian", "https://www.theguardian.com/world/2024/feb/24/all"),
]

OUTLETS = list(packaged_catalogue())
POLITE_SECONDS = {"scmp": 10, "people-en": 120, "people-ru": 120, "people-zh": 120, "ria": 4,
                  "rt-en": 4, "rt-ru": 4, "tass-en": 4, "tass-ru": 4, "sputnikglobe": 4,
                  "sputnik-cn": 4}  # fmt: skip


def require(outlet_id: str) -> Outlet:
    return packaged_catalogue().require(outlet_id)


@pytest.mark.parametrize(("outlet_id", "number", "urls"), ARTICLES)
def test_articles(outlet_id: str, number: str | None, urls: list[str]) -> None:
    outlet = require(outlet_id)
    assert all(outlet.is_article_url(url) and outlet.is_own(url) for url in urls)
    owners = [packaged_catalogue().outlet_of(url) for url in urls]
    assert owners == [outlet] * len(urls)
    identities = {identity_of(url, outlet) for url in urls}
    if number:
        assert identities == {number}
    else:
        assert len(identities) == len(urls)


@pytest.mark.parametrize(
    ("outlet_id", "urls"),
    [
        ("cgtn", [f"https://news.cgtn.com/news/2024-03-0{day}/Two-towns-{day}-cooperation/index.html"
                  for day in (1, 2)]),
        ("lenta", [f"https://lenta.ru/{kind}/2026/03/11/dva-goroda/"
                   for kind in ("news", "articles", "brief")]),
        ("interfax", ["https://www.interfax.ru/world/948001", "https://www.sport-interfax.ru/948001"]),
        ("tass-ru", ["https://tass.ru/politika/20123001", "https://foto.tass.ru/mezh/20123001"]),
    ],
)  # fmt: skip
def test_what_looks_alike_is_not_one_article(outlet_id: str, urls: list[str]) -> None:
    assert len({identity_of(url, require(outlet_id)) for url in urls}) == len(urls)


@pytest.mark.parametrize(("outlet_id", "url"), OTHERS)
def test_other_pages(outlet_id: str, url: str) -> None:
    assert not require(outlet_id).is_article_url(url)


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.id)
class TestEntry:
    def test_has_sample_addresses(self, outlet: Outlet) -> None:
        assert outlet.id in {sample[0] for sample in ARTICLES}

    def test_its_own_lists_are_no_articles(self, outlet: Outlet) -> None:
        lists = (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.pages)
        assert not any(map(outlet.is_article_url, lists))

    def test_an_enabled_one_has_a_source_and_another_says_why_not(self, outlet: Outlet) -> None:
        if outlet.enabled:
            assert outlet.feeds or outlet.sitemaps or outlet.pages
            assert outlet.evidence != "none-found"

    def test_says_who_it_is(self, outlet: Outlet) -> None:
        assert outlet.language in ("en", "ru", "zh")
        assert outlet.country
        assert len(outlet.country) == 2
        assert outlet.evidence
        assert outlet.article_urls

    def test_is_asked_no_more_often_than_it_likes(self, outlet: Outlet) -> None:
        assert outlet.delay_seconds >= POLITE_SECONDS.get(outlet.id, 2)
        assert outlet.connections == 1

    def test_addresses_are_whole(self, outlet: Outlet) -> None:
        for url in (outlet.home, *outlet.feeds, *outlet.sitemaps, *outlet.pages):
            assert urlsplit(url).path
            assert "{" not in url


def test_size() -> None:
    languages = [outlet.language for outlet in OUTLETS if outlet.enabled]
    assert len(languages) >= 45
    assert min(languages.count(language) for language in ("en", "ru", "zh")) >= 10


def test_only_the_topic_feed_is_taken_for_on_topic() -> None:
    assert [outlet.id for outlet in OUTLETS if outlet.on_topic] == ["scmp"]
    assert require("scmp").feeds == ["https://www.scmp.com/rss/503071/feed"]


def test_feeds_without_news_for_years_are_left_out() -> None:
    feeds = {feed for outlet in OUTLETS for feed in outlet.feeds}
    gone = ("chinadaily.com.cn/rss/", "people.com.cn/rss/politics", "outbrain.xml", "worldrss.xml")
    assert not [feed for feed in feeds if any(part in feed for part in gone)]
