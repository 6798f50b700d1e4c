"""Imported once, by the process that reading processes are forked from: they share what it loads.

A new reader then begins with its page, and its deadline is the page's.
"""

from __future__ import annotations

from importlib import import_module

from crawler.languages import detect
from crawler.outlets import packaged_catalogue
from crawler.relevance import packaged_judge

for _module in ("crawler.reading_pool", "crawler.parsers.generic"):
    import_module(_module)
packaged_catalogue()
packaged_judge()
detect("Le ministre a signé un accord sur le gaz.")  # by the model: script and words do not tell
