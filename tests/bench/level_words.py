"""Fits `warehouse/seeds/level_word.csv`: what words weigh for each level of integration (rule RR).

`python -m tests.bench.level_words` reads the described networks of tests/typology/described (never the labelled examples of
the code book), cross-validates list by list, writes docs/level-words.md, then fits the weights on all of them.  A network
and its translations are always on the same side of a fold.  A night needs none of this: it reads the seed.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml
from anyascii import anyascii
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from tests.bench import described
from tests.bench.described import Row
from tests.bench.scores import scored, table

ROOT = Path(__file__).parent.parent.parent
SEED = ROOT / "warehouse" / "seeds" / "level_word.csv"
REPORT = ROOT / "docs" / "level-words.md"
HELD_OUT = ROOT / "tests" / "typology" / "level_held_out.csv"
LEVELS = ("1", "2", "3")
NAMED = ("exchange", "coordination", "integration")
ALWAYS, RULES = "(always)", "(rules)"
# Words that two networks at least use, and of those as many as weigh most.
LEAST_NETWORKS, WORDS, STRENGTH = 2, 20000, 10.0
STEM, FOLDS = 7, 10
READING = yaml.safe_load((ROOT / "warehouse" / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]["reading"]
Levels = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Text:
    """A described network: its words with the number of sentences that hold them, the level that the rules find, and their scores."""

    network: str
    known_as: str
    listed_in: str
    translation: bool
    level: str
    words: dict[str, int]
    ruled: str
    settled: bool
    scores: tuple[float, float, float]


# A text and the log odds that words give its levels.
Judged = tuple[Text, Levels]


@dataclass(frozen=True, slots=True)
class Words:
    """What fitting words gives: what always weighs for each level, and {words: (rarity, weight for each level)}."""

    always: Levels
    of_words: dict[str, tuple[float, Levels]]


@dataclass(frozen=True, slots=True)
class Balance:
    """How the log odds by words and the scores by rules are added up: words times `scale`, scores times `of_rules`, `always`."""

    scale: float
    of_rules: Levels
    always: Levels

    def weighed(self, judged: list[Judged]) -> Levels:
        """Texts × levels: log odds by words and rules together."""
        by_words = np.array([odds for _, odds in judged])
        return self.scale * by_words + np.array([text.scores for text, _ in judged]) * self.of_rules + self.always


# What is read --------------------------------------------------------------------------------------
def texts(rows: list[Row]) -> list[Text]:
    """The described networks as the models read them; words that are names are left out."""
    with described.modelled(rows) as connection:
        used = connection.execute(
            """
            select network_id, words, count(*)
            from (select distinct network_id, folded from typology.statement where statement_kind in ('sentence', 'name'))
            inner join typology.phrase_word using (folded)
            group by all
            order by all
            """
        ).fetchall()
        found = connection.execute(
            "select network_id, coalesce(ruled_value, 'unknown'), settled from typology.level_decision where tier = 1"
        ).fetchall()
        scored_by_rules = connection.execute(
            """
            select network_id, value, score from typology.score
            where facet = 'integration_level' and tier = 1 and phase_id is null
            """
        ).fetchall()
    ruled = {network: (value, settled) for network, value, settled in found}
    score = {(network, value): points for network, value, points in scored_by_rules}
    named = names(rows)
    words: dict[str, dict[str, int]] = defaultdict(dict)
    for network, word, sentences in used:
        if named.isdisjoint(word.split()):
            words[network][word] = sentences
    return [
        Text(
            row["network"],
            row["known_as"],
            row["listed_in"],
            row["id"] != row["network"],
            str(row["integration_level"]),
            words[row["id"]],
            *ruled.get(row["id"], ("unknown", False)),
            (score.get((row["id"], "1"), 0.0), score.get((row["id"], "2"), 0.0), score.get((row["id"], "3"), 0.0)),
        )
        for row in rows
    ]


def names(rows: list[Row]) -> set[str]:
    """Stems of words that are names: of countries and places, and those that texts write with a capital.

    German writes all nouns so: its texts tell names by the networks and members that bear them.
    """
    places = re.compile("|".join(row["words"] for seed in ("country_word", "place_word") for row in seed_rows(seed)))
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    borne: set[str] = set()
    found: set[str] = set()
    for row in rows:
        in_german = row["id"].endswith(", de") or bool(re.search(r"\b(?:und|der|die) ", row["description"]))
        for before, word in re.findall(r"(^|[.!?]\s+|\W)([^\W\d_]{2,})", row["description"]):
            stem = stemmed(word)
            if places.fullmatch(anyascii(word).lower()):
                found.add(stem)
            elif word[0].islower():
                small[stem] += 1
            elif not in_german:
                # At the start of a sentence a capital says little, unless the word is never small.
                capital[stem] += 1 if before.strip() not in {"", ".", "!", "?"} or before == " " else 0
        for name in (row["name"], row.get("acronym") or "", *(row.get("known_members") or [])):
            borne |= {stemmed(word) for word in re.findall(r"[^\W\d_]{2,}", name)}
    never_small = {stem for stem in capital.keys() | borne if not small[stem]}
    return found | never_small | {stem for stem, times in capital.items() if times > small[stem]}


def stemmed(word: str) -> str:
    """A word as `phrase_word` cuts it."""
    return anyascii(word.replace("ß", "ss")).lower()[:STEM]


def seed_rows(name: str) -> list[dict[str, str]]:
    """A seed of the warehouse."""
    with (SEED.parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Fitting -------------------------------------------------------------------------------------------
def fitted(of: list[Text], balance: Balance) -> tuple[Words, Levels]:
    """What the seed holds: words scaled so that they stand beside the rules' scores, and what these weigh."""
    words = words_fitted(of)
    of_words = {word: (rare, balance.scale * weight) for word, (rare, weight) in words.of_words.items()}
    return Words(balance.scale * words.always + balance.always, of_words), balance.of_rules


def apart(of: list[Text]) -> list[Judged]:
    """Each text of a real network as words judge it that saw neither its list nor its network in another list."""
    lists = [name for name in dict.fromkeys(text.listed_in for text in of) if name not in described.INVENTED]
    judged: list[Judged] = []
    for fold in range(FOLDS):
        names = set(lists[fold::FOLDS])
        held_out = [text for text in of if text.listed_in in names]
        known = {text.known_as for text in held_out}
        words = words_fitted([text for text in of if text.listed_in not in names and text.known_as not in known])
        judged += zip(held_out, log_odds(held_out, words), strict=True)
    return judged


def balanced(judged: list[Judged]) -> Balance:
    """The balance of words and rules that makes the labels likeliest."""
    level = np.array([LEVELS.index(text.level) for text, _ in judged])
    counts = np.array([_counts(text) for text, _ in judged])

    def balance(asked: Levels) -> Balance:
        return Balance(asked[0], asked[1:4], asked[4:])

    def unlikely(asked: Levels) -> float:
        likely = probabilities(balance(asked).weighed(judged))[np.arange(len(level)), level]
        return float(-(counts * np.log(likely)).sum() + 0.5 * (asked[4:] ** 2).sum())

    return balance(minimize(unlikely, np.array([1.0, 0.5, 0.5, 0.5, 0.0, 0.0, 0.0])).x)


def words_fitted(of: list[Text]) -> Words:
    """Weights by logistic regression over all words first, then over those that weigh most."""
    networks: dict[str, set[str]] = defaultdict(set)
    for text in of:
        for word in text.words:
            networks[word].add(text.network)
    known = sorted(word for word, among in networks.items() if len(among) >= LEAST_NETWORKS)
    everyone = len({text.network for text in of})
    rarity = {word: math.log((1 + everyone) / (1 + len(networks[word]))) + 1 for word in known}
    first = _regression(of, rarity)
    most = sorted(known, key=lambda word: (-np.abs(first.of_words[word][1]).max() * rarity[word], word))[:WORDS]
    return _regression(of, {word: rarity[word] for word in sorted(most)})


def _counts(text: Text) -> float:
    """A translation counts half: the network was heard already."""
    return 0.5 if text.translation else 1.0


def _regression(of: list[Text], rarity: dict[str, float]) -> Words:
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=5000)
    model.fit(matrix(of, rarity), [text.level for text in of], sample_weight=[_counts(text) for text in of])
    assert tuple(model.classes_) == LEVELS
    return Words(model.intercept_, {word: (rarity[word], model.coef_[:, column]) for column, word in enumerate(rarity)})


def matrix(of: list[Text], rarity: dict[str, float]) -> csr_matrix:
    """Texts × words as `level_reading` weighs them."""
    column = {word: number for number, word in enumerate(rarity)}
    cells, rows, columns = [], [], []
    for number, text in enumerate(of):
        used = [(word, times) for word, times in text.words.items() if word in rarity]
        mass = sum(times * rarity[word] ** 2 for word, times in used)
        for word, times in used:
            cells.append(times * rarity[word] / math.sqrt(mass))
            rows.append(number)
            columns.append(column[word])
    return csr_matrix((cells, (rows, columns)), shape=(len(of), len(rarity)))


def log_odds(of: list[Text], words: Words) -> Levels:
    """Texts × levels: what words say, as SQL adds it up."""
    rarity = {word: rare for word, (rare, _) in words.of_words.items()}
    return words.always + matrix(of, rarity) @ np.array([weight for _, weight in words.of_words.values()])


def probabilities(odds: Levels) -> Levels:
    """Texts × levels, each text's adding up to one, of log odds."""
    return np.exp(odds - np.logaddexp.reduce(odds, axis=-1, keepdims=True))


# Cross-validation -----------------------------------------------------------------------------------
def cross_validated(judged: list[Judged]) -> list[tuple[Text, Levels, Levels]]:
    """Each text with its probabilities by words alone and beside rules; nothing fitted saw a text of its list."""
    found = []
    for name in dict.fromkeys(text.listed_in for text, _ in judged):
        held_out = [(text, odds) for text, odds in judged if text.listed_in == name]
        balance = balanced([(text, odds) for text, odds in judged if text.listed_in != name])
        for (text, odds), both in zip(held_out, balance.weighed(held_out), strict=True):
            found.append((text, probabilities(odds), probabilities(both)))
    return found


def decided(text: Text, likely: Levels) -> str:
    """The level that `level_decision` chooses."""
    if text.settled:
        return text.ruled
    return LEVELS[int(likely.argmax())] if likely.max() >= READING["least"] else "unknown"


def report(judged: list[tuple[Text, Levels, Levels]], words: int) -> str:
    """The figures of the cross-validation, list by list."""
    rows = []
    for heading, keep in [
        *((name, name) for name in described.OWN),
        ("all", None),
        ("all, translated", "translations"),
    ]:
        of = [
            (text, by_words, likely)
            for text, by_words, likely in judged
            if text.translation == (keep == "translations") and keep in (None, "translations", text.listed_in)
        ]
        rows.append(
            (
                heading,
                len(of),
                _figures([(text.level, text.ruled) for text, _, _ in of]),
                _figures([(text.level, LEVELS[int(by_words.argmax())]) for text, by_words, _ in of]),
                _figures([(text.level, decided(text, likely)) for text, _, likely in of]),
            )
        )
    heads = ("list held out", "networks", "rules alone", "words alone", "rules and words")
    return HEAD.format(words=words, strength=STRENGTH, date=datetime.now(UTC).strftime("%Y-%m-%d")) + table(heads, rows)


def _figures(pairs: list[tuple[str, str]]) -> str:
    return " / ".join(f"{figure:.2f}" for figure in scored(pairs, list(LEVELS)))


def seeded() -> tuple[Words, Levels]:
    """What the seed holds, as `fitted` gives it."""
    rows = {row["words"]: row for row in seed_rows("level_word")}
    of_level = {word: np.array([float(row[level]) for level in NAMED]) for word, row in rows.items()}
    always, of_rules = of_level.pop(ALWAYS), of_level.pop(RULES)
    return Words(always, {word: (float(rows[word]["rarity"]), weight) for word, weight in of_level.items()}), of_rules


def write(words: Words, of_rules: Levels) -> None:
    """The seed: a row for each word, one for what always weighs, and one for what the scores of the rules weigh."""
    with SEED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("words", "rarity", *NAMED))
        for row, weight in ((ALWAYS, words.always), (RULES, of_rules)):
            writer.writerow((row, "1", *(f"{one:.3f}" for one in weight)))
        for word, (rarity, weight) in sorted(words.of_words.items()):
            writer.writerow((word, f"{rarity:.3f}", *(f"{one:.3f}" for one in weight)))


def keep(judged: list[tuple[Text, Levels, Levels]]) -> None:
    """The levels found for networks whose list was held out, for the report on all facets."""
    with HELD_OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("network", "label", "found", "likely"))
        for text, _, likely in judged:
            if not text.translation:
                writer.writerow((text.network, text.level, decided(text, likely), f"{likely.max():.3f}"))


def main() -> None:
    """Cross-validate, report, fit on everything, write the seed."""
    rows = [row for row in described.training() if "integration_level" not in row.get("disputed", ())]
    of = texts(rows)
    judged = apart(of)
    words, of_rules = fitted(of, balanced(judged))
    write(words, of_rules)
    held_out = cross_validated(judged)
    keep(held_out)
    REPORT.write_text(report(held_out, len(words.of_words)), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))


HEAD = """# Words of the levels: how far fitting helps

Written by `make level-words` on {date}.  Rule RR weighs all words of a text for each level of integration, beside what the
signs of the rules score ([typology.md](typology.md)).  The weights of {words:,} words and pairs of words, and of the three
scores beside them (`warehouse/seeds/level_word.csv`), are fitted by logistic regression (strength {strength:.0f}) to the networks
described in tests/typology/described and to translations of some of them; the labelled examples of the code book are not among
them.  Here each list is judged by weights that were fitted to the other lists alone, its networks left out where another list
has them too.  Cells: macro-F1 / right among the answered / share answered.  What the rules alone find flatters for the lists up
to `letters`, as the rules were improved after reading their misses; of those after it some misses were read.

"""

if __name__ == "__main__":
    main()
