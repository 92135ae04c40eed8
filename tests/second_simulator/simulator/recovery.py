"""How long it takes after an incident until failures and queries are what they were before it."""

import math

BUCKETS_AT_MOST = 100_000
IN_A_ROW = 10
A_TENTH_ABOVE = 1.1
OF_OPERATIONS = 0.01  # up to this share of a bucket's operations, more queries are usual, too


class Buckets:
    """Of the measured time: queries, operations, and those that failed."""

    def __init__(self, traffic, starts, responses):
        self.begin, self.end = traffic.warmup, traffic.duration
        self.width = max(traffic.peak_window, (self.end - self.begin) / BUCKETS_AT_MOST)
        count = max(1, math.ceil((self.end - self.begin) / self.width))
        self.queries, self.operations, self.failed = [0] * count, [0] * count, [0] * count
        for moment in starts:
            self.queries[self.at(moment)] += 1
        for moment, failed in responses:
            self.operations[self.at(moment)] += 1
            self.failed[self.at(moment)] += failed

    def at(self, moment):
        return int((moment - self.begin) // self.width)

    def starts_at(self, bucket):
        return self.begin + bucket * self.width

    def between(self, first, last):
        """The buckets that lie within [first, last)."""
        return [b for b in range(len(self.queries))
                if self.starts_at(b) >= first and self.starts_at(b + 1) <= last]

    def failing(self, bucket):
        return self.failed[bucket] / max(1, self.operations[bucket])

    def usual(self, bucket, before):
        most = max(self.queries[b] for b in before)
        failing = max(self.failing(b) for b in before)
        queries = self.queries[bucket]
        few = queries <= most + OF_OPERATIONS * self.operations[bucket]
        return (self.failing(bucket) <= A_TENTH_ABOVE * failing
                and (queries <= A_TENTH_ABOVE * most or few))


def time_to_recover(traffic, starts, responses):
    """The longest over all incidents, in nanoseconds; None without an incident that has a whole
    bucket before it, and one until the next incident or the end. No document says the latter."""
    buckets = Buckets(traffic, starts, responses)
    moments = sorted({i.at for i in traffic.incidents if i.at < buckets.end})
    longest = None
    for n, incident in enumerate(moments):
        since = max(buckets.begin, moments[n - 1]) if n else buckets.begin
        following = moments[n + 1] if n + 1 < len(moments) else None
        before = buckets.between(since, incident)
        if before:
            time = after(buckets, incident, following, before)
            if time is not None:
                longest = time if longest is None else max(longest, time)
    return longest


def after(buckets, incident, following, before):
    own = buckets.at(incident)
    last = buckets.at(buckets.end if following is None else following)  # a part is no bucket
    usual = [buckets.usual(b, before) for b in range(own, last)]
    for n in range(len(usual)):
        if all(usual[n:n + IN_A_ROW]):
            return max(0, buckets.starts_at(own + n) - incident)
    return math.inf if usual else None
