"""One run: the cache server, the database and the clients of one strategy under one seed."""

import random as random_numbers

from . import traffic
from .client import Failed, Operation
from .clock import Clock
from .commands import CacheClient
from .database import Database
from .first_level import FirstLevel
from .forms import NotSupported
from .meter import Meter
from .reads import READS, leased
from .server import Server
from .strategy import strategy
from .write_behind import Queue, write_behind
from .writes import WRITES


def simulate(scenario, name, seed):
    """The metrics of one strategy under one seed."""
    world = World(scenario, strategy(scenario.strategies[name]), seed)
    return world.run()


class World(FirstLevel):
    def __init__(self, scenario, chosen, seed):
        self.scenario, self.strategy = scenario, chosen
        self.random = random_numbers.Random(seed)
        self.clock = Clock(self.random)
        self.meter = Meter(scenario.traffic, self.clock)
        self.keys = traffic.Keys(scenario.keys, self.random)
        self.server = Server(scenario.cache, scenario.keys.value, self.clock, self.random,
                             self.meter)
        self.database = Database(scenario.database, self.keys.has_row, self.clock, self.random,
                                 self.meter)
        self.flights = {}
        self.tokens = 0
        self.format = 0
        self.bypass = 0
        self.ttl_since_incident = None
        self.under_way = 0  # operations
        self.tasks = 0  # refreshes, second deletes, flushes, deletes of a change log
        self.read = leased if chosen.load == "lease" else READS[chosen.read]
        self.queue = None
        if chosen.write == "write-behind":
            self.queue = Queue(self)
        self.write = write_behind if self.queue else WRITES[chosen.write]
        self.set_up_processes()
        self.filter = traffic.Filter(chosen.bloom, self.keys) if chosen.bloom else None
        if chosen.write == "cdc":
            self.log_read = 0
            self.database.on_commit.append(self.follow_log)
        if chosen.marker is not None:
            self.database.on_apply.append(self.take_mark_away)

    def run(self):
        if self.scenario.traffic.prefill == "all":
            self.prefill()
        if self.scenario.cache.active_expiry:
            self.clock.start(self.server.expiry_cycle())
        for flow in self.scenario.traffic.flows:
            traffic.start(self, flow)
        for incident in self.scenario.traffic.incidents:
            self.clock.call_at(incident.at, traffic.happen, self, incident)
        self.clock.run(until=self.over)
        self.clock.now = max(self.clock.now, self.scenario.traffic.duration)
        self.meter.count["stale_residue"] = self.residue()
        return self.meter.metrics(self.database)

    def over(self):
        agenda = self.clock.agenda
        return (self.under_way == 0 and self.tasks == 0
                and agenda[0][0] >= self.scenario.traffic.duration)

    # Clients.

    def operate(self, kind, row, part=0):
        """A process: one operation, from its invocation to its response."""
        operation = Operation(kind, (row, part), self.clock.now)
        process = int(self.random.random() * self.strategy.processes)
        client = CacheClient(self, operation, process)
        self.under_way += 1
        try:
            if kind == "read":
                operation.version = yield from self.answer(client, (row, part))
            else:
                if self.filter is not None:
                    yield from client.gap()
                    self.filter.add(row)
                if self.strategy.marker is not None:
                    yield from client.mark(row, self.strategy.marker)
                yield from self.write(client, row)
        except Failed:
            operation.failed = True
            client.end_transaction()
            if operation.waited is None:
                client.wait_ends()
        if operation.cause is None:
            operation.cause = "unanswered" if client.asked else "bypassed"
        self.under_way -= 1
        self.meter.finished(operation)

    def answer(self, client, key):
        operation = client.operation
        if self.filter is not None:
            yield from client.gap()
            if not self.filter.may_have(key[0]):
                operation.hit = True
                return 0
        if self.bypass and self.random.random() < self.bypass:
            operation.cause = "bypassed"
            return (yield from client.read_row(key))
        if self.strategy.local is not None:
            yield from client.gap()
            copy = self.local_copy(client.process, key)
            if copy is not None:
                operation.hit = True
                return copy
        if self.strategy.bumps and self.strategy.read != "direct":
            known = yield from client.get_version(self.group(key[0]),
                                                  self.strategy.write_options.seed)
            if not known:
                return (yield from client.read_row(key))
        version = yield from self.read(client, key)
        if self.strategy.local is not None and operation.hit:
            yield from client.gap()
            self.keep_locally(client, key, version)
        return version

    def task(self, client):
        """A client of its own for what another one leaves to the background."""
        task = CacheClient(self, None, client.process)
        task.first = False  # it may die before its first effect
        task.group_version = client.group_version
        return task

    def start_task(self, process, delay=0):
        def to_its_end():
            try:
                if delay:
                    yield delay
                yield from process
            except Failed:
                pass
            self.tasks -= 1

        self.tasks += 1
        self.clock.start(to_its_end())

    def follow_log(self, row, version):
        """The change log's reader deletes, in the order of the commits, each a lag after it."""
        moment = max(self.log_read, self.clock.now + self.strategy.write_options.lag(self.random))
        self.log_read = moment
        reader = CacheClient(self, None, 0, mortal=False)
        deletes = reader.delete(self.known_keys(row), version)
        self.start_task(deletes, moment - self.clock.now)

    def take_mark_away(self, row, version):
        if self.server.find(("marker", row)) is not None:
            self.server.remove(("marker", row), "applied")

    # Names, tokens and times.

    def name(self, key, group_version):
        return ("entry", key, self.format, group_version)

    def known_keys(self, row):
        return [(row, part) for part in range(1 + self.scenario.keys.known)]

    def group(self, row):
        return row % self.scenario.keys.groups

    def current_name(self, key):
        version = None
        if self.strategy.bumps:
            item = self.server.items.get(("version", self.group(key[0])))
            version = None if item is None else item.value
        return self.name(key, version)

    def new_token(self):
        self.tokens += 1
        return self.tokens

    def seed_version(self, seed):
        return 1 if seed == "one" else self.random.getrandbits(48)

    def lifetime(self, version):
        """TTL and soft expiry of an entry that is stored now."""
        s = self.strategy
        if version == 0:
            ttl = s.negative if s.negative is not None else s.ttl
        elif self.ttl_since_incident is not None:
            ttl = self.ttl_since_incident
        else:
            ttl = s.ttl
            if ttl is not None and s.jitter:
                ttl = round(self.random.uniform(ttl * (1 - s.jitter), ttl * (1 + s.jitter)))
        if ttl is None:
            return None, None
        if s.keep is not None:
            return ttl + s.keep, ttl
        if s.threshold is not None:
            return ttl, round(ttl * s.threshold)
        return ttl, s.soft

    # What the scripts of the server do for fills and deletes.

    def generation(self, key):
        item = self.server.items.get(("generation", key))
        return 0 if item is None else item.value

    def held_off(self, key):
        return self.strategy.hold_off is not None and self.server.find(("held", key)) is not None

    def newer(self, key, version):
        def condition(name):
            item = self.server.find(name)
            tombstone = self.server.find(("tombstone", key))
            return (item is None or item.value < version) and (
                tombstone is None or tombstone.value <= version)

        return condition

    def condition(self, key, version, entry, token):
        """What a fill asks for at its effect."""
        fill = self.strategy.fill
        if fill == "add":
            return lambda name: self.server.find(name) is None
        if fill == "set-if-newer":
            return self.newer(key, version)
        if fill == "generation":
            return lambda name: self.generation(key) == entry.generation
        if fill == "lease-set":
            return lambda name: self.use_token(key, token)
        return None

    def use_token(self, key, token):
        lease = self.server.find(("lease", key, self.format))
        if lease is None or lease.value[0] != token or not lease.value[2]:
            return False
        lease.value = (token, lease.value[1], False)
        return True

    def invalidate(self, key, announces):
        """What a delete of one key does at its effect."""
        server, s = self.server, self.strategy
        name = self.name(key, None)
        if s.load == "lease":
            lease = server.find(("lease", key, self.format))
            if lease is not None:
                lease.value = (lease.value[0], lease.value[1], False)
            entry = server.find(name)
            if entry is not None and s.load_options.stale is not None:
                server.store(("stale", key, self.format), entry.value, s.load_options.stale)
        server.delete(name)
        if s.fill == "generation":
            server.store(("generation", key), self.generation(key) + 1, None)
        tombstones = getattr(s.fill_options, "tombstones", None)
        if tombstones is not None and announces is not None:
            server.store(("tombstone", key), announces, tombstones)
        if s.hold_off is not None:
            server.store(("held", key), 1, s.hold_off)
        if announces is not None:
            self.meter.announced(key, announces)

    def bump(self, group, seed):
        item = self.server.find(("version", group))
        if item is None:
            self.sow_version(group, seed)
        else:
            item.value += 1

    def sow_version(self, group, seed):
        return self.server.store(("version", group), self.seed_version(seed), None)

    def entries_of_group(self, group):
        return [name for name in self.server.items
                if name[0] == "entry" and self.group(name[1][0]) == group]

    def number_of_keys(self):
        return self.scenario.keys.count * (1 + self.scenario.keys.parts)

    def keys_of_group(self, group):
        """Each with its place in a scan, which looks at every key, cached or not."""
        parts = 1 + self.scenario.keys.parts
        return [(row * parts + part, (row, part)) for row in range(self.scenario.keys.count)
                if self.group(row) == group for part in range(parts)]

    # The beginning and the end.

    def prefill(self):
        if self.strategy.read == "xfetch":
            raise NotSupported("xfetch with prefill: how long those loads took is not documented")
        for row in range(self.scenario.keys.count):
            version = self.database.row(row).committed()
            if version == 0:
                continue
            group_version = None
            if self.strategy.bumps:
                counter = ("version", self.group(row))
                if counter not in self.server.items:
                    self.sow_version(counter[1], self.strategy.write_options.seed)
                group_version = self.server.items[counter].value
            for part in range(1 + self.scenario.keys.parts):
                if self.server.has_room():
                    ttl, soft = self.lifetime(version)
                    item = self.server.store(self.name((row, part), group_version), version, ttl)
                    item.soft = soft
                    self.meter.stored((row, part), version)

    def residue(self):
        """Copies that have not expired and differ from their row."""
        found = 0
        for name, item in self.server.items.items():
            if name[0] == "entry" and name == self.current_name(name[1]):
                if item.until is None or item.until >= self.clock.now:
                    found += item.value != self.database.row(name[1][0]).committed()
        return found + self.local_residue()
