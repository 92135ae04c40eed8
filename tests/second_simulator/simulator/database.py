"""The database: connections and their queue, rows and their versions, replicas.

A query is a process that a client runs. A read takes its snapshot when its service starts, a write
commits when its service ends, and the reply comes when the service ends.
"""

import bisect
import heapq
from collections import deque

from .clock import Signal

REJECTED = object()


class Row:
    """Versions in the order of their commits, each with its moment."""

    __slots__ = ("versions", "moments", "taken")

    def __init__(self, version):
        self.versions = [version]
        self.moments = [0]
        self.taken = version

    def committed(self):
        return self.versions[-1]

    def next_version(self):
        self.taken += 1
        return self.taken

    def commit(self, version, now):
        self.versions.append(version)
        self.moments.append(now)

    def superseded_at(self, version):
        """The commit of the first newer version; None while there is none."""
        place = bisect.bisect_right(self.versions, version)
        return self.moments[place] if place < len(self.versions) else None

    def commits_between(self, version, moment):
        """How many newer versions were committed up to a moment."""
        return max(0, bisect.bisect_right(self.moments, moment)
                   - bisect.bisect_right(self.versions, version))

    def was_committed(self, version):
        place = bisect.bisect_left(self.versions, version)
        return place < len(self.versions) and self.versions[place] == version


class Replica:
    """Applies the commits in order, each a lag after it, or when the one before is applied."""

    def __init__(self):
        self.rows = {}
        self.applied_last = 0


class Database:
    def __init__(self, settings, has_row, clock, random, meter):
        self.settings = settings
        self.has_row = has_row
        self.clock = clock
        self.random = random
        self.meter = meter
        self.rows = {}
        self.replicas = [Replica() for _ in range(settings.replicas)]
        self.in_service = 0
        self.queue = deque()
        self.on_commit = []
        self.on_apply = []
        self.shared = SharedProcessor(self, settings.connections)
        self.locked = {}  # row -> signals of those who wait for the transaction that wrote it

    def row(self, key):
        row = self.rows.get(key)
        if row is None:
            row = self.rows[key] = Row(1 if self.has_row(key) else 0)
        return row

    def snapshot(self, key, primary):
        if self.replicas and not primary:
            replica = self.replicas[int(self.random.random() * len(self.replicas))]
            version = replica.rows.get(key)
            if version is not None:
                return version
            return 1 if self.has_row(key) else 0
        return self.row(key).committed()

    def commit(self, key, version):
        self.row(key).commit(version, self.clock.now)
        for replica in self.replicas:
            moment = max(replica.applied_last,
                         self.clock.now + self.settings.replica_lag(self.random))
            replica.applied_last = moment
            self.clock.call_at(moment, self.apply, replica, key, version)
        for told in self.on_commit:
            told(key, version)

    def apply(self, replica, key, version):
        replica.rows[key] = version
        for told in self.on_apply:
            told(key, version)

    def query(self, kind, at_start, at_end):
        """A process: serves one query; returns what at_start or at_end returned, or REJECTED."""
        form = self.settings.read if kind == "read" else self.settings.write
        service = form(self.random)
        issued = self.clock.now
        if self.settings.overload == "reject":
            if self.in_service < self.settings.connections:
                self.in_service += 1
            elif len(self.queue) < self.settings.queue_max:
                turn = Signal(self.clock)
                self.queue.append(turn)
                self.meter.queued(len(self.queue))
                yield turn  # the connection of the query before is handed over
            else:
                self.meter.rejected()
                yield service
                return REJECTED
            self.meter.service_starts(kind, self.clock.now - issued, self.in_service)
            reply = at_start() if at_start else None
            yield service
            if at_end:
                reply = at_end()
            if self.queue:
                self.queue.popleft().fire()
            else:
                self.in_service -= 1
            return reply
        self.meter.service_starts(kind, 0, self.shared.serving() + 1)
        reply = at_start() if at_start else None
        yield self.shared.serve(service)
        return at_end() if at_end else reply


class SharedProcessor:
    """A database whose service times grow: queries beyond its connections share their speed."""

    def __init__(self, database, connections):
        self.database = database
        self.connections = connections
        self.work_done = 0.0  # of a query that has been served all the time
        self.since = 0
        self.ends = []  # heap of (work_done at the end, order, signal)
        self.entered = 0
        self.round = 0

    def serving(self):
        return len(self.ends)

    def speed(self):
        return min(1.0, self.connections / len(self.ends)) if self.ends else 1.0

    def catch_up(self):
        now = self.database.clock.now
        self.work_done += (now - self.since) * self.speed()
        self.since = now

    def serve(self, work):
        self.catch_up()
        done = Signal(self.database.clock)
        self.entered += 1
        heapq.heappush(self.ends, (self.work_done + work, self.entered, done))
        self.plan()
        return done

    def plan(self):
        self.round += 1
        if self.ends:
            left = max(0.0, self.ends[0][0] - self.work_done)
            clock = self.database.clock
            clock.call_at(clock.now + round(left / self.speed() + 0.5), self.finish, self.round)

    def finish(self, round_):
        if round_ != self.round:
            return
        self.catch_up()
        while self.ends and self.ends[0][0] <= self.work_done + 1e-6:
            heapq.heappop(self.ends)[2].fire()
        self.plan()
