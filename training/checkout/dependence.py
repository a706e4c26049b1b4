"""Learn how far shipments come early or late together, by what they share.

Each forecast gives a level that its delivery reached (PIT), and that level a normal score. What two shipments share moves both scores: an order
(the address, the person at home), the place and day of origin (a full warehouse), the lane by the same service (the same truck), the
destination's region and day (a storm). Each of these explains a share of the variance, and the correlation of two shipments is the sum
of the shares of all that they share. A sum of such blocks is always a correlation matrix, whatever the shipments are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["PHASES", "RELATIONS", "Dependence", "Shared", "normal_scores", "shares_of"]

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]

RELATIONS = ("order", "origin_day", "lane_day", "destination_day")
PHASES = ("checkout", "start", "way")
"""``checkout``: nothing but the order is known; ``start``: labels are made, no shipment of the order is in a carrier's hands; ``way``: one or more are.
Forecasts at the label know the plans and those under way the shared past; what they do not know yet hangs together."""
PRIOR_GROUPS = 20.0
"""Groups of shipments that say "nothing hangs together" before any data (at checkout: "as at the label"): as many real ones are believed half."""
MOST_SHARED = 0.95
MOST_PAIRS = 40
"""Pairs looked at in one group: a warehouse with a thousand shipments a day is still one day of one warehouse."""
EXTREME = 0.003
"""Levels are kept away from 0 and 1 by this much: one impossible delivery must not decide a correlation."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Hold what *n* shipments looked at together belong to: a word for each of `RELATIONS`, the empty word where it is unknown."""

    words: Mapping[str, Words]

    def __len__(self) -> int:
        return len(self.words[RELATIONS[0]])

    def take(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> "Shared":
        """Give some rows, by position or mask."""
        return Shared({name: words[rows] for name, words in self.words.items()})

    def both(self, name: str) -> npt.NDArray[np.bool_]:
        """Say (n, n) which shipments share one relation."""
        words = self.words[name]
        found: npt.NDArray[np.bool_] = (words[:, None] == words[None, :]) & (words != "")[:, None]
        return found


@dataclass(frozen=True, slots=True)
class Dependence:
    """Hold the share of variance (0..1) that each relation explains, by phase, and how many groups of shipments said so."""

    shares: dict[str, dict[str, float]]
    groups: dict[str, int]

    @classmethod
    def nothing(cls) -> "Dependence":
        """Give independence: what is assumed when no past order came in several shipments."""
        return cls({phase: dict.fromkeys(RELATIONS, 0.0) for phase in PHASES}, dict.fromkeys(PHASES, 0))

    @classmethod
    def fit(cls, scores: Floats, shared: Shared, phase: Words) -> "Dependence":
        """Learn from normal scores (n,) of past forecasts and what they shared; only pairs of one phase are compared."""
        found = cls.nothing()
        for name in ("start", "way", "checkout"):  # checkout leans on start
            rows = phase == name
            found = found.learning(name, scores[rows], shared.take(rows))
        return found

    def learning(self, phase: str, scores: Floats, shared: Shared) -> "Dependence":
        """Give the same with one phase learnt from scores of its own.

        What few groups say at checkout is drawn towards what labels of the same network showed, which is learnt first; elsewhere towards nothing.
        """
        shares, groups = shares_of(scores, shared, self.shares["start"] if phase == "checkout" else None)
        return Dependence({**self.shares, phase: shares}, {**self.groups, phase: groups}) if groups else self

    def learnt_from(self, phase: str) -> str | None:
        """Name the phase whose shares answer for ``phase``: itself where it was learnt, at checkout else the labels; ``None`` where nothing was.

        Bundles of before 2026-11-26 know no phase ``checkout``.
        """
        fallbacks = (phase, "start") if phase == "checkout" else (phase,)
        return next((name for name in fallbacks if self.groups.get(name)), None)

    def explained(self, phase: str) -> dict[str, float]:
        """Give the share of each relation in a phase, or in the one that answers for it."""
        known = self.learnt_from(phase)
        return dict.fromkeys(RELATIONS, 0.0) if known is None else self.shares[known]

    def correlation(self, shared: Shared, phase: Words) -> Floats:
        """Give the correlation (n, n) of the normal scores of some shipments looked at together, each in a ``phase`` (n,) of its own.

        Two of different phases share the geometric mean of what each phase shares: blocks of ones times an outer product, so still a correlation.
        """
        found = np.zeros((len(shared), len(shared)))
        explained = {name: self.explained(name) for name in set(phase)}
        for relation in RELATIONS:
            load = np.sqrt([explained[name][relation] for name in phase])
            found += np.outer(load, load) * shared.both(relation)
        np.fill_diagonal(found, 1.0)
        return found

    def to_state(self) -> dict[str, Any]:
        """Give plain data."""
        return {"shares": {phase: dict(found) for phase, found in self.shares.items()}, "groups": dict(self.groups)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Dependence":
        """Make it again of plain data; a phase that its version did not know is one that was not learnt."""
        nothing = cls.nothing()
        return cls({**nothing.shares, **state["shares"]}, {**nothing.groups, **state["groups"]})


def normal_scores(reached: Floats) -> Floats:
    """Give the normal score of each level that a delivery reached."""
    from scipy.special import ndtri

    scores: Floats = ndtri(np.clip(reached, EXTREME, 1 - EXTREME))
    return scores


def shares_of(scores: Floats, shared: Shared, prior: Mapping[str, float] | None = None) -> tuple[dict[str, float], int]:
    """Explain the mean products of pairs by what they share, never negative, shrunk towards ``prior`` (nothing); give the number of groups too.

    Scores are measured against their own mean square, so windows that are too wide or too narrow do not hide what hangs together.
    """
    from scipy.optimize import nnls

    expected = dict.fromkeys(RELATIONS, 0.0) if prior is None else dict(prior)
    found = patterns(scores, shared) if len(scores) else []
    spread = float(np.mean(scores**2)) if len(scores) else 0.0
    if not found or spread <= 0:
        return expected, 0
    weight = np.sqrt([groups for _, _, groups in found])
    rows = np.array([pattern for pattern, _, _ in found], dtype=float) * weight[:, None]
    means = np.array([product / spread for _, product, _ in found]) * weight
    believed = np.sqrt(PRIOR_GROUPS)
    before = believed * np.array([expected[name] for name in RELATIONS])
    shares, _ = nnls(np.vstack([rows, believed * np.eye(len(RELATIONS))]), np.concatenate([means, before]))
    shares *= min(1.0, MOST_SHARED / max(float(shares.sum()), 1e-9))
    return {name: float(share) for name, share in zip(RELATIONS, shares, strict=True)}, sum(groups for _, _, groups in found)


Pattern = tuple[bool, ...]


def patterns(scores: Floats, shared: Shared) -> list[tuple[Pattern, float, int]]:
    """Give for each combination of shared relations the mean product of scores of its pairs, and the number of groups they come from."""
    products: dict[Pattern, dict[tuple[str, str], list[float]]] = {}
    words = [shared.words[name] for name in RELATIONS]
    for name, word, members in grouped(shared):
        for i, j in some_pairs(members):
            pattern = tuple(bool(column[i] == column[j] != "") for column in words)
            if RELATIONS[pattern.index(True)] == name:  # each pair is counted once, in the closest relation that it shares
                products.setdefault(pattern, {}).setdefault((name, word), []).append(float(scores[i] * scores[j]))
    return [
        (pattern, float(np.mean([np.mean(found) for found in by_group.values()])), len(by_group))
        for pattern, by_group in sorted(products.items())
    ]


def grouped(shared: Shared) -> Iterator[tuple[str, str, npt.NDArray[np.intp]]]:
    """Give every group of two or more shipments that share something."""
    for name in RELATIONS:
        words, codes = np.unique(shared.words[name].astype(str), return_inverse=True)
        order = np.argsort(codes, kind="stable")
        for word, members in zip(words, np.split(order, np.cumsum(np.bincount(codes, minlength=len(words)))[:-1]), strict=True):
            if word and len(members) > 1:
                yield name, str(word), members


def some_pairs(members: npt.NDArray[np.intp]) -> Sequence[tuple[int, int]]:
    """Give all pairs of a small group; of a large one evenly spread pairs, so that neighbours in the table are not favoured."""
    n = len(members)
    if n * (n - 1) // 2 <= MOST_PAIRS:
        return [(int(i), int(j)) for i, j in combinations(members, 2)]
    first = np.arange(MOST_PAIRS)
    return [(int(members[k * n // MOST_PAIRS]), int(members[(k * n // MOST_PAIRS + 1 + (7919 * k) % (n - 1)) % n])) for k in first]
