"""Reads, loads and fills, as docs/strategies and "describe" write them.

Each is a process of a client. A read returns the version that it answers with.
"""

import math

from .client import Failed
from .clock import Signal
from .commands import Refused

# Reads.


def direct(client, key):
    client.operation.cause = "bypassed"
    return (yield from client.read_row(key))


def plain(client, key):
    entry = yield from client.get(key)
    if entry.version is not None:
        client.operation.hit = True
        return entry.version
    return (yield from load(client, key, entry))


def with_refresh(client, key):
    """stale-while-revalidate and refresh-ahead: they differ in the soft expiry of an entry."""
    entry = yield from client.get(key)
    if entry.version is None:
        return (yield from load(client, key, entry))
    client.operation.hit = True
    if entry.past_soft:
        client.world.start_task(refresh(client.world.task(client), key))
    return entry.version


def refresh(client, key):
    strategy = client.world.strategy
    options = strategy.load_options if strategy.load == "lock" else strategy.read_options
    lock_ttl = options.ttl if strategy.load == "lock" else options.refresh_lock
    token = yield from client.lock(key, lock_ttl)
    if token is None:
        return
    checked = getattr(options, "release", "checked") == "checked"
    entry = yield from client.get(key, own=False)
    try:
        if entry.version is None or entry.past_soft:
            version, load_time = yield from read_row(client, key)
            yield from fill(client, key, version, entry, load_time, refreshed=True)
    except Failed:
        if not client.dead:
            yield from client.unlock(key, token, checked)
        raise
    yield from client.unlock(key, token, checked)


def xfetch(client, key):
    beta = client.world.strategy.read_options.beta
    entry = yield from client.get(key)
    if entry.version is not None:
        early = -entry.load_time * beta * math.log(1 - client.world.random.random())
        if entry.seen + early < entry.until:
            client.operation.hit = True
            return entry.version
        client.operation.cause = "expired"
        client.world.meter.missed(client.operation, key)
    return (yield from load(client, key, entry))


def stale_if_error(client, key):
    entry = yield from client.get(key)
    if entry.version is not None and not entry.past_soft:
        client.operation.hit = True
        return entry.version
    if entry.version is not None:
        client.operation.cause = "expired"
        client.world.meter.missed(client.operation, key)
    try:
        return (yield from load(client, key, entry))
    except Failed:
        if entry.version is None or client.dead:
            raise
        client.operation.hit = True
        return entry.version


READS = {"plain": plain, "direct": direct, "stale-while-revalidate": with_refresh,
         "refresh-ahead": with_refresh, "xfetch": xfetch, "stale-if-error": stale_if_error}


# Loads.


def load(client, key, entry):
    return (yield from LOADS[client.world.strategy.load](client, key, entry))


def read_row(client, key):
    """Reads the row, from the primary if a marker says that the replica is behind."""
    primary = False
    if client.world.strategy.marker is not None:
        primary = yield from client.get_mark(key[0])
    began = client.world.clock.now
    version = yield from client.read_row(key, primary)
    return version, client.world.clock.now - began


def every_reader(client, key, entry):
    version, load_time = yield from read_row(client, key)
    # window: a commit and its delete fit in here
    yield from fill(client, key, version, entry, load_time)
    return version


def in_one_flight(client, key, entry):
    """single-flight and read-through: they differ in where the flights are."""
    flights = client.world.flights
    place = (client.process, key) if client.world.strategy.load == "single-flight" else key
    yield from client.gap()
    flight = flights.get(place)
    if flight is not None:
        client.begins_to_wait()
        version = yield flight
        client.wait_ends()
        if version is None:
            raise Failed("the load that it waited for failed")
        client.operation.answered_at = client.world.clock.now
        return version
    flight = flights[place] = Signal(client.world.clock)
    version = None
    try:
        loaded = yield from every_reader(client, key, entry)
        yield from client.gap()
        version = loaded
    finally:
        if flights.get(place) is flight:
            del flights[place]
        flight.fire(version)
    return version


def under_lock(client, key, entry):
    options = client.world.strategy.load_options
    began = None
    while True:
        token = yield from client.lock(key, options.ttl)
        if token is not None:
            client.wait_ends()
            return (yield from load_locked(client, key, token))
        if began is None:
            began = client.world.clock.now
        client.begins_to_wait()
        yield options.wait
        if client.world.clock.now - began >= options.give_up:
            client.wait_ends()
            version, _ = yield from read_row(client, key)
            return version
        entry = yield from client.get(key)
        if entry.version is not None:
            client.wait_ends()
            return entry.version


def load_locked(client, key, token):
    options = client.world.strategy.load_options
    entry = yield from client.get(key)  # another may have filled meanwhile
    version = entry.version
    try:
        if version is None:
            version, load_time = yield from read_row(client, key)
            # window: a commit and its delete; or the lock's TTL ends, and another one loads
            yield from fill(client, key, version, entry, load_time)
        elif not client.waited():
            client.operation.hit = True
    except Failed:
        if not client.dead:
            yield from client.unlock(key, token, options.release == "checked")
        raise
    yield from client.unlock(key, token, options.release == "checked")
    return version


def leased(client, key):
    """A read whose look-up may hand out a token to fill with."""
    options = client.world.strategy.load_options
    began = None
    while True:
        reply = yield from client.lease_get(key, options)
        if isinstance(reply, int):
            client.wait_ends()
            version, _ = yield from read_row(client, key)
            # window: a write fits in here, and its delete voids the token
            yield from fill(client, key, version, None, 0, token=reply)
            return version
        if not isinstance(reply, Refused):
            client.operation.hit = not client.waited()
            client.wait_ends()
            return reply.version
        if reply.stale is not None:
            client.operation.hit = not client.waited()
            client.wait_ends()
            return reply.stale
        if options.refused == "give-up":
            raise Failed("refused")
        if options.refused == "retry":
            if began is None:
                began = client.world.clock.now
            client.begins_to_wait()
            yield options.wait
            if client.world.clock.now - began < options.give_up:
                continue
            client.wait_ends()
        version, _ = yield from read_row(client, key)
        return version


LOADS = {"every-reader": every_reader, "single-flight": in_one_flight,
         "read-through": in_one_flight, "lock": under_lock}


# Fills.


def fill(client, key, version, entry, load_time, token=None, refreshed=False):
    """Stores a loaded version, unless the strategy's fill refuses it."""
    world, strategy = client.world, client.world.strategy
    if version == 0 and strategy.negative is None:
        return
    if strategy.bumps and client.group_version is None:
        return
    lifetime = world.lifetime(version)
    if strategy.fill == "set-then-expire":
        stored = yield from client.set(key, version, (None, lifetime[1]), refreshed=refreshed)
        yield from client.set_ttl(key, lifetime[0])
    else:
        condition = world.condition(key, version, entry, token)
        stored = yield from client.set(key, version, lifetime, condition, load_time, refreshed)
    if stored and strategy.local is not None:
        yield from client.gap()
        world.keep_locally(client, key, version)
