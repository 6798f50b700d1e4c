"""The judgment against the labelled items of the shared folder, where there is one."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

F1_AT_LEAST = 0.93
"""In each language: one or two items less than measured, so that a better term may cost one."""
PRECISION_AND_RECALL_AT_LEAST = 0.9


def load_benchmark() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "relevance.py"
    spec = importlib.util.spec_from_file_location("relevance_benchmark", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
def test_labelled_items_are_judged_well(language: str) -> None:
    benchmark = load_benchmark()
    path = benchmark.labelled_items_file()
    if not path.exists():
        pytest.skip("the shared folder with labelled items is not there (SINORUS_SHARED)")
    tally = benchmark.measure(benchmark.read_items(path))[language]
    assert tally.f1 >= F1_AT_LEAST, tally.wrong
    assert min(tally.precision, tally.recall) >= PRECISION_AND_RECALL_AT_LEAST, tally.wrong
