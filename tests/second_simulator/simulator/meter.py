"""Counts what happens, as docs/metrics.md defines it."""

import math

from .recovery import time_to_recover

CAUSES = ("cold", "expired", "evicted", "invalidated", "emptied", "renamed", "unanswered",
          "bypassed")
POINTS = {"p50": (50, 100), "p95": (95, 100), "p99": (99, 100), "p999": (999, 1000)}
FAILED = math.inf  # in the percentiles of latency, a failed operation ranks above all others


def bucket_end(value):
    """The upper end of a value's bucket: one per nanosecond up to 255, then 128 per doubling."""
    if value < 256:
        return value
    shift = value.bit_length() - 8
    return (((value >> shift) + 1) << shift) - 1


def percentile(ascending, of, out_of):
    """Nearest rank, as the histogram shows it; None for no values, infinite if it is a failed one."""
    if not ascending:
        return None
    value = ascending[-(-len(ascending) * of // out_of) - 1]
    if value == FAILED:
        return math.inf
    largest = next(v for v in reversed(ascending) if v != FAILED)
    return min(bucket_end(value), largest) / 1000


class Episode:
    __slots__ = ("counts", "loads")

    def __init__(self, counts):
        self.counts = counts
        self.loads = 0


class Meter:
    def __init__(self, traffic, clock):
        self.clock = clock
        self.traffic = traffic
        self.count = dict.fromkeys(
            ("reads", "writes", "hits", "misses", "stale_fills", "stale_residue", "loads",
             "db_reads", "db_writes", "db_in_flight_max", "db_queue_max", "db_rejects",
             "keyspace_hits", "keyspace_misses", "evicted_keys", "expired_keys", "oom_errors",
             "lost_writes", "wasted_refreshes", "absent_lookups_reaching_db", "errors", "timeouts",
             "versions_behind_max"), 0)
        self.causes = dict.fromkeys(CAUSES, 0)
        self.times = {"read": [], "write": []}
        self.waits = []
        self.responses = []  # of operations: (moment, failed)
        self.answers = []  # of reads: (key, version, invoked, moment of the answer)
        self.episodes = []
        self.open_episodes = {}
        self.told = {}  # key -> newest version that the cache was told of
        self.starts = []
        self.db_waited = 0
        self.memory_max = 0
        self.memory_now = 0
        self.blocked_max = 0

    # Windows.

    def measured(self, moment):
        return self.traffic.warmup <= moment < self.traffic.duration

    def effect(self, name, amount=1):
        if self.measured(self.clock.now):
            self.count[name] += amount

    def most(self, name, value):
        if self.measured(self.clock.now):
            self.count[name] = max(self.count[name], value)

    # The cache.

    def lookup(self, found):
        self.effect("keyspace_hits" if found else "keyspace_misses")

    def evicted_key(self):
        self.effect("evicted_keys")

    def expired_key(self):
        self.effect("expired_keys")

    def wasted_refresh(self):
        self.effect("wasted_refreshes")

    def memory(self, used):
        """What was there when the window began counts, too."""
        if self.measured(self.clock.now):
            self.memory_max = max(self.memory_max, used, self.memory_now)
        elif self.clock.now >= self.traffic.duration:
            self.memory_max = max(self.memory_max, self.memory_now)
        self.memory_now = used if self.clock.now < self.traffic.duration else 0

    def blocked(self, service, begins):
        if self.measured(begins):
            self.blocked_max = max(self.blocked_max, service)

    def stored(self, key, version):
        """A set that stored; it ends the key's episode."""
        if version < self.told.get(key, 0):
            self.effect("stale_fills")
        else:
            self.told[key] = version
        self.open_episodes.pop(key, None)

    def announced(self, key, version):
        """A delete that follows the commit of this version."""
        self.told[key] = max(version, self.told.get(key, 0))

    # The database.

    def service_starts(self, kind, waited, in_service):
        if not self.measured(self.clock.now):
            return
        self.count["db_reads" if kind == "read" else "db_writes"] += 1
        self.count["db_in_flight_max"] = max(self.count["db_in_flight_max"], in_service)
        self.db_waited += waited
        self.starts.append(self.clock.now)

    def queued(self, length):
        self.most("db_queue_max", length)

    def rejected(self):
        self.effect("db_rejects")

    def load(self, operation, version):
        self.effect("loads")
        if version == 0:
            self.effect("absent_lookups_reaching_db")
        if operation is not None and operation.episode is not None:
            operation.episode.loads += 1

    # Operations.

    def missed(self, operation, key):
        episode = self.open_episodes.get(key)
        if episode is None:
            episode = Episode(self.measured(self.clock.now))
            self.open_episodes[key] = episode
            if episode.counts:
                self.episodes.append(episode)
        operation.episode = episode

    def finished(self, operation):
        if self.measured(self.clock.now):
            self.responses.append((self.clock.now, operation.failed))
        if not self.measured(operation.invoked):
            return
        count, kind = self.count, operation.kind
        count[kind + "s"] += 1
        count["errors"] += operation.failed
        time = FAILED if operation.failed else self.clock.now - operation.invoked
        self.times[kind].append(time)
        if operation.waited is not None:
            self.waits.append(operation.waited)
        if kind == "read":
            if operation.hit and not operation.failed:
                count["hits"] += 1
            else:
                count["misses"] += 1
                self.causes[operation.cause] += 1
            if not operation.failed:
                self.answers.append((operation.key, operation.version, operation.invoked,
                                     operation.answered_at))

    # The figures.

    def staleness(self, database):
        """Staleness of each answered read; how many are stale, and how many of them phantoms."""
        values, phantoms, stale = [], 0, 0
        for key, version, invoked, answered_at in self.answers:
            row = database.row(key[0])
            if not row.was_committed(version):
                phantoms += 1
                values.append(0)
                continue
            superseded = row.superseded_at(version)
            value = 0 if superseded is None else max(0, invoked - superseded)
            values.append(value)
            if value > 0:
                stale += 1
                behind = row.commits_between(version, answered_at)
                self.count["versions_behind_max"] = max(self.count["versions_behind_max"], behind)
        return values, stale, phantoms

    def metrics(self, database):
        count = self.count
        values, stale, phantoms = self.staleness(database)
        answered = len(values)
        operations = count["reads"] + count["writes"]
        measured = (self.traffic.duration - self.traffic.warmup) / 1e9
        loads = [episode.loads for episode in self.episodes if episode.loads]
        queries = len(self.starts)
        figures = dict(count)
        figures.update({"misses_" + cause: n for cause, n in self.causes.items()})
        figures.update(
            hit_ratio=ratio(count["hits"], count["reads"]),
            stale_reads=stale + phantoms,
            phantom_reads=phantoms,
            stale_read_ratio=ratio(stale + phantoms, answered),
            staleness_us_mean=ratio(sum(values) / 1000, answered),
            staleness_us_p99=percentile(sorted(values), 99, 100),
            staleness_us_max=max(values) / 1000 if values else None,
            loads_per_miss_episode_mean=ratio(sum(loads), len(loads)),
            loads_per_miss_episode_max=max(loads, default=0),
            db_qps_mean=queries / measured,
            db_qps_peak=self.peak(),
            db_wait_us_mean=ratio(self.db_waited / 1000, queries),
            cache_memory_bytes_max=max(self.memory_max, self.memory_now),
            cache_blocked_us_max=self.blocked_max / 1000,
            time_to_recover_us=self.recovery(),
            waits_us_p99=percentile(sorted(self.waits), 99, 100),
            error_ratio=ratio(count["errors"], operations),
            goodput=(operations - count["errors"]) / measured)
        for kind, times in self.times.items():
            times.sort()
            for point, rank in POINTS.items():
                figures[f"{kind}_us_{point}"] = percentile(times, *rank)
        return figures

    def recovery(self):
        time = time_to_recover(self.traffic, self.starts, self.responses)
        return None if time is None else time / 1000

    def peak(self):
        """Most starts of service within one peak_window, wherever it begins."""
        most, first = 0, 0
        for last, moment in enumerate(self.starts):
            while moment - self.starts[first] >= self.traffic.peak_window:
                first += 1
            most = max(most, last - first + 1)
        return most / (self.traffic.peak_window / 1e9)


def ratio(part, whole):
    return part / whole if whole else None
