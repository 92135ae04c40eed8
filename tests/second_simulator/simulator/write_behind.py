"""Write-behind: a write stores and queues, and a flush commits later."""

from .client import Failed
from .commands import CacheClient


def write_behind(client, row):
    world, options = client.world, client.world.strategy.write_options
    version = None
    lifetime = world.lifetime(1)

    def store():
        nonlocal version
        version = world.database.row(row).next_version()
        name = world.name((row, 0), None)
        ttl, soft = lifetime
        item = world.server.store(name, version, ttl)
        item.soft = None if soft is None else world.clock.now + soft
        item.dirty = True
        world.meter.stored((row, 0), version)
        world.queue.append(row, version)

    if options.queue == "volatile":
        yield from client.command(store, stores=True)
    else:
        yield from client.command(lambda: world.queue.append_next(row))
        version = world.queue.newest(row)
        yield from client.set((row, 0), version, lifetime)


class Queue:
    """The writes that are not in the database yet, the oldest first."""

    def __init__(self, world):
        self.world = world
        self.options = world.strategy.write_options
        self.writes = []  # of [row, version]
        self.timer = False
        self.appended = {}
        if self.options.queue == "volatile":
            world.server.on_removal = self.lose

    def append(self, row, version):
        self.appended[row] = version
        queued = next((w for w in self.writes if w[0] == row), None)
        if queued is not None and self.options.coalesce:
            queued[1] = version
        else:
            self.writes.append([row, version])
        if not self.timer:
            self.timer = True
            self.plan()

    def append_next(self, row):
        self.append(row, self.world.database.row(row).next_version())

    def newest(self, row):
        return self.appended[row]

    def lose(self, name, item, cause):
        """A dirty entry went; replaced ones stay in the queue."""
        if cause == "replaced":
            return
        row = name[1][0]
        for write in [w for w in self.writes if w[0] == row and w[1] == item.value]:
            self.writes.remove(write)
            self.world.meter.effect("lost_writes")

    def plan(self):
        self.world.start_task(self.flush(), self.options.interval)

    def flush(self):
        client = CacheClient(self.world, None, 0, mortal=False)
        taken = 0
        while self.writes and taken < self.options.batch:
            write = yield from client.command(lambda: [tuple(w) for w in self.writes[:1]])
            if not write:
                break  # it was lost meanwhile
            (row, version), = write
            taken += 1
            try:
                yield from client.write_row(row, version)
            except Failed:
                break
            yield from client.command(lambda: self.clean(row, version))
        if self.writes:
            self.plan()
        else:
            self.timer = False

    def clean(self, row, version):
        if [row, version] in self.writes:
            self.writes.remove([row, version])
        item = self.world.server.items.get(self.world.name((row, 0), None))
        if item is not None and item.value == version:
            item.dirty = False
