"""The score: a sum of weights in log-odds, one for the level that each comparison reaches.

`model.csv` holds them as data: stage, feature, level, weight.  Stage 1 has the comparisons alone, stage 2 adds the
rivals that stage 1 found; stage 0 is for pairs of which not both sources are known: nobody says then that a list
holds a body once.  The feature `start` is what any pair begins with.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.identity.blocking import Blocks
from transforms.identity.features import FEATURES, Feature
from transforms.identity.rivals import RIVALS, rivalry

VERSION = "2026.11"  # of the weights and word lists: change it with them
MODEL = Path(__file__).parent / "model.csv"
START = "start"
ALL: dict[str, Feature] = FEATURES | RIVALS
STAGES: dict[int, tuple[str, ...]] = {0: tuple(FEATURES), 1: tuple(FEATURES), 2: tuple(ALL)}
UNKNOWN_SOURCE = 2  # the level of `source`
# A pair joins from this probability on, a little under one half: the highest F1 out of fold that leaves 96 of 100 joins
# right (docs/identity.md).
JOIN = -0.25
Weights = dict[str, NDArray[np.float32]]


def load(path: Path = MODEL) -> dict[int, Weights]:
    """The weights of each stage: for each feature an array by level."""
    rows = pl.read_csv(path).sort("stage", "feature", "level")
    return {
        stage: {
            feature: rows.filter((pl.col("stage") == stage) & (pl.col("feature") == feature))["weight"].cast(pl.Float32).to_numpy()
            for feature in (START, *features)
        }
        for stage, features in STAGES.items()
    }  # fmt: skip


def save(model: dict[int, Weights], path: Path) -> None:
    """Write a model down, weights to three decimals."""
    rows = [
        (stage, feature, at, round(float(weight), 3))
        for stage, weights in model.items()
        for feature, by_level in weights.items()
        for at, weight in enumerate(by_level)
    ]
    pl.DataFrame(rows, schema=["stage", "feature", "level", "weight"], orient="row").write_csv(path)


def log_odds(weights: Weights, levels: pl.DataFrame) -> NDArray[np.float32]:
    """The sum of the weights for each pair."""
    total = np.full(len(levels), weights[START][0], np.float32)
    for feature, by_level in weights.items():
        if feature != START:
            total += by_level[levels[feature].to_numpy()]
    return total


def judge(
    model: dict[int, Weights], blocks: Blocks, units: pl.DataFrame, pairs: pl.DataFrame
) -> tuple[pl.DataFrame, NDArray[np.float32]]:
    """The pairs with what their rivals say, and the log-odds of each."""
    whole = pairs.hstack(rivalry(pairs, blocks, units, log_odds(model[1], pairs)))
    sourced = whole["source"].to_numpy() != UNKNOWN_SOURCE
    return whole, np.where(sourced, log_odds(model[2], whole), log_odds(model[0], whole))


def probability(total: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Log-odds as a probability, 0 to 1."""
    return np.asarray(1 / (1 + np.exp(-total.astype(np.float64))))
