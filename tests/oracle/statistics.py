"""Reference values for src/stats, computed another way than the Rust code does.

    pip install numpy scipy statsmodels
    python3 tests/oracle/statistics.py          # Python 3.11; prints one JSON object

Gaps: the Mantel-Haenszel ratio in exact fractions, held against statsmodels' StratifiedTable; the p-value from all 2^m sign flips
of d_a = A_a - rho * B_a in exact fractions (no subset ratios); the interval by inverting that test over the candidate ratios.
`drawn` has 18 contributing authors, where Rust draws and only the whole set of 2^18 subsets is exact: compare within Monte Carlo error.
Levels: delete-one jackknife with numpy, Student t from scipy. `null` is an open end. False discovery rates: scipy. Between teams: the
studentised difference of rates, variances from residuals with numpy, over all assignments of authors. Log-odds, dispersion and the authors'
coefficient of variation: the published formulas, written out with math.
"""
import json
from fractions import Fraction
from itertools import combinations
from math import lcm, log, sqrt

import numpy as np
from scipy import stats
from statsmodels.stats.contingency_tables import StratifiedTable

# One author a row: n_0, n_1, h_0, h_1 (0 numerator, 1 denominator).
GAPS = {
    "six": [(40, 38, 3, 1), (22, 30, 2, 1), (51, 44, 4, 2), (10, 12, 1, 1), (35, 20, 2, 0), (28, 33, 0, 1)],
    "twelve": [(40, 38, 3, 1), (22, 30, 2, 3), (51, 44, 4, 2), (10, 12, 1, 1), (35, 20, 2, 0), (28, 33, 0, 1), (60, 6, 5, 0),
               (17, 90, 1, 2), (33, 33, 2, 1), (45, 5, 3, 1), (8, 70, 1, 2), (25, 26, 2, 0), (19, 0, 4, 0), (0, 23, 0, 3),
               (31, 29, 0, 0)],
    "eight_strong": [(40, 40, 6, 1), (30, 35, 4, 1), (25, 20, 3, 0), (50, 45, 7, 2), (20, 22, 3, 1), (36, 30, 4, 1), (28, 28, 5, 1),
                     (44, 41, 6, 1)],
    "open_above": [(40, 40, 2, 0), (30, 20, 3, 0), (25, 35, 1, 0), (50, 45, 2, 0), (20, 22, 1, 0), (36, 30, 1, 0), (28, 28, 1, 2)],
    "one_side_only": [(40, 40, 2, 0), (30, 20, 3, 0), (25, 35, 1, 0), (50, 45, 2, 0), (20, 22, 1, 0), (36, 30, 1, 0), (28, 28, 1, 0)],
    "ties": [(30, 30, 1, 1), (20, 20, 2, 2), (10, 20, 1, 2), (7, 3, 1, 0), (3, 7, 0, 1), (11, 13, 2, 1), (13, 11, 1, 2)],
    "four": [(40, 38, 3, 1), (22, 30, 2, 1), (51, 44, 4, 2), (10, 12, 1, 1)],
    "drawn": [(40, 38, 3, 1), (22, 30, 2, 3), (51, 44, 4, 2), (10, 12, 1, 1), (35, 20, 2, 0), (28, 33, 0, 1), (60, 16, 5, 0),
              (17, 60, 1, 2), (33, 33, 2, 1), (45, 15, 3, 1), (18, 70, 1, 2), (25, 26, 2, 0), (41, 40, 4, 1), (39, 52, 2, 1),
              (27, 21, 1, 1), (48, 47, 3, 2), (12, 18, 1, 0), (55, 49, 2, 3)],
}

# One author a row: hits, exposure.
LEVELS = {
    "seven": [(3, 4120), (0, 2210), (7, 5031), (1, 880), (0, 150), (12, 7400), (2, 3333)],
    "three": [(1, 100), (1, 250), (4, 900)],
    "other_team": [(1, 3900), (2, 2750), (0, 1200), (1, 6100), (1, 2900)],
}


def terms(authors):
    """A_a and B_a of the authors who contribute, as exact integers over one common denominator."""
    pairs = [(Fraction(h0 * n1, n0 + n1), Fraction(h1 * n0, n0 + n1)) for n0, n1, h0, h1 in authors if n0 and n1 and h0 + h1]
    scale = lcm(*(term.denominator for pair in pairs for term in pair))
    return [(int(a * scale), int(b * scale)) for a, b in pairs]


def flip_p(pairs, ratio):
    """Two-sided p of `ratio` from all 2^m sign flips of sum(A - ratio * B)."""
    d = [a * ratio.denominator - b * ratio.numerator for a, b in pairs]
    flipped = [0]
    for value in d:
        flipped = [s + value for s in flipped] + [s - value for s in flipped]
    seen = sum(d)
    tail = min(sum(s >= seen for s in flipped), sum(s <= seen for s in flipped))
    return min(Fraction(1), Fraction(2 * tail, len(flipped)))


def subset_sums(pairs):
    sums = [(0, 0)]
    for a, b in pairs:
        sums += [(x + a, y + b) for x, y in sums]
    return sums


def inverted_interval(pairs, alpha):
    """Least and greatest ratio that the test keeps (p > alpha). p is a step function that changes only at subset ratios."""
    steps = sorted({Fraction(a, b) for a, b in subset_sums(pairs) if b})
    infinite = Fraction(10**30)  # stands for a ratio above all steps

    def kept(ratio):
        return flip_p(pairs, ratio) > alpha

    if not steps:  # nothing in the denominator: is every finite ratio refused?
        return (None, None) if kept(infinite) else ("inf", None)
    # The kept ratios are one stretch that holds the whole sample's ratio; each end is found by halving.
    middle = steps.index(Fraction(sum(a for a, _ in pairs), sum(b for _, b in pairs)))

    def outermost(path):
        low, high = 0, len(path) - 1  # path[0] is kept
        while low < high:
            half = (low + high + 1) // 2
            low, high = (half, high) if kept(path[half]) else (low, half - 1)
        return path[low]

    low = None if kept(Fraction(0)) or kept(Fraction(1, 10**30)) else float(outermost(steps[middle::-1]))
    high = None if kept(infinite) else float(outermost(steps[middle:]))
    return low, high


def gap(authors):
    pairs = terms(authors)
    a, b = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    both = [row for row in authors if row[0] and row[1]]
    weights = np.array([n0 * n1 / (n0 + n1) for n0, n1, _, _ in both])
    table = StratifiedTable([np.array([[h0, n0 - h0], [h1, n1 - h1]], float) for n0, n1, h0, h1 in both])
    if b:
        assert np.isclose(table.riskratio_pooled, a / b, rtol=1e-12)
    out = {
        "ratio": a / b if b else "inf",
        "n_naming_both": len(both),
        "n_contributing": len(pairs),
        "naming": [sum(row[t] for row in authors) for t in (0, 1)],
        "hits": [sum(row[2 + t] for row in authors) for t in (0, 1)],
        "expected": [float(sum(Fraction((r[2] + r[3]) * r[t], r[0] + r[1]) for r in authors)) for t in (0, 1)],
        "effective_authors": float(weights.sum() ** 2 / (weights**2).sum()),
    }
    if len(pairs) <= 12:
        return out | {
            "p": float(flip_p(pairs, Fraction(1))),
            "interval": inverted_interval(pairs, Fraction(1, 20)),
            "interval90": inverted_interval(pairs, Fraction(1, 10)),
        }
    sums = np.array([(0.0, 0.0)])
    for pair in pairs:
        sums = np.concatenate([sums, sums + np.array(pair, float)])
    with np.errstate(divide="ignore"):
        ratios = np.sort(sums[1:, 0] / sums[1:, 1])
    tail = min((ratios <= 1).sum(), (ratios >= 1).sum()) + 1
    ends = {name: [ratios[len(sums) // parts - 1], ratios[len(ratios) - len(sums) // parts]]
            for name, parts in (("interval", 40), ("interval90", 20))}
    return out | {"p": float(2 * tail / len(sums))} | {name: [float(x) for x in pair] for name, pair in ends.items()}


def log_rate(authors):
    hits, exposure = np.array(authors, float).T
    without = np.log((hits.sum() - hits) / (exposure.sum() - exposure))
    n = len(authors)
    return np.log(hits.sum() / exposure.sum()), (n - 1) ** 2 / n * without.var(ddof=1), n - 1


def level(authors, confidence=0.95):
    estimate, variance, df = log_rate(authors)
    ends = stats.t.interval(confidence, df, loc=estimate, scale=np.sqrt(variance))
    return {"rate": float(np.exp(estimate)), "interval": [float(x) for x in np.exp(ends)]}


def compare(one, other, confidence=0.95):
    (x, v, n), (y, w, m) = log_rate(one), log_rate(other)
    df = (v + w) ** 2 / (v**2 / n + w**2 / m)
    ends = stats.t.interval(confidence, df, loc=x - y, scale=np.sqrt(v + w))
    return {"ratio": float(np.exp(x - y)), "degrees_of_freedom": float(df), "interval": [float(x) for x in np.exp(ends)]}


def permutation_p(one, other):
    """Of |t| over all assignments of the authors to teams of these sizes."""
    def part(team):
        hits, exposure = np.array(team, float).T
        rate = hits.sum() / exposure.sum()
        return rate, len(team) * (hits - rate * exposure).var(ddof=1) / exposure.sum() ** 2

    def statistic(team, rest):
        (x, v), (y, w) = part(team), part(rest)
        return abs(x - y) / sqrt(v + w)

    everybody, observed = one + other, statistic(one, other)
    teams = list(combinations(range(len(everybody)), len(one)))
    rest = [[everybody[i] for i in range(len(everybody)) if i not in team] for team in teams]
    found = [statistic([everybody[i] for i in team], others) for team, others in zip(teams, rest)]
    return sum(value >= observed * (1 - 1e-9) for value in found) / len(found)


def log_odds(count, total, prior, prior_total):
    """Monroe, Colaresi & Quinn 2008, eqs. 16, 20 and 22."""
    omega = [log(y + prior) - log(n + prior_total - y - prior) for y, n in zip(count, total)]
    variance = sum(1 / (y + prior) for y in count)
    return {"log_odds": omega[0] - omega[1], "z": (omega[0] - omega[1]) / sqrt(variance)}


def dispersion(authors):
    """Gries 2008, normalised as in Lijffijt & Gries 2012."""
    uses, words = (sum(column) for column in zip(*authors))
    dp = sum(abs(Fraction(u, uses) - Fraction(w, words)) for u, w in authors) / 2
    return float(dp / (1 - min(Fraction(w, words) for _, w in authors)))


def author_cv(authors):
    naming, hits = np.array(authors, float).T
    mean = naming * hits.sum() / naming.sum()
    return float(np.sqrt(max(((hits - mean) ** 2 - mean).sum(), 0) / (mean**2).sum()))


print(json.dumps({
    "gaps": {name: gap(authors) for name, authors in GAPS.items()},
    "levels": {name: level(authors) for name, authors in LEVELS.items()},
    "compare": {"seven/other_team": compare(LEVELS["seven"], LEVELS["other_team"])},
    "between": permutation_p(LEVELS["seven"], LEVELS["other_team"]),
    "q": stats.false_discovery_control([0.01, 0.04, 0.03, 0.005, 0.55, 0.03, 0.9]).tolist(),
    "log_odds": log_odds([31, 7], [5210, 4877], 12.5, 1000),
    "dispersion": dispersion([(3, 4120), (0, 2210), (7, 5031), (1, 880), (12, 7400)]),
    "author_cv": author_cv([(80, 9), (40, 0), (120, 2), (60, 1), (90, 14)]),
    "t": {f"{p},{df}": float(stats.t.ppf(p, df)) for p, df in ((0.975, 2), (0.95, 9.37), (0.975, 29), (0.995, 4))},
}, indent=1))
