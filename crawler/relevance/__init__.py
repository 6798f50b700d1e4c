"""Judges whether a text is about a topic: relations between China and Russia, or others."""

from crawler.relevance.articles import judge_article
from crawler.relevance.score import Judge, judge, packaged_judge
from crawler.relevance.topic import Topic
from crawler.relevance.topic_file import load_topic

__all__ = ["Judge", "Topic", "judge", "judge_article", "load_topic", "packaged_judge"]
