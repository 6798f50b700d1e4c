"""What of an article record is judged."""

from __future__ import annotations

from crawler.items import Article, Relevance
from crawler.relevance.score import Judge


def judge_article(article: Article, judge: Judge) -> Relevance:
    """The relevance of a record, by its headline, label, summary and paragraphs."""
    text = "\n".join([*article.summary, *article.paragraphs])
    return judge(article.headline, text, topic=article.topic, language=article.language)
