"""How probable so little is, where single things come in lumps: two distributions with tails."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log, log1p

# Whatever the past shows: pages of a day are never quite independent of each other (one event,
# one author, one template), and 1 / (1 + 200) is the least correlation reckoned with.
MOST_CERTAINTY = 200.0  # pages that a share is known from at most


@lru_cache(maxsize=100_000)
def chance_of_so_few(
    found: int, of: int, share: float, pages_known: float = MOST_CERTAINTY
) -> float:
    """The chance of at most `found` among `of` where the share is known from so many pages.

    The lower tail of the beta-binomial distribution with mean `share`.
    """
    a, b = share * pages_known, (1 - share) * pages_known
    return min(1.0, sum(_beta_binomial(k, of, a, b) for k in range(found + 1)))


def _beta_binomial(k: int, n: int, a: float, b: float) -> float:
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + _log_beta(k + a, n - k + b) - _log_beta(a, b))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def chance_of_so_small_a_count(count: int, mean: float, spread: float) -> float:
    """The chance of at most `count` where `mean` is usual and the rate itself varies.

    `spread` is the rate's standard deviation in units of its mean. The lower tail of the
    negative binomial distribution.
    """
    if mean <= 0:
        return 1.0
    shape = 1 / spread**2
    log_rest = log(mean) - log(shape + mean)
    log_none = -shape * log1p(mean / shape)
    return min(1.0, sum(
        exp(lgamma(shape + k) - lgamma(shape) - lgamma(k + 1) + log_none + k * log_rest)
        for k in range(count + 1)
    ))  # fmt: skip


def lumpiness(days: list[tuple[int, int]], share: float) -> float:
    """How alike the pages of one day are: 0 for not at all, 1 for one day all, another none.

    `days` are (found, of). The intraclass correlation, by the method of moments.
    """
    spread = share * (1 - share)
    pairs = sum(of * (of - 1) for _, of in days)
    if not pairs or spread <= 0:
        return 0.0
    excess = sum((found - of * share) ** 2 - of * spread for found, of in days)
    return min(1.0, max(0.0, excess / (pairs * spread)))
