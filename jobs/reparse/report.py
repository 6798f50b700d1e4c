"""What reading again found: numbers, and a few samples of each kind, however many pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from jobs.output import counted, print_table, say
from jobs.reparse.reading import PageRead
from storage.rereading import Reread

SAMPLES_PER_FIELD = 3
# All of them are worth a look; a report of a million is not.
SAMPLES_PER_FAULT = 100

_HOW = ("changed", "appeared", "disappeared")
_FAULTS = {
    "unread": "could not be read from the archive",
    "lost": "cost their reader",
    "no_article": "hold no article for today's readers; what is stored stays",
    "moved": "have another identity now; what is stored stays",
    "other_address": "give another address now; the stored one stays",
    "partial": "are only a part of the text now; what is stored stays",
}


@dataclass(slots=True)
class ReparseReport:
    """Numbers by name; by field how many articles changed; addresses to look at.

    `counts` of articles: `read` and of these `unchanged`, `changed`, `partial`, `moved`,
    `superseded`, `no_article`, `lost`, `unread`, `removed`, `no_page`. Of pages that were
    unreadable: `unreadable` and of these `found_new`, `found_updated`, `found_unchanged`,
    `found_off_topic`, `found_older`, `still_unreadable`. Of verdicts: `to_on_topic`,
    `to_off_topic`, `rescored`.
    """

    counts: Counter[str] = field(default_factory=Counter)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    samples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    unknown_outlets: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, record: dict[str, Any]) -> ReparseReport:
        """The report that `to_dict` gave; an empty one of an empty record."""
        return cls(
            Counter(record.get("counts", {})),
            record.get("fields", {}),
            record.get("samples", {}),
            Counter(record.get("unknown_outlets", {})),
        )

    @property
    def is_failed(self) -> bool:
        """Some pages could not be had, or not be read to an end."""
        return bool(self.counts["unread"] or self.counts["lost"])

    def to_dict(self) -> dict[str, Any]:
        """Ready for `json.dumps`."""
        return {
            "counts": dict(self.counts),
            "fields": self.fields,
            "samples": self.samples,
            "unknown_outlets": dict(self.unknown_outlets),
        }

    def note_reread(self, found: Reread) -> None:
        """An article whose page was read."""
        self.counts[found.outcome] += 1
        about = {"id": found.article_id, "url": found.url}
        for name, how in found.fields.items():
            entry = self.fields.setdefault(name, {**dict.fromkeys(_HOW, 0), "samples": []})
            entry[how] += 1
            if len(entry["samples"]) < SAMPLES_PER_FIELD:
                entry["samples"].append(found.url)
        if found.before and found.after and found.before != found.after:
            turned = "to_on_topic" if found.after.relevant else "to_off_topic"
            self.counts[turned if found.is_turned else "rescored"] += 1
            if found.is_turned:
                self._sample("turned", {**about, "relevant": found.after.relevant})
        if found.outcome in ("moved", "partial"):
            self._sample(found.outcome, {**about, "reads_as": found.read_url})
        elif found.read_url:
            self.counts["other_address"] += 1
            self._sample("other_address", {**about, "reads_as": found.read_url})

    def note_fault(self, read: PageRead) -> None:
        """A page without an article."""
        self.counts[read.fault or ""] += 1
        if read.fault in _FAULTS:
            page = read.stored.page
            place = page and f"{page.warc_file} at {page.warc_offset}"
            about = {"id": read.stored.article_id, "url": read.stored.url, "page": place}
            self._sample(read.fault or "", {**about, "reason": read.reason})

    def note_outlet(self, read: PageRead) -> None:
        """An outlet that left the catalogue is read by general rules."""
        if not read.knows_outlet:
            self.unknown_outlets[read.outlet.id] += 1

    def _sample(self, kind: str, entry: dict[str, Any]) -> None:
        some = self.samples.setdefault(kind, [])
        if len(some) < SAMPLES_PER_FAULT:
            some.append(entry)


def print_reparsed(report: ReparseReport, *, is_dry: bool) -> None:
    """A row a field, and a summary; problems on standard error."""
    if report.fields:
        print_table(
            ("field", *_HOW, "for instance"),
            (
                (name, *(entry[how] for how in _HOW), entry["samples"][0])
                for name, entry in report.fields.items()
            ),
        )
    for line in _sentences(report, is_dry=is_dry):
        say(line)


def say_faults(report: ReparseReport) -> None:
    """Which pages could not be read, on standard error whatever the output."""
    for kind in ("unread", "lost"):
        for entry in report.samples.get(kind, []):
            say(f"{entry['url']}: {entry['reason']}")


def _sentences(report: ReparseReport, *, is_dry: bool) -> Iterable[str]:
    counts = report.counts
    would = "would be other" if is_dry else "are other now"
    yield (
        f"{counted(counts['read'], 'article')}: {counts['changed']} {would}, "
        f"{counts['unchanged']} unchanged, {counts['no_page']} known by a listing alone, "
        f"{counts['removed']} whose page was removed by retention"
    )
    yield (
        f"verdicts: {counts['to_on_topic']} off → on topic, {counts['to_off_topic']} on → off "
        f"topic, {counts['rescored']} with another score or reasons"
    )
    if counts["unreadable"]:
        yield (
            f"{counted(counts['unreadable'], 'page')} that could not be read before: "
            f"{counts['found_new']} new articles, {counts['found_updated']} updated, "
            f"{counts['found_off_topic']} off topic, {counts['still_unreadable']} still unreadable"
        )
    for kind, sentence in _FAULTS.items():
        if counts[kind]:
            first = next(iter(report.samples.get(kind, [])), {}).get("url")
            yield f"{counted(counts[kind], 'page')}: {sentence}; {first}"
    for outlet, number in report.unknown_outlets.items():
        yield f"{outlet} is not in the catalogue: {counted(number, 'page')} read by general rules"
