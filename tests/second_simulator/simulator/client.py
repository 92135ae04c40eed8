"""A client: carries the commands and queries of one operation or task."""

from .clock import Signal
from .database import REJECTED

UNANSWERED = object()


class Failed(Exception):
    """The operation ends without an answer."""


class Operation:
    """What is known of one read or write."""

    __slots__ = ("kind", "key", "invoked", "failed", "hit", "cause", "version", "answered_at",
                 "waited", "wait_began", "episode")

    def __init__(self, kind, key, invoked):
        self.kind, self.key, self.invoked = kind, key, invoked
        self.failed = False
        self.hit = False
        self.cause = None
        self.version = None
        self.answered_at = invoked
        self.waited = None
        self.wait_began = None
        self.episode = None


class Client:
    """Its methods are processes; "yield from" them."""

    def __init__(self, world, operation, process, mortal=True):
        self.world = world
        self.operation = operation  # None for a background task
        self.process = process  # of the application: where its flights and local entries are
        self.mortal = mortal
        self.first = True
        self.dead = False
        self.asked = False  # whether it has issued a look-up
        self.transaction = None
        self.group_version = None

    # Between two effects.

    def gap(self):
        """Before each effect but the first, the client may die or be paused. What it does within
        its process, to a flight, a filter or a local copy, is an effect, too."""
        if self.first:
            self.first = False
            return
        settings, random = self.world.scenario.clients, self.world.random
        if not self.mortal:
            return
        if settings.crash and random.random() < settings.crash:
            self.dead = True
            raise Failed("died")
        if settings.pause_share and random.random() < settings.pause_share:
            yield settings.pause_length(random)

    # The cache.

    def command(self, perform, stores=False, keys=0, gap=True, repeat=True):
        """Issues a command; returns what perform() returned at its effect, or UNANSWERED.

        A command that stores is refused, with the reply None, if memory is full."""
        if gap:
            yield from self.gap()
        retries = self.world.scenario.clients.retries if repeat else 0
        for _ in range(1 + retries):
            reply = yield from self.in_time(self.carry(perform, stores, keys), self.cache_slow())
            if reply is not UNANSWERED:
                return reply
        return UNANSWERED

    def carry(self, perform, stores, keys):
        world = self.world
        latency = world.scenario.cache.latency(world.random)
        lost = world.scenario.clients.lost
        out = latency // 2
        yield out
        if lost and world.random.random() < lost:
            yield Signal(world.clock)  # nothing ever comes
        service = world.server.occupy(keys() if callable(keys) else keys)
        if service:
            yield service
        reply = None
        if world.server.make_room() or not stores:
            reply = perform()
        else:
            world.meter.effect("oom_errors")
        if lost and world.random.random() < lost:
            yield Signal(world.clock)
        yield latency - out
        return reply

    def cache_slow(self):
        """Whether a command may outlast the timeout."""
        cache, clients = self.world.scenario.cache, self.world.scenario.clients
        return bool(clients.lost or cache.command or cache.latency.most is None
                    or cache.latency.most >= (clients.timeout or 0))

    def in_time(self, carrying, may_be_late):
        """Runs a process, but no longer than the timeout; it goes on without its client."""
        timeout = self.world.scenario.clients.timeout
        if timeout is None or not may_be_late:
            return (yield from carrying)
        clock = self.world.clock
        answer = Signal(clock)

        def messenger():
            answer.fire((yield from carrying))

        clock.call_at(clock.now + timeout, answer.fire, UNANSWERED)
        clock.start(messenger())
        reply = yield answer
        if reply is UNANSWERED:
            self.world.meter.effect("timeouts")
        return reply

    # The database.

    def query(self, kind, at_start=None, at_end=None, gap=True):
        if gap:
            yield from self.gap()
        for _ in range(1 + self.world.scenario.clients.retries):
            carrying = self.world.database.query(kind, at_start, at_end)
            reply = yield from self.in_time(carrying, True)
            if reply is not UNANSWERED and reply is not REJECTED:
                return reply
        raise Failed("no answer from the database")

    def read_row(self, key, primary=False):
        """Loads: the version of the key's row."""
        world, operation = self.world, self.operation

        def snapshot():
            version = world.database.snapshot(key[0], primary)
            world.meter.load(operation, version)
            return version, world.clock.now

        version, moment = yield from self.query("read", at_start=snapshot)
        if operation is not None:
            operation.answered_at = moment
        return version

    def write_row(self, row, version=None):
        """Commits the next version, or the given one, and returns it."""
        database = self.world.database

        def commit():
            committed = database.row(row).next_version() if version is None else version
            database.commit(row, committed)
            return committed

        return (yield from self.query("write", at_end=commit))

    def begin(self, row):
        """Writes the row within a transaction; returns the version, which nobody else sees yet.

        It is not sent to the database before the row's transaction has ended."""
        yield from self.gap()
        database = self.world.database
        while row in database.locked:
            yield database.locked[row]
        database.locked[row] = Signal(self.world.clock)
        self.transaction = row
        yield from self.query("write", gap=False)
        return database.row(row).next_version()

    def commit(self, row, version):
        database = self.world.database
        yield from self.query("write", at_end=lambda: database.commit(row, version))
        self.end_transaction()

    def end_transaction(self):
        """Lets the next writer of the row go on; also when this client has died."""
        if self.transaction is not None:
            self.world.database.locked.pop(self.transaction).fire()
            self.transaction = None

    # Waiting for others.

    def begins_to_wait(self):
        operation = self.operation
        if operation is not None and operation.wait_began is None:
            operation.wait_began = self.world.clock.now

    def wait_ends(self):
        operation = self.operation
        if operation is not None and operation.wait_began is not None:
            operation.waited = self.world.clock.now - operation.wait_began

    def waited(self):
        return self.operation is not None and self.operation.wait_began is not None
