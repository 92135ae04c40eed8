"""Student's t, for intervals and for Welch's test of two means with unequal variances."""

import math
from collections import namedtuple

# Of the values of several seeds; values that are null are left out. n, mean and variance are of the
# finite ones; endless: how many are infinite.
Sample = namedtuple("Sample", "n mean variance endless", defaults=(0,))


def sample(values):
    values = [v for v in values if v is not None]
    endless = sum(math.isinf(v) for v in values)
    values = [v for v in values if not math.isinf(v)]
    n = len(values)
    if n == 0:
        return Sample(0, None, 0.0, endless)
    mean = sum(values) / n
    variance = sum((v - mean) ** 2 for v in values) / (n - 1) if n > 1 else 0.0
    return Sample(n, mean, variance, endless)


def half_width(one):
    """Half of the 95 % interval of the mean."""
    return quantile(0.975, one.n - 1) * math.sqrt(one.variance / one.n) if one.n > 1 else 0.0


def welch(a, b):
    """The probability of such a difference between equal means; 0 if neither varies."""
    spread_a, spread_b = a.variance / a.n, b.variance / b.n
    spread = spread_a + spread_b
    if a.mean == b.mean:
        return 1.0
    if spread == 0:
        return 0.0
    t = (a.mean - b.mean) / math.sqrt(spread)
    freedom = spread**2 / (spread_a**2 / max(1, a.n - 1) + spread_b**2 / max(1, b.n - 1))
    return beta_share(freedom / (freedom + t * t), freedom / 2, 0.5)


def quantile(p, freedom):
    """The p-quantile of Student's t, for p above one half."""
    low, high = 0.0, 1e6
    for _ in range(100):
        t = (low + high) / 2
        above = beta_share(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
        low, high = (low, t) if above < 1 - p else (t, high)
    return low


def beta_share(x, a, b):
    """The regularized incomplete beta function, by its continued fraction."""
    if x <= 0 or x >= 1:
        return min(1.0, max(0.0, x))
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
                     + a * math.log(x) + b * math.log(1 - x)) / a
    tiny = 1e-300
    c, d = 1.0, 1 / max(tiny, 1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, 300):
        for step in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                     -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 / (1 + step * d or tiny)
            c = 1 + step / c or tiny
            fraction *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return front * fraction
