"""Values that the tests compare with, from scipy and statsmodels.

    pip install scipy==1.17.1 statsmodels==0.15.0
    python src/stages/evaluation/statistics/oracle/record.py > src/stages/evaluation/statistics/oracle/recorded.json
"""

import functools
import json

import numpy as np
import scipy
import statsmodels
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import binom, binomtest, bootstrap, norm, permutation_test
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint


def mcnemar_rows():
    cases = [(0, 0), (0, 1), (1, 0), (0, 5), (0, 6), (3, 3), (2, 11), (9, 1), (0, 37), (12, 30), (150, 190), (1200, 1300)]
    return [
        {"onlyA": a, "onlyB": b, "p": float(mcnemar([[0, a], [b, 0]], exact=True).pvalue)
         if a + b else 1.0, "binomtest": float(binomtest(a, a + b, 0.5).pvalue) if a + b else 1.0}
        for a, b in cases
    ]


def wilson_rows():
    cases = [(0, 54), (1, 54), (3, 4), (37, 54), (54, 54), (14, 36), (500, 1000)]
    return [
        {"successes": k, "n": n, "low": float(low), "high": float(high)}
        for k, n in cases
        for low, high in [proportion_confint(k, n, alpha=0.05, method="wilson")]
    ]


def bootstrap_rows():
    cases = [
        ("37 of 54 gained", [1] * 37 + [0] * 17),
        ("10 gained, 3 lost of 54", [1] * 10 + [-1] * 3 + [0] * 41),
        ("shares", [0.0, 0.25, 0.5, 1.0, 1.0, 0.75, 0.5, 0.0, 0.25, 0.9, 0.1, 0.6]),
    ]
    rows = []
    for name, values in cases:
        interval = bootstrap(
            (np.array(values),), np.mean, n_resamples=400_000, batch=20_000, method="percentile", rng=np.random.default_rng(1)
        ).confidence_interval
        rows.append({"name": name, "values": values, "low": float(interval.low), "high": float(interval.high)})
    return rows


@functools.cache
def significant(gains, pairs, alpha):
    return bool(binomtest(gains, pairs, 0.5).pvalue < alpha)


def exact_power(n, against, difference, alpha=0.05):
    """Every outcome (losses, gains, ties) of n pairs, each judged by scipy's own exact test."""
    p_gain, p_loss = against + difference, against
    power = 0.0
    for pairs in range(n + 1):
        weight = binom.pmf(pairs, n, p_gain + p_loss)
        for gains in range(pairs // 2 + 1, pairs + 1):
            if significant(gains, pairs, alpha):
                power += weight * binom.pmf(gains, pairs, p_gain / (p_gain + p_loss))
    return float(power)


def power_rows():
    cases = [(10, 0.0), (30, 0.0), (54, 0.0), (54, 1 / 54), (54, 3 / 54), (36, 2 / 36), (100, 0.1)]
    rows = []
    for n, against in cases:
        low, high = 0.0, 1 - 2 * against
        while high - low > 1e-6:
            middle = (low + high) / 2
            if exact_power(n, against, middle) >= 0.8:
                high = middle
            else:
                low = middle
        rows.append({"n": n, "against": against, "detectable": high})
    return rows


def sign_flip_rows():
    """Every sign of every difference, by scipy; beyond 20 differences 200,000 draws of it."""
    rng = np.random.default_rng(5)
    cases = [
        ("two", [0.5, 0.25]),
        ("six of one size", [0.25] * 6),
        ("with zeros", [0.0, 0.5, 0.0, -0.25, 0.75, 0.1, 0.0, 0.3, 0.2]),
        ("thirds", [1 / 3, 1 / 3, -1 / 3, 2 / 3, 1 / 3, 1.0, -1 / 3, 1 / 3, 2 / 3, 1 / 3, 0.0, 1 / 3]),
        ("both ways", [round(float(x), 2) for x in rng.normal(0.1, 0.4, 15)]),
        ("many", [round(float(x), 3) for x in rng.normal(0.08, 0.3, 60)]),
    ]
    rows = []
    for name, values in cases:
        data = np.array(values)
        moved = np.count_nonzero(data)
        exact = bool(moved <= 20)
        found = permutation_test(
            (data[data != 0], np.zeros(moved)),
            lambda x, y, axis: np.sum(x - y, axis=axis),
            permutation_type="samples",
            n_resamples=np.inf if exact else 200_000,
            vectorized=True,
            rng=np.random.default_rng(1),
        )
        rows.append({"name": name, "values": values, "p": min(1.0, float(found.pvalue)), "exact": exact})
    return rows


def holm_rows():
    cases = [[0.01], [0.01, 0.04, 0.03], [0.2, 0.001, 0.02, 0.02], [1.0, 0.9, 0.5, 0.6]]
    return [{"p": p, "adjusted": [float(x) for x in multipletests(p, method="holm")[1]]} for p in cases]


def graded_rows():
    """The paired t test's exact power (non-central t) solved for the mean."""
    cases = [(8, 0.3), (20, 0.5), (54, 0.4), (200, 0.25)]
    return [
        {"n": n, "sd": sd, "detectable": float(TTestPower().solve_power(nobs=n, alpha=0.05, power=0.8) * sd)}
        for n, sd in cases
    ]


def shares(baseline, spread, difference, trials):
    """P(more successes after), P(more before) of the random-intercept logistic model, by adaptive quadrature."""

    def centre(rate):
        return brentq(
            lambda mu: quad(lambda z: expit(mu + spread * z) * norm.pdf(z), -8, 8, limit=400)[0] - rate, -60, 60, xtol=1e-12
        )

    before, after = centre(baseline), centre(baseline + difference)

    def integrand(z, up):
        p, q = expit(before + spread * z), expit(after + spread * z)
        less, more = (p, q) if up else (q, p)
        k = np.arange(1, trials + 1)
        return float(np.sum(binom.pmf(k, trials, more) * binom.cdf(k - 1, trials, less))) * norm.pdf(z)

    return [quad(integrand, -8, 8, args=(up,), limit=400)[0] for up in (True, False)]


def model_rows():
    """What a spread of difficulties means for how often two trials of a task differ, and for how tasks move under an effect."""
    rows = []
    for baseline, spread in [(0.4, 0.0), (0.4, 2.0), (0.15, 1.5), (0.7, 4.0)]:
        centre = brentq(
            lambda mu: quad(lambda z: expit(mu + spread * z) * norm.pdf(z), -8, 8, limit=400)[0] - baseline, -60, 60
        )
        discordant = 2 * quad(
            lambda z: expit(centre + spread * z) * (1 - expit(centre + spread * z)) * norm.pdf(z), -8, 8, limit=400
        )[0]
        for difference, trials in [(0.0, 1), (0.1, 1), (0.1, 3), (0.2, 5)]:
            up, down = shares(baseline, spread, difference, trials)
            rows.append(
                {"baseline": baseline, "discordant": discordant, "difference": difference, "trials": trials, "up": up, "down": down}
            )
    return rows


def needed_rows():
    """A number of tasks whose exact power, by scipy's own test, reaches 0.8 while one fewer does not."""
    cases = [(0.3, 0.0), (0.25, 0.05), (0.35, 0.1), (0.45, 0.15)]
    rows = []
    for up, down in cases:
        reaching = [n for n in range(5, 160) if exact_power(n, down, up - down) >= 0.8]
        crossings = [n for n in reaching if n - 1 not in reaching]
        rows.append({"up": up, "down": down, "crossings": crossings})
    return rows


print(
    json.dumps(
        {
            "versions": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
            "mcnemar": mcnemar_rows(),
            "wilson": wilson_rows(),
            "bootstrap": bootstrap_rows(),
            "detectable": power_rows(),
            "signFlip": sign_flip_rows(),
            "holm": holm_rows(),
            "graded": graded_rows(),
            "model": model_rows(),
            "needed": needed_rows(),
        },
        indent=2,
    )
)
