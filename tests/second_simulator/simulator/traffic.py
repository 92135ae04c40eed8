"""What arrives: keys by popularity, operations of flows, and incidents."""

import bisect
import itertools
import math
from zlib import crc32

from .forms import NotSupported, duration, share
from .scenario import choice


class Keys:
    """Rows are numbered by popularity. Numbers from `count` on are those of random keys."""

    def __init__(self, settings, random):
        self.settings = settings
        self.random = random
        without = max(1, int(settings.absent * settings.count + 0.5)) if settings.absent else 0
        absent = random.sample(range(settings.count), without)
        self.absent = sorted(absent)
        self.without_row = set(absent)
        self.asked = settings.count
        self.weights = self.cumulative(range(settings.count))

    def has_row(self, row):
        return row < self.settings.count and row not in self.without_row

    def cumulative(self, rows):
        name, options = choice(self.settings.popularity)
        if name == "uniform":
            return None
        if name == "zipf":
            return list(itertools.accumulate((row + 1) ** -options for row in rows))
        if name != "hot":
            raise NotSupported(f'popularity "{name}"')
        hot = max(1, int(share(options["share"]) * self.settings.count + 1e-9))
        of_reads = share(options["of_reads"])
        cold = max(1, self.settings.count - hot)
        return list(itertools.accumulate(
            of_reads / hot if row < hot else (1 - of_reads) / cold for row in rows))

    def draw(self, kind):
        if kind == "random":
            self.asked += 1
            return self.asked - 1
        if kind == "absent":
            return self.absent[int(self.random.random() * len(self.absent))]
        if self.weights is None:
            return int(self.random.random() * self.settings.count)
        return bisect.bisect_right(self.weights, self.random.random() * self.weights[-1])

    def part(self):
        """A read is of the row or of one of its aggregates, each equally likely."""
        return int(self.random.random() * (1 + self.settings.parts)) if self.settings.parts else 0


class Filter:
    """A Bloom filter with every row that exists."""

    def __init__(self, options, keys):
        self.options = options
        self.bits = bytearray(options.bits)
        for row in range(keys.settings.count):
            if keys.has_row(row):
                self.add(row)

    def places(self, row):
        return [crc32(b"%d of %d" % (n, row)) % self.options.bits
                for n in range(self.options.hashes)]

    def add(self, row):
        for place in self.places(row):
            self.bits[place] = 1

    def may_have(self, row):
        return all(self.bits[place] for place in self.places(row))


def start(world, flow):
    if flow.clients is not None:
        for _ in range(flow.clients):
            world.clock.start(closed_loop(world, flow))
    else:
        world.clock.start(open_loop(world, flow))


def one_operation(world, flow):
    kind = "read" if world.random.random() < flow.reads else "write"
    row = world.keys.draw(flow.keys)
    return world.operate(kind, row, world.keys.part() if kind == "read" else 0)


def closed_loop(world, flow):
    yield flow.begin
    while True:
        yield flow.think(world.random)
        if world.clock.now >= flow.end:
            return
        yield from one_operation(world, flow)


def open_loop(world, flow):
    for moment in SPACING[flow.spacing](world.random, flow):
        if moment >= flow.end:
            return
        yield moment - world.clock.now
        world.clock.start(one_operation(world, flow))


def constant(random, flow):
    for n in itertools.count(1):
        yield flow.begin + round(n / flow.rate)


def poisson(random, flow):
    moment = flow.begin
    while True:
        moment += random.expovariate(flow.rate)
        yield round(moment)


def bursty(random, flow):
    """A Poisson flow in the time of the on phases alone."""
    on, off = flow.spacing_options.on, flow.spacing_options.off
    if flow.spacing_options.phases != "fixed":
        raise NotSupported('bursty arrivals with phases "exponential"')
    busy = 0
    while True:
        busy += random.expovariate(flow.rate * (on + off) / on)
        yield round(flow.begin + busy // on * (on + off) + busy % on)


def diurnal(random, flow):
    """Thinning: candidates at the highest rate, of which the rest of the time takes a share."""
    options, moment = flow.spacing_options, flow.begin
    swing = options.peak - 1
    while True:
        moment += random.expovariate(flow.rate * options.peak)
        phase = 2 * math.pi * (moment - flow.begin) / options.period
        if random.random() * options.peak < 1 - swing * math.cos(phase):
            yield round(moment)


SPACING = {"poisson": poisson, "constant": constant, "bursty": bursty, "diurnal": diurnal}


def happen(world, incident):
    """An incident at its moment."""
    server = world.server
    if incident.name == "flush":
        server.occupy(len(server.items))
        server.empty()
    elif incident.name == "cache-restart":
        server.empty()
        world.cache_restarted()
    elif incident.name == "change-key-format":
        world.format += 1
    elif incident.name == "keys":
        server.occupy(len(server.items))
    elif incident.name == "set-ttl":
        world.ttl_since_incident = duration(incident.value)
    elif incident.name == "bypass":
        world.bypass = share(incident.value)
    elif world.strategy.bumps:
        world.bump(incident.value, world.strategy.write_options.seed)
    else:
        for name in world.entries_of_group(incident.value):
            world.invalidate(name[1], None)
