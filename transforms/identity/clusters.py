"""Groups from scored pairs, the strongest pair first.

Two groups become one while the mean score over all pairs between them stays above zero; a pair that
was never compared counts as `unseen`.  So one weak bridge joins no two groups, and a decision that two
records differ keeps their groups apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]
UNSEEN = -4.0  # log-odds of a pair that shares no key: blocking misses one true pair in fifty
DECIDED = 1e6  # log-odds of a pair that a person decided: no sum of others outweighs it


def components(n: int, left: Numbers, right: Numbers) -> Numbers:
    """The smallest member of each of `n` nodes' connected component; edges as two arrays of node numbers."""
    label = np.arange(n)
    while True:
        low = np.minimum(label[left], label[right])
        new = label.copy()
        np.minimum.at(new, label[left], low)
        np.minimum.at(new, label[right], low)
        new = new[new]
        if (new == label).all():
            return label
        label = new


def cluster(n: int, left: Numbers, right: Numbers, score: Scores, unseen: float = UNSEEN) -> Numbers:
    """The smallest member of each of `n` records' group; pairs as record numbers with their log-odds."""
    joins = score > 0
    reach = components(n, left[joins], right[joins])
    size = np.bincount(reach, minlength=n)
    group = np.where(size[reach] <= 2, reach, np.arange(n))
    inside = (reach[left] == reach[right]) & (size[reach[left]] > 2)
    for first, members in _merged(left[inside], right[inside], score[inside], unseen):
        group[members] = first
    return group


def _merged(left: Numbers, right: Numbers, score: Scores, unseen: float) -> list[tuple[int, list[int]]]:
    """(first member, members) of the groups among records that more than one pair holds together."""
    members: dict[int, list[int]] = {}
    between: dict[int, dict[int, tuple[float, int]]] = {}  # sum and number of the scores between two groups
    group: dict[int, int] = {}
    for a, b, z in zip(left.tolist(), right.tolist(), score.tolist(), strict=True):
        for one in (a, b):
            members.setdefault(one, [one])
            group.setdefault(one, one)
        between.setdefault(a, {})[b] = between.setdefault(b, {})[a] = (z, 1)
    for at in np.argsort(-score, kind="stable").tolist():
        if score[at] <= 0:
            break
        a, b = group[int(left[at])], group[int(right[at])]
        if a == b:
            continue
        total, known = between[a][b]
        pairs = len(members[a]) * len(members[b])
        if total + (pairs - known) * unseen <= 0:
            continue
        if len(between[a]) < len(between[b]):
            a, b = b, a
        del between[a][b], between[b][a]
        for other, (more, count) in between.pop(b).items():
            sum_so_far, so_far = between[a].get(other, (0.0, 0))
            between[a][other] = between[other][a] = (sum_so_far + more, so_far + count)
            del between[other][b]
        for one in members[b]:
            group[one] = a
        members[a] += members.pop(b)
    return [(min(found), found) for found in members.values()]
