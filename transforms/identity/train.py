"""Fits the weights of the score on lists whose truth is known: `python -m transforms.identity.train IN TRUTH …`.

IN is a list as `metaclusters match` takes it (record_id, source, name, …); TRUTH has record_id and truth_id, the
same for records of one organisation, empty where the truth cannot tell.  The model is a sum of one weight a
comparison (boosted trees that use one feature each, read off as tables), so that what is fitted is what is written down.
scikit-learn is needed here and nowhere else.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.identity.blocking import Blocks, block
from transforms.identity.features import compare
from transforms.identity.rivals import rivalry
from transforms.identity.score import ALL, MODEL, STAGES, START, UNKNOWN_SOURCE, Weights, judge, log_odds, save
from transforms.identity.spelling import WORDS, spelled
from transforms.identity.words import tokens

FOLDS = 5
ROUNDS = {"max_iter": 250, "learning_rate": 0.15, "max_leaf_nodes": 4, "min_samples_leaf": 20, "l2_regularization": 5.0}
SEED = 1
COMMON = 10  # names from which on a word is counted in the reference list
# In a list where each register names a body once, two rows of one register are never one, by its making: such pairs teach little.
BY_MAKING = 0.2


@dataclass(slots=True)
class Labelled:
    """Candidate pairs of one list with their levels, whether they are one body, and the fold of each side."""

    name: str
    units: pl.DataFrame
    blocks: Blocks
    pairs: pl.DataFrame
    truth: NDArray[np.int8]  # 1, 0, or -1 where the truth cannot tell
    folds: NDArray[np.int8]  # (pairs, 2): organisations go to folds, so that none is on both sides of a test
    weight: NDArray[np.float32]

    @property
    def sourced(self) -> bool:
        """Whether the list says where its rows come from."""
        return bool((self.pairs["source"].to_numpy() != UNKNOWN_SOURCE).any())


def labelled(name: str, records: pl.DataFrame, truth: pl.DataFrame) -> Labelled:
    """The candidate pairs of a list with their truth."""
    units = spelled(records.rename({"record_id": "record"}))
    blocks = block(units)
    pairs = compare(blocks, units)
    told = units.select("unit", "source", record_id=pl.col("records").list.first()).join(
        truth.select("record_id", pl.col("truth_id").fill_null("")), on="record_id", how="left", maintain_order="left"
    )
    of = told["truth_id"].fill_null("").to_numpy()
    left, right = pairs["l"].to_numpy(), pairs["r"].to_numpy()
    known = (of[left] != "") & (of[right] != "")
    one = np.where(known, (of[left] == of[right]).astype(np.int8), np.int8(-1)).astype(np.int8)
    fold = (told["truth_id"].fill_null("").hash(SEED) % FOLDS).to_numpy().astype(np.int8)
    same_source = pairs["source"].to_numpy() == 1
    made = same_source & ~bool((one[same_source] == 1).any())
    weight = np.where(made, BY_MAKING, 1.0).astype(np.float32)
    return Labelled(name, units, blocks, pairs, one, np.column_stack([fold[left], fold[right]]), weight)


def fit(
    levels: pl.DataFrame, truth: NDArray[np.int8], weight: NDArray[np.float32], features: tuple[str, ...]
) -> Weights:
    """One weight for each level of each feature; more of what speaks for one body never weighs less."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]

    model = HistGradientBoostingClassifier(
        **ROUNDS,
        interaction_cst="no_interactions",
        monotonic_cst=[ALL[feature].direction for feature in features],
        early_stopping=False,
        random_state=SEED,
    )
    known = levels.select(features).to_numpy()
    model.fit(known, truth, sample_weight=weight)
    return _tables(model, known, features)


def _tables(model, known: NDArray[np.uint8], features: tuple[str, ...]) -> Weights:  # type: ignore[no-untyped-def]
    """The model as tables: without interactions, a feature's part is what changes with it alone; each has mean 0."""
    nothing = np.zeros((1, len(features)))
    start = float(model.decision_function(nothing)[0])
    weights: Weights = {}
    bias = start
    for at, feature in enumerate(features):
        probe = np.repeat(nothing, len(ALL[feature].bounds) + 1, axis=0)
        probe[:, at] = np.arange(len(probe))
        part = model.decision_function(probe) - start
        mean = float(part[known[:, at]].mean())
        weights[feature] = (part - mean).astype(np.float32)
        bias += mean
    return {START: np.array([bias], np.float32), **weights}


def train(sets: list[Labelled], chosen: list[NDArray[np.bool_]] | None = None, kept: float = 1.0) -> dict[int, Weights]:
    """The weights of both stages, from all pairs of the lists, or from the chosen ones.

    Where a share of the organisations is `kept`, so is that share of the true pairs, but only its square of the
    others: these then weigh more, or the model would think that true pairs are more frequent than they are.
    """
    known = [one.truth >= 0 for one in sets]
    use = known if chosen is None else [a & b for a, b in zip(known, chosen, strict=True)]
    parts = [(one, mask, one.sourced) for one, mask in zip(sets, use, strict=True)]
    sourced = [(one, mask) for one, mask, said in parts if said]
    model = {
        0: _fitted([(one, mask, one.pairs) for one, mask, said in parts if not said], 0, kept),
        1: _fitted([(one, mask, one.pairs) for one, mask in sourced], 1, kept),
    }
    rivals = [rivalry(one.pairs, one.blocks, one.units, log_odds(model[1], one.pairs)) for one, _ in sourced]
    whole = [(one, mask, one.pairs.hstack(found)) for (one, mask), found in zip(sourced, rivals, strict=True)]
    return {**model, 2: _fitted(whole, 2, kept)}


def _fitted(parts: list[tuple[Labelled, NDArray[np.bool_], pl.DataFrame]], stage: int, kept: float) -> Weights:
    """The weights of one stage, from the chosen pairs of several lists."""
    truth = np.concatenate([one.truth[mask] for one, mask, _ in parts])
    weight = np.concatenate([one.weight[mask] for one, mask, _ in parts])
    levels = pl.concat(pairs.filter(mask) for _, mask, pairs in parts)
    return fit(levels, truth, np.where(truth == 1, weight, weight / kept), STAGES[stage])


def across_folds(sets: list[Labelled], rivals: bool = True) -> list[NDArray[np.float32]]:
    """Log-odds of every pair by a model that saw neither of its organisations; of the comparisons alone without `rivals`."""
    found = [np.zeros(len(one.pairs), np.float32) for one in sets]
    for low in range(FOLDS):
        for high in range(low, FOLDS):
            kept = 1 - len({low, high}) / FOLDS
            model = train(sets, [np.asarray(~np.isin(one.folds, (low, high)).any(axis=1)) for one in sets], kept)
            for one, out in zip(sets, found, strict=True):
                mine = (one.folds.min(axis=1) == low) & (one.folds.max(axis=1) == high)
                total = judge(model, one.blocks, one.units, one.pairs)[1] if rivals else log_odds(model[1], one.pairs)
                out[mine] = total[mine]
    return found


def read(path: Path) -> pl.DataFrame:
    """A list or its truth, every value as text."""
    return pl.read_csv(path, infer_schema=False)


def without_source(records: pl.DataFrame) -> pl.DataFrame:
    """The same list as of a user who does not say where its rows come from."""
    return records.with_columns(source=pl.lit(""))


def frequencies(records: pl.DataFrame) -> pl.DataFrame:
    """In how many distinct names of a list each common word stands; the first row, without a word, counts all names."""
    units = spelled(records.rename({"record_id": "record"})).unique("bare", maintain_order=True)
    words = tokens(units).filter(pl.col("alias") == "bare").group_by("token").agg(names=pl.col("unit").n_unique())
    common = words.filter(pl.col("names") >= COMMON).sort("names", "token", descending=[True, False])
    return pl.concat([pl.DataFrame({"token": [""], "names": [len(units)]}), common.cast({"names": pl.Int64})])


def main(arguments: list[str]) -> None:
    """Fit on all lists, with and without their sources, and write the model; words are counted in the first list."""
    frequencies(read(Path(arguments[0]))).write_csv(WORDS / "frequency.csv")
    sets = []
    for path, truth in zip(arguments[::2], arguments[1::2], strict=True):
        records = read(Path(path))
        for name, rows in ((path, records), (f"{path} without source", without_source(records))):
            sets.append(labelled(name, rows, read(Path(truth))))
            print(f"{name}: {len(rows):,} records, {len(sets[-1].pairs):,} pairs", flush=True)
    save(train(sets), MODEL)
    print(f"written: {MODEL}")


if __name__ == "__main__":
    main(sys.argv[1:])
