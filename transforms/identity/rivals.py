"""What the rivals of a pair say: a register seldom holds a body twice, so whoever is better matched elsewhere is less likely here.

Rivals of a record are its other candidates in the same source as the partner.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.identity.blocking import Blocks
from transforms.identity.features import Feature, level

AT_THE_DOOR = 7  # the level of place from which two records live at one door
LEADS = (-8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 25)
UNRIVALLED = 30.0  # the lead of who has none
REACHED = (-11, -9, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 5)


def _leads(whose: str) -> tuple[str, ...]:
    """What the levels of a lead say of the best rival of one of the records."""
    last = LEADS[-1]
    steps = [
        f"the best rival {whose} is not reached" if bound <= 0 else f"ahead by {bound} of the best rival {whose}"
        for bound in LEADS
        if bound != last
    ]
    return (f"far behind the best rival {whose}", *steps, f"no rival {whose}")


RIVALS: dict[str, Feature] = {
    "lead": Feature(LEADS, _leads("of the record that is better matched elsewhere"), 1),
    "best_lead": Feature(LEADS, _leads("of the other record"), 1),
    "best_rival": Feature(REACHED, "the better one of the best rivals reaches {:+.0f}", least="neither has a rival"),
    "other_rival": Feature(REACHED, "the other best rival reaches {:+.0f}", least="one of them has no rival"),
    "names_at_the_door": Feature((1, 2, 3, 5, 9, 17), "{:.0f} names or more live at this door", least="no door to compare"),
    "rivals_at_the_door": Feature((1, 2, 3, 5, 9), "{:.0f} candidates or more live at this door", least="no candidate lives at this door"),
}  # fmt: skip
HIGHEST = 10.0  # log-odds beyond which more says nothing more
ALONE = -12.0  # the log-odds of a rival that is not there


def rivalry(pairs: pl.DataFrame, blocks: Blocks, units: pl.DataFrame, log_odds: NDArray[np.float32]) -> pl.DataFrame:
    """Levels (UInt8) of RIVALS for each pair, from the log-odds of the comparisons alone."""
    about = _about(blocks, units)
    both = pairs.select("l", "r", near=pl.col("place") >= AT_THE_DOOR)
    both = both.with_columns(score=pl.Series(np.clip(log_odds, -HIGHEST, HIGHEST)))
    for side in ("l", "r"):
        both = both.join(about, left_on=side, right_on="unit", how="left", maintain_order="left", suffix="_r")
    left, right = _rivals(both, "l", "_r"), _rivals(both, "r", "")
    score = both["score"].to_numpy()
    rival = [side["rival"].to_numpy() for side in (left, right)]
    ahead = [np.where(best == ALONE, UNRIVALLED, score - best) for best in rival]
    found = {
        "lead": np.minimum(*ahead),
        "best_lead": np.maximum(*ahead),
        "best_rival": np.maximum(*rival),
        "other_rival": np.minimum(*rival),
        "names_at_the_door": both.select(pl.max_horizontal(pl.col("crowd", "crowd_r").fill_null(0)))
        .to_series()
        .to_numpy(),
        "rivals_at_the_door": np.maximum(left["near"].to_numpy(), right["near"].to_numpy()),
    }
    return pl.DataFrame({name: level(feature, found[name].astype(np.float32)) for name, feature in RIVALS.items()})


def _about(blocks: Blocks, units: pl.DataFrame) -> pl.DataFrame:
    """unit, its source, its name as sorted words with its town (`body`), and how many names live at its door (`crowd`)."""
    door = pl.when((pl.col("postcode") != "") & (pl.col("road") != "")).then(
        pl.concat_str("country", "postcode", pl.col("road").str.head(5), pl.col("house").list.first().fill_null(""), separator="|")
    )  # fmt: skip
    bare = blocks.names.filter(pl.col("alias") == "bare").select("unit", "words")
    named = units.select(
        "unit",
        pl.col("source").cast(pl.Categorical),
        "bare",
        "country",
        "town",
        placed=door.is_not_null(),
        door=door.hash(),
    )
    named = named.join(bare, on="unit", how="left", maintain_order="left")
    name = pl.coalesce("words", "bare")
    named = named.with_columns(name=name.hash(), body=pl.concat_str(name, "country", "town", separator="|").hash())
    crowd = named.filter("placed").group_by("door").agg(crowd=pl.col("name").n_unique())
    return named.join(crowd, on="door", how="left", maintain_order="left").select(
        "unit", "source", "body", crowd=pl.when("placed").then("crowd")
    )


def _rivals(both: pl.DataFrame, me: str, partner: str) -> pl.DataFrame:
    """For one side of each pair: its best rival's log-odds, and how many live at its door.

    Rows of the partner's own name in its town are no rivals: they are spellings of one body.
    """
    source, body = f"source{partner}", f"body{partner}"
    group, own = [me, source], [me, source, body]
    side = both.select(me, source, body, "score", "near").with_columns(
        top=pl.col("score").max().over(group),
        best=pl.col("score").max().over(own),
    )
    leads = pl.col("best") == pl.col("top")
    side = side.with_columns(
        leaders=pl.when(leads).then(body).n_unique().over(group) - (~leads).any().over(group).cast(pl.UInt32),
        second=pl.when(~leads).then("score").max().over(group),
        doors=pl.when("near").then(body).n_unique().over(group) - (~pl.col("near")).any().over(group).cast(pl.UInt32),
    )
    alone = leads & (pl.col("leaders") == 1)
    return side.select(
        rival=pl.when(alone).then(pl.col("second").fill_null(ALONE)).otherwise("top"),
        near="doors",
    )
