"""Whether two samples of one metric agree: a test, and what difference would matter."""

from .statistics import welch

# A difference below these matters to nobody: a share of the figure, or an absolute amount.
RELATIVE = 0.02
RELATIVE_OF_EXTREMES = 0.08
EXTREMES = {"staleness_us_p99", "staleness_us_max", "versions_behind_max",
            "loads_per_miss_episode_max", "db_qps_peak", "db_in_flight_max", "db_queue_max",
            "read_us_p999", "write_us_p999", "waits_us_p99", "cache_blocked_us_max",
            "time_to_recover_us"}
ENOUGH = 3  # values of each side
ABSOLUTE = {"share": 0.002, "time": 20.0, "count": 1.0}


def unit(metric):
    if "_us_" in metric or metric.endswith("_us"):
        return "time"
    return "share" if metric.endswith("_ratio") else "count"


def tolerance(metric, a, b):
    relative = RELATIVE_OF_EXTREMES if metric in EXTREMES else RELATIVE
    return max(ABSOLUTE[unit(metric)], relative * max(abs(a.mean), abs(b.mean)))


def agree(metric, a, b, threshold):
    """threshold: the probability below which a difference is not chance."""
    # Where one side has no value, no finite or no infinite one, and the other nothing else.
    for one, other in ((a, b), (b, a)):
        if other.n + other.endless == 0 and one.n + one.endless >= ENOUGH:
            return False
        if other.n == 0 and other.endless >= ENOUGH and one.endless == 0 and one.n >= ENOUGH:
            return False
    if min(a.n, b.n) < ENOUGH or abs(a.mean - b.mean) <= tolerance(metric, a, b):
        return True
    return welch(a, b) >= threshold
