"""Which records of a list may be one organisation: pairs with their levels and log-odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.identity.blocking import block
from transforms.identity.features import compare
from transforms.identity.score import Weights, judge, load
from transforms.identity.spelling import spelled


@dataclass(frozen=True, slots=True)
class Matched:
    """Distinct records (`units`), their candidate pairs with the level of each comparison, and the log-odds of each pair."""

    units: pl.DataFrame
    pairs: pl.DataFrame
    log_odds: NDArray[np.float32]


def match(records: pl.DataFrame, model: dict[int, Weights] | None = None) -> Matched:
    """Compare records with each other; see `spelling.FIELDS` for the columns, `record` is their key."""
    model = model or load()
    units = spelled(records)
    blocks = block(units)
    return Matched(units, *judge(model, blocks, units, compare(blocks, units)))
