"""`sinorus outlets check`: an outlet's sources and a few of its pages, read and judged."""
