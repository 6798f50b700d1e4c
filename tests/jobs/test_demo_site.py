"""The demo site is well formed: what it lists, serves, forbids, repeats and revises."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
import tomllib
import urllib.robotparser
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest

from jobs.demo.pages import CAPTCHA_PATH, SECTION_PATH
from jobs.demo.server import DemoServer
from jobs.demo.site import Site, outlets_toml

BASE_URL = "http://127.0.0.1:8765"
FEEDS = {
    "demo-courier": "/courier/feed.xml",
    "demo-vestnik": "/vestnik/atom.xml",
    "demo-heping": "/heping/rss.xml",
}
ARTICLES = {"demo-courier": 10, "demo-vestnik": 5, "demo-heping": 5}
FEED_ITEMS = {"demo-courier": 12, "demo-vestnik": 7, "demo-heping": 6}
OUTLETS = sorted(FEEDS)
PHOTO_LABEL = "图\uff1a"  # with the full-width colon of the language
NEXT_TEMPLATE = re.compile(r'<script id="__NEXT_DATA__" type="application/json">(.*?)</script>')
APOLLO_TEMPLATE = re.compile(r"<script>window\.__APOLLO_STATE__=(.*?);</script>")


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def site() -> Site:
    return Site(BASE_URL)


def get(server: DemoServer, path: str, method: str = "GET", **headers: str) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        fields = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, fields, response.read())
    finally:
        connection.close()


def page(site: Site, url: str) -> str:
    answer = site.respond(url.removeprefix(site.base_url))
    charset = (answer.header("Content-Type") or "").partition("charset=")[2]
    return answer.body.decode(charset)


def feed(site: Site, outlet: str) -> Any:
    return feedparser.parse(site.respond(FEEDS[outlet]).body)


def of_outlet(site: Site, outlet: str) -> list[dict[str, Any]]:
    return [article for article in site.articles if article["outlet"] == outlet]


def all_paths(site: Site) -> set[str]:
    urls = [article["url"] for article in site.articles]
    urls += site.off_topic_urls + site.forbidden_urls
    return {url.removeprefix(site.base_url) for url in urls}


@pytest.mark.parametrize("outlet", OUTLETS)
def test_feed_parses_and_every_address_answers(server: DemoServer, outlet: str) -> None:
    parsed = feedparser.parse(get(server, FEEDS[outlet]).body)
    assert not parsed.bozo
    assert len(parsed.entries) == FEED_ITEMS[outlet]
    for entry in parsed.entries:
        assert entry.title
        assert entry.get("published_parsed")
        assert entry.link.startswith(server.base_url)
        assert get(server, entry.link.removeprefix(server.base_url)).status == 200


@pytest.mark.parametrize("outlet", OUTLETS)
def test_number_of_articles(site: Site, outlet: str) -> None:
    assert len(of_outlet(site, outlet)) == ARTICLES[outlet]


def test_courier_feed_has_trackers_authors_and_leads(site: Site) -> None:
    for entry in feed(site, "demo-courier").entries:
        assert "utm_source=rss_feed" in entry.link
        assert entry.id == entry.link
        assert entry.author
        assert entry.summary.endswith("...")


@pytest.mark.parametrize("outlet", OUTLETS)
def test_page_holds_what_is_expected_of_it(site: Site, outlet: str) -> None:
    for article in of_outlet(site, outlet):
        html = page(site, article["url"])
        assert f'<link rel="canonical" href="{article["url"]}">' in html
        assert f'<meta property="og:url" content="{article["url"]}">' in html
        assert article["lead_image"]["credit"] in html
        assert article["authors"][-1] in html
        assert article["paragraphs"][0][:40] in html


def test_records_are_plausible(site: Site) -> None:
    for article in site.articles:
        published = datetime.fromisoformat(article["date_published"])
        modified = datetime.fromisoformat(article["date_modified"] or article["date_published"])
        assert datetime(2026, 11, 1, tzinfo=UTC) < published <= modified
        assert modified < datetime(2026, 11, 20, tzinfo=UTC)
        assert len(article["paragraphs"]) >= (2 if article["truncated"] else 4)
        assert all(place["before"] < len(article["paragraphs"]) for place in article["subheads"])


@pytest.mark.parametrize(
    "field", ["summary", "authors", "images", "subheads", "related", "videos", "comment_count"]
)
def test_every_field_of_the_record_is_used(site: Site, field: str) -> None:
    assert any(article[field] for article in of_outlet(site, "demo-courier"))


def test_paywalls_and_truncation(site: Site) -> None:
    assert {article["paywall"] for article in site.articles} == {"none", "metered", "closed"}
    closed = [article for article in site.articles if article["truncated"]]
    assert [article["paywall"] for article in closed] == ["closed"]
    assert "/plus/" in closed[0]["url"]


def next_articles(site: Site) -> dict[str, dict[str, Any]]:
    """The article object of every Next.js page, by the path to it in the state."""
    found: dict[str, dict[str, Any]] = {}
    for article in of_outlet(site, "demo-courier"):
        state = NEXT_TEMPLATE.search(page(site, article["url"]))
        if state:
            payload = json.loads(state[1])["props"]["pageProps"]["payload"]
            root = "json.data" if "json" in payload else "data"
            value = payload.get("json", payload)["data"]["article"]
            found[f"{root} {article['url']}"] = value
    return found


def test_next_states_hold_the_article_under_two_roots(site: Site) -> None:
    articles = next_articles(site)
    assert {key.split()[0] for key in articles} == {"data", "json.data"}
    expected = {article["url"]: article for article in site.articles}
    for key, value in articles.items():
        record = expected[key.split()[1]]
        assert value["headline"] == record["headline"] != value["socialHeadline"]
        assert value["urlAlias"] == record["url"].removeprefix(site.base_url)
        assert value["body"]["text"].split("\n") == record["paragraphs"]
        assert f"/article/{value['entityId']}/" in record["url"]


def test_one_next_page_shows_only_its_first_paragraph(site: Site) -> None:
    stubs = [a for a in site.articles if "READ FULL ARTICLE" in page(site, a["url"])]
    assert len(stubs) == 1
    shown = page(site, stubs[0]["url"]).partition('<script id="__NEXT_DATA__"')[0]
    assert stubs[0]["paragraphs"][0] in shown
    assert stubs[0]["paragraphs"][1] not in shown


def test_apollo_cache_holds_other_articles_and_resolves(site: Site) -> None:
    states = [
        (article, state[1])
        for article in site.articles
        if (state := APOLLO_TEMPLATE.search(page(site, article["url"])))
    ]
    assert len(states) == 2
    for article, text in states:
        cache = json.loads(text)["contentService"]
        bodies = [
            entry for entry in cache.values() if any(name.startswith("body(") for name in entry)
        ]
        assert len(bodies) == 3
        own = [entry for entry in bodies if article["url"].endswith(entry["urlAlias"])]
        assert [entry["headline"] for entry in own] == [article["headline"]]
        named = [cache[reference["id"]]["name"] for reference in own[0]["topics"]]
        assert named == article["topics"]
        references = re.findall(r'"type": "id", "generated": true, "id": ("(?:[^"\\]|\\.)*")', text)
        assert references
        assert all(json.loads(reference) in cache for reference in references)


def test_every_courier_template_is_there(site: Site) -> None:
    html = [page(site, article["url"]) for article in of_outlet(site, "demo-courier")]
    has_state = [NEXT_TEMPLATE.search(text) or APOLLO_TEMPLATE.search(text) for text in html]
    stateless = [text for text, state in zip(html, has_state, strict=True) if not state]
    assert len([text for text in stateless if 'data-qa="ContentBody"' in text]) == 2
    assert len([text for text in stateless if "pane-node-body" in text]) == 1


def test_vestnik_pages_are_windows_1251_and_its_feed_is_not(site: Site) -> None:
    for article in of_outlet(site, "demo-vestnik"):
        answer = site.respond(article["url"].removeprefix(BASE_URL))
        assert answer.header("Content-Type") == "text/html; charset=windows-1251"
        assert article["headline"] in answer.body.decode("windows-1251")
        with pytest.raises(UnicodeDecodeError):
            answer.body.decode("utf-8")
    assert "Вестник" in site.respond(FEEDS["demo-vestnik"]).body.decode("utf-8")


def test_heping_pages_have_the_whole_text_in_structured_data(site: Site) -> None:
    for article in of_outlet(site, "demo-heping"):
        html = page(site, article["url"])
        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
        assert data
        assert json.loads(data[1])["articleBody"].split("\n") == article["paragraphs"]
        caption = (
            f"{article['lead_image']['caption']}{PHOTO_LABEL}{article['lead_image']['credit']}"
        )
        assert caption in html


def test_one_off_topic_article_in_the_russian_and_the_english_feed(site: Site) -> None:
    listed = {
        outlet: [entry.link.partition("?")[0] for entry in feed(site, outlet).entries]
        for outlet in OUTLETS
    }
    counts = {
        outlet: sum(link in site.off_topic_urls for link in links)
        for outlet, links in listed.items()
    }
    assert counts == {"demo-courier": 1, "demo-vestnik": 1, "demo-heping": 0}


def test_robots_txt_forbids_what_the_feed_lists(server: DemoServer) -> None:
    robots = urllib.robotparser.RobotFileParser()
    robots.parse(get(server, "/robots.txt").body.decode().splitlines())
    forbidden = server.site.forbidden_urls
    assert len(forbidden) == 1
    links = {e.link for e in feedparser.parse(get(server, FEEDS["demo-vestnik"]).body).entries}
    assert links & set(forbidden) == set(forbidden)
    assert not robots.can_fetch("sinorus", forbidden[0])
    assert all(robots.can_fetch("sinorus", article["url"]) for article in server.site.articles)
    assert robots.crawl_delay("sinorus") is None


def test_second_addresses_give_the_same_page(site: Site) -> None:
    assert len(site.second_urls) == 2
    for canonical, second in site.second_urls.items():
        assert second.partition("?")[0] != canonical
        assert page(site, second) == page(site, canonical)
    links = {entry.link for outlet in OUTLETS for entry in feed(site, outlet).entries}
    assert set(site.second_urls.values()) <= links


@pytest.mark.parametrize("path", [SECTION_PATH, CAPTCHA_PATH])
def test_pages_that_are_no_articles_answer_but_are_in_no_feed(site: Site, path: str) -> None:
    assert site.respond(path).status == 200
    for outlet in OUTLETS:
        assert f"{path}<".encode() not in site.respond(FEEDS[outlet]).body
        assert all(
            entry.link.partition("?")[0] != BASE_URL + path for entry in feed(site, outlet).entries
        )


def test_unknown_path_is_a_small_404(server: DemoServer) -> None:
    reply = get(server, "/images/canvas/2026/11/17/harbin-trade-talks.jpg")
    assert reply.status == 404
    assert reply.headers["content-type"].startswith("text/html")
    assert len(reply.body) < 1000
    assert {"etag", "last-modified"} <= set(reply.headers)


@pytest.mark.parametrize("path", ["/", "/robots.txt", *FEEDS.values()])
def test_conditional_get(server: DemoServer, path: str) -> None:
    first = get(server, path)
    assert first.status == 200
    by_tag = get(server, path, If_None_Match=first.headers["etag"])
    assert (by_tag.status, by_tag.body) == (304, b"")
    assert by_tag.headers["etag"] == first.headers["etag"]
    by_date = get(server, path, If_Modified_Since=first.headers["last-modified"])
    assert (by_date.status, by_date.body) == (304, b"")
    assert get(server, path, If_None_Match='"another"').status == 200
    earlier = get(server, path, If_Modified_Since="Sun, 01 Nov 2020 00:00:00 GMT")
    assert earlier.status == 200
    assert get(server, path, If_Modified_Since="yesterday").status == 200


def test_head_has_the_headers_of_get_and_no_body(server: DemoServer) -> None:
    path = server.site.articles[0]["url"].removeprefix(server.base_url)
    got, head = get(server, path), get(server, path, method="HEAD")
    assert head.body == b""
    assert head.status == 200
    assert head.headers["content-length"] == str(len(got.body)) == got.headers["content-length"]


def test_edit_changes_one_article_page_and_one_feed() -> None:
    before, after = Site(BASE_URL), Site(BASE_URL, edited=True)
    paths = all_paths(before) | set(FEEDS.values())
    changed = {path for path in paths if before.respond(path).body != after.respond(path).body}
    edited_path = before.edited_url.removeprefix(BASE_URL)
    assert changed == {edited_path, FEEDS["demo-courier"]}
    assert after.edited_url == before.edited_url


def test_edit_is_a_revision_that_a_reader_sees() -> None:
    sites = Site(BASE_URL), Site(BASE_URL, edited=True)
    old, new = (
        next(article for article in site.articles if article["url"] == site.edited_url)
        for site in sites
    )
    assert new["headline"] != old["headline"]
    assert new["date_modified"] > old["date_modified"]
    assert new["date_published"] == old["date_published"]
    assert new["comment_count"] == old["comment_count"] + 1
    assert len(new["paragraphs"]) == len(old["paragraphs"]) + 1
    assert len(set(old["paragraphs"]) - set(new["paragraphs"])) == 1
    items = [
        next(entry for entry in feed(site, "demo-courier").entries if "/4100101/" in entry.link)
        for site in sites
    ]
    assert [item.title for item in items] == [old["headline"], new["headline"]]
    assert items[0].published_parsed < items[1].published_parsed


def test_server_shows_the_edit_while_it_runs() -> None:
    with DemoServer() as running:
        path = running.site.edited_url.removeprefix(running.base_url)
        first = get(running, path)
        running.edited = True
        second = get(running, path, If_None_Match=first.headers["etag"])
        running.edited = False
        assert second.status == 200
        assert second.body != first.body
        assert second.headers["last-modified"] != first.headers["last-modified"]
        assert get(running, path).body == first.body
        assert running.requests == [("GET", path, 200)] * 3


def test_two_sites_at_one_address_are_byte_identical() -> None:
    first, second = Site(BASE_URL), Site(BASE_URL + "/")
    for path in sorted(all_paths(first) | set(FEEDS.values()) | {"/", SECTION_PATH}):
        assert first.respond(path) == second.respond(path)


def ask_again(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/")
    connection.getresponse()


def test_server_is_quiet_and_stops_with_a_connection_held_open(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with DemoServer() as running:
        held = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
        held.request("GET", "/")
        assert held.getresponse().read()
        named = [thread for thread in threading.enumerate() if thread.name == "demo-site"]
        assert named
        assert all(thread.daemon for thread in named)
        began = time.monotonic()
    assert time.monotonic() - began < 1
    with pytest.raises((OSError, http.client.HTTPException)):
        ask_again(held)
    held.close()
    assert capfd.readouterr().err == ""


def test_front_page_links_every_allowed_article(site: Site) -> None:
    html = page(site, f"{BASE_URL}/")
    for article in site.articles:
        assert f'href="{article["url"].removeprefix(BASE_URL)}"' in html
    assert all(url.removeprefix(BASE_URL) not in html for url in site.forbidden_urls)


def test_outlets_file_names_the_three_newsrooms(site: Site) -> None:
    outlets = {outlet["id"]: outlet for outlet in tomllib.loads(outlets_toml(BASE_URL))["outlet"]}
    assert {name: outlet["feeds"] for name, outlet in outlets.items()} == {
        name: [BASE_URL + path] for name, path in FEEDS.items()
    }
    assert outlets["demo-courier"]["parser"] == "scmp"
    assert all(outlet["delay_seconds"] == 0 for outlet in outlets.values())
    assert all("on_topic" not in outlet for outlet in outlets.values())
    for name, outlet in outlets.items():
        assert site.respond(outlet["home"].removeprefix(BASE_URL)).status == 200
        for entry in feed(site, name).entries:
            matches = {
                other
                for other, entry_of in outlets.items()
                if any(re.search(pattern, entry.link) for pattern in entry_of["article_urls"])
            }
            assert matches == {name}
