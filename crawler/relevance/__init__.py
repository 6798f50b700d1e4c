"""Judges whether a text is about relations between China and Russia."""

from crawler.relevance.score import judge

__all__ = ["judge"]
