"""Whether two samples of one metric agree: a test, and what difference would matter."""

from .statistics import welch

# A difference below these matters to nobody: a share of the figure, or an absolute amount.
RELATIVE = 0.02
RELATIVE_OF_EXTREMES = 0.08
EXTREMES = {"staleness_us_p99", "staleness_us_max", "versions_behind_max",
            "loads_per_miss_episode_max", "db_qps_peak", "db_in_flight_max", "db_queue_max",
            "read_us_p999", "write_us_p999", "waits_us_p99", "cache_blocked_us_max"}
ABSOLUTE = {"share": 0.002, "time": 20.0, "count": 1.0}


def unit(metric):
    if "_us_" in metric:
        return "time"
    return "share" if metric.endswith("_ratio") else "count"


def tolerance(metric, a, b):
    relative = RELATIVE_OF_EXTREMES if metric in EXTREMES else RELATIVE
    return max(ABSOLUTE[unit(metric)], relative * max(abs(a.mean), abs(b.mean)))


def agree(metric, a, b, threshold):
    """threshold: the probability below which a difference is not chance."""
    if a.mean is None or b.mean is None:
        # One has no value: that is a disagreement if the other has one under every seed.
        return not (a.n >= 3 and b.n == 0 or b.n >= 3 and a.n == 0)
    if min(a.n, b.n) < 3 or abs(a.mean - b.mean) <= tolerance(metric, a, b):
        return True
    return welch(a, b) >= threshold
