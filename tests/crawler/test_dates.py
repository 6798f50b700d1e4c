"""Which dates of a page are believed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.dates import is_plausible

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 3, 2, 11, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 3, 11, 59, tzinfo=UTC), True),  # a newsroom east of us
        (datetime(2026, 3, 3, 12, 1, tzinfo=UTC), False),
        (datetime(2027, 3, 2, tzinfo=UTC), False),
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (datetime(1970, 1, 20, 15, 6, tzinfo=UTC), False),  # seconds taken for milliseconds
        (datetime(1969, 12, 31, 23, 0, tzinfo=UTC), True),
        (datetime(1903, 11, 6, tzinfo=UTC), True),
        (datetime(1, 1, 1, tzinfo=UTC), False),
    ],
)
def test_plausible(moment: datetime, expected: bool) -> None:
    assert is_plausible(moment, NOW) is expected
