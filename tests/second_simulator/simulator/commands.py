"""The commands that strategies send to the cache, and what each does there."""

from collections import namedtuple
from functools import partial

from .client import UNANSWERED, Client

# What a look-up saw. generation: of the key; past_soft: refreshed, or loaded, from now on.
Found = namedtuple("Found", "version past_soft until load_time generation seen")
Refused = namedtuple("Refused", "stale")


class CacheClient(Client):
    """Each method is a process that issues one command."""

    def get(self, key, own=True):
        """The entry, or None. own: the look-up of an operation, rather than of a task."""
        world, name = self.world, self.world.name(key, self.group_version)

        def perform():
            item = world.server.look_up(name)
            generation = world.generation(key)
            if item is None:
                self.note_miss(key)
                return Found(None, False, None, 0, generation, world.clock.now)
            if own:
                item.refreshed = False
            self.note_answer()
            past_soft = item.soft is not None and world.clock.now > item.soft
            return Found(item.value, past_soft, item.until, item.load_time, generation,
                         world.clock.now)

        yield from self.gap()
        self.asked = True
        reply = yield from self.command(perform, gap=False)
        if reply is UNANSWERED:
            return Found(None, False, None, 0, None, self.world.clock.now)
        return reply

    def note_miss(self, key):
        operation, world = self.operation, self.world
        if operation is not None and operation.kind == "read":
            if operation.cause is None:
                operation.cause = world.server.cause(key)
            world.meter.missed(operation, key)

    def note_answer(self):
        if self.operation is not None:
            self.operation.answered_at = self.world.clock.now

    def set(self, key, version, lifetime, condition=None, load_time=0, refreshed=False,
            keep_ttl=False, dirty=False):
        """Stores a version; returns whether it was stored. condition: judged at the effect."""
        world, name = self.world, self.world.name(key, self.group_version)
        ttl, soft = lifetime

        def perform():
            server = world.server
            if world.held_off(key) or (condition is not None and not condition(name)):
                return False
            old = server.find(name)
            until = old.until if keep_ttl and old is not None else None
            item = server.store(name, version, None if keep_ttl else ttl)
            if until is not None:
                server.set_until(name, item, until)
            item.soft = None if soft is None else world.clock.now + soft
            item.load_time, item.refreshed, item.dirty = load_time, refreshed, dirty
            world.meter.stored(key, version)
            return True

        reply = yield from self.command(perform, stores=True)
        return reply is UNANSWERED or bool(reply)

    def set_ttl(self, key, ttl):
        world, name = self.world, self.world.name(key, self.group_version)

        def perform():
            item = world.server.find(name)
            if item is not None:
                world.server.set_until(name, item, world.clock.now + ttl)

        yield from self.command(perform)

    def delete(self, keys, announces=None):
        """Deletes entries, one command each, and voids what the strategy's fills depend on.
        announces: the version whose commit this delete follows."""
        for key in keys:
            yield from self.command(partial(self.world.invalidate, key, announces))

    # Locks.

    def lock(self, key, ttl):
        """Returns a token, or None if the lock is taken."""
        world, name = self.world, ("lock", key, self.world.format)

        def perform():
            if world.server.find(name) is not None:
                return None
            token = world.new_token()
            world.server.store(name, token, ttl)
            return token

        reply = yield from self.command(perform, stores=True, repeat=False)
        return None if reply is UNANSWERED else reply

    def unlock(self, key, token, checked=True):
        world, name = self.world, ("lock", key, self.world.format)

        def perform():
            lock = world.server.find(name)
            if lock is not None and (lock.value == token or not checked):
                world.server.remove(name, "released")

        yield from self.command(perform, repeat=False)

    # Leases.

    def lease_get(self, key, options):
        """An entry, a token (an int), or Refused."""
        world, name = self.world, self.world.name(key, None)
        lease, stale = ("lease", key, self.world.format), ("stale", key, self.world.format)

        def perform():
            server, now = world.server, world.clock.now
            item = server.look_up(name)
            if item is not None:
                item.refreshed = False
                self.note_answer()
                return Found(item.value, False, item.until, 0, None, now)
            self.note_miss(key)
            given = server.find(lease)
            if given is None or now >= given.value[1] + options.rate:
                token = world.new_token()
                server.store(lease, (token, now, True), options.token_ttl)
                return token
            old = server.find(stale)
            self.note_answer()
            return Refused(None if old is None else old.value)

        yield from self.gap()
        self.asked = True
        reply = yield from self.command(perform, gap=False, repeat=False)
        return Refused(None) if reply is UNANSWERED else reply

    # Versions of groups.

    def get_version(self, group, seed):
        """Reads the version of a group; seeds it where there is none."""
        world, name = self.world, ("version", group)

        def look():
            item = world.server.look_up(name)
            return None if item is None else item.value

        def sow():
            item = world.server.find(name)
            if item is None:
                item = world.sow_version(group, seed)
            return item.value

        reply = yield from self.command(look)
        if reply is None:
            reply = yield from self.command(sow, stores=True)
        self.group_version = None if reply is UNANSWERED else reply
        return self.group_version is not None

    def bump_version(self, group, seed):
        yield from self.command(lambda: self.world.bump(group, seed), stores=True)

    # Markers of writes that replicas have not applied.

    def mark(self, key, ttl):
        world = self.world
        yield from self.command(lambda: world.server.store(("marker", key), 1, ttl), stores=True)

    def get_mark(self, key):
        world = self.world
        reply = yield from self.command(lambda: world.server.look_up(("marker", key)))
        return reply is not None and reply is not UNANSWERED
