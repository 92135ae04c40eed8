"""Cache-aside in SimPy: keys by Zipf, Poisson arrivals, a TTL, a database with connections.

Prints operations, hit ratio of the reads, and seconds of processor time of the simulation.
"""

import bisect
import itertools
import random
import sys
import time

import simpy

KEYS, RATE, DURATION, TTL = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
READS, ZIPF, CONNECTIONS = 0.99, 0.99, 100

POPULARITY = list(itertools.accumulate((rank + 1) ** -ZIPF for rank in range(KEYS)))


class Simulation:
    def __init__(self, env):
        self.env = env
        self.connections = simpy.Resource(env, CONNECTIONS)
        self.rows = [1] * KEYS
        self.entries = {}  # key -> version, end of its time
        self.operations = self.reads = self.hits = 0

    def arrivals(self):
        while True:
            yield self.env.timeout(random.expovariate(RATE))
            key = bisect.bisect_left(POPULARITY, random.random() * POPULARITY[-1])
            reads = random.random() < READS
            self.env.process(self.read(key) if reads else self.write(key))

    def read(self, key):
        half = random.uniform(200e-6, 800e-6) / 2
        yield self.env.timeout(half)
        version, until = self.entries.get(key, (0, -1))
        hit = until >= self.env.now
        yield self.env.timeout(half)
        if not hit:
            with self.connections.request() as connection:
                yield connection
                version = self.rows[key]
                yield self.env.timeout(random.uniform(2e-3, 18e-3))
            half = random.uniform(200e-6, 800e-6) / 2
            yield self.env.timeout(half)
            self.entries[key] = (version, self.env.now + TTL)
            yield self.env.timeout(half)
        self.operations += 1
        self.reads += 1
        self.hits += hit

    def write(self, key):
        with self.connections.request() as connection:
            yield connection
            yield self.env.timeout(random.uniform(5e-3, 20e-3))
            self.rows[key] += 1
        half = random.uniform(200e-6, 800e-6) / 2
        yield self.env.timeout(half)
        self.entries.pop(key, None)
        yield self.env.timeout(half)
        self.operations += 1


random.seed(1)
environment = simpy.Environment()
simulation = Simulation(environment)
environment.process(simulation.arrivals())
start = time.process_time()
environment.run(until=DURATION)
seconds = time.process_time() - start
print(simulation.operations, simulation.hits / simulation.reads, seconds)
