"""Writes recorded.json: what scikit-learn, statsmodels and SciPy say of the same ratings.

    pip install scikit-learn statsmodels scipy
    python record.py > recorded.json
"""

import json
import random

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy.stats import bootstrap
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

draw = random.Random(7)


def ratings(n, top, noise):
    judge = [draw.randint(0, top) for _ in range(n)]
    human = [min(top, max(0, score + draw.choice(noise))) for score in judge]
    return judge, human


weighted = []
for n, top, noise in [(5, 2, [0]), (10, 10, [0, 1]), (40, 10, [-3, -1, 0, 0, 2]), (60, 5, [-1, 0, 0, 1]), (200, 3, [-2, 0, 1]), (30, 1, [0, 1])]:
    judge, human = ratings(n, top, noise)
    kappa = cohen_kappa_score(judge, human, weights="quadratic", labels=list(range(top + 1)))
    weighted.append({"judge": judge, "human": human, "top": top, "kappa": float(kappa)})

plain = []
for n, noise in [(8, [0, 1]), (30, [-1, 0, 0]), (100, [-1, 0, 0, 0, 1])]:
    judge, human = ratings(n, 1, noise)
    plain.append({"judge": judge, "human": human, "kappa": float(cohen_kappa_score(judge, human))})

fleiss = []
for n, raters, p in [(6, 3, 0.5), (40, 5, 0.7), (25, 2, 0.3)]:
    table = [[int(draw.random() < p * (1.2 if row % 2 else 0.6)) for _ in range(raters)] for row in range(n)]
    counts = aggregate_raters(np.array(table))[0]
    fleiss.append({"answers": table, "kappa": float(fleiss_kappa(counts))})


def quadratic(judge, human):
    """Cohen's weighted kappa from its definition, for every resample."""
    observed = ((judge - human) ** 2).mean(axis=-1)
    chance = (judge**2).mean(axis=-1) + (human**2).mean(axis=-1) - 2 * judge.mean(axis=-1) * human.mean(axis=-1)
    return 1 - observed / chance


case = weighted[3]
judge, human = np.array(case["judge"]) / case["top"], np.array(case["human"]) / case["top"]
options = {"method": "percentile", "n_resamples": 100_000, "rng": np.random.default_rng(1)}
bias = bootstrap((judge - human,), np.mean, **options).confidence_interval
kappa = bootstrap((judge, human), lambda a, b, axis: quadratic(a, b), paired=True, vectorized=True, **options).confidence_interval
intervals = {"case": 3, "bias": [float(bias.low), float(bias.high)], "kappa": [float(kappa.low), float(kappa.high)]}

versions = {"scikit-learn": sklearn.__version__, "statsmodels": statsmodels.__version__, "scipy": scipy.__version__}
print(json.dumps({"versions": versions, "weighted": weighted, "plain": plain, "fleiss": fleiss, "intervals": intervals}))
