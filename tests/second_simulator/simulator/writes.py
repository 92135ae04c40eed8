"""Writes, as docs/strategies and "describe" write them. Each is a process of a client."""

from bisect import bisect_left

from .client import Failed


def invalidate(client, row, announces=None, last=True):
    """Deletes the row's entry and those of its known aggregates, on every level."""
    world, local = client.world, client.world.strategy.local
    keys = world.known_keys(row)
    if local is None:
        yield from client.delete(keys, announces)
    elif local.first == "shared":
        yield from client.delete(keys, announces)
        yield from drop_locally(client, keys, last)
    else:
        yield from drop_locally(client, keys, False)
        yield from client.delete(keys, announces)
        if last:
            world.send_messages(client.process, keys)
    if getattr(world.strategy.load_options, "forget", False):
        yield from client.gap()
        for key in keys:
            world.flights.pop((client.process, key), None)


def drop_locally(client, keys, tells):
    yield from client.gap()
    client.world.drop_locally(client.process, keys)
    if tells:
        client.world.send_messages(client.process, keys)


def delete_after(client, row):
    version = yield from client.write_row(row)
    # window: until the delete takes effect, readers still hit the old version
    yield from invalidate(client, row, version)


def delete_before(client, row):
    yield from invalidate(client, row)
    # window: a reader misses, loads the row that is about to be replaced and stores it
    yield from client.write_row(row)


def none(client, row):
    yield from client.write_row(row)


def delete_in_transaction(client, row):
    version = yield from client.begin(row)
    yield from invalidate(client, row)
    # window: a reader misses, loads the old row, which is still committed, and stores it
    yield from client.commit(row, version)


def double_delete(client, row):
    options = client.world.strategy.write_options
    if options.first == "before":
        yield from invalidate(client, row, last=False)
        version = yield from client.write_row(row)
    else:
        version = yield from client.write_row(row)
        yield from invalidate(client, row, version, last=False)
    task = client.world.task(client)
    task.mortal = options.timer == "process"
    client.world.start_task(second_delete(task, row, version, options.delay))


def second_delete(client, row, version, delay):
    yield delay
    yield from invalidate(client, row, version)


def store(client, row, version, ttl="new"):
    """Stores a version that a writer has committed, or is about to commit."""
    world, key = client.world, (row, 0)
    lifetime = world.lifetime(version) if ttl == "new" else (None, None)
    condition = None
    if world.strategy.fill == "set-if-newer":
        condition = world.newer(key, version)
    yield from client.set(key, version, lifetime, condition, keep_ttl=ttl == "keep")
    yield from after_storing(client, row, version)


def after_storing(client, row, version):
    world = client.world
    if world.strategy.local is not None:
        yield from drop_locally(client, world.known_keys(row), True)
    aggregates = world.known_keys(row)[1:]
    if aggregates:
        yield from client.delete(aggregates, version)


def set_after(client, row):
    version = yield from client.write_row(row)
    # window: another writer commits and stores a newer version
    yield from store(client, row, version, client.world.strategy.write_options.ttl)


def write_through(client, row):
    options = client.world.strategy.write_options
    token = None
    if options.lock is not None:
        token = yield from take_lock(client, (row, 0), options.lock)
    try:
        if options.order == "database-first":
            version = yield from client.write_row(row)
            # window, without lock: another writer, or a reader that fills
            yield from store(client, row, version)
        else:
            version = yield from client.begin(row)
            yield from client.set((row, 0), version, client.world.lifetime(version))
            # window: readers hit a version that is not committed, and may never be
            yield from client.commit(row, version)
            yield from after_storing(client, row, version)
    except Failed:
        if token is not None and not client.dead:
            yield from client.unlock((row, 0), token, options.lock.release == "checked")
        raise
    if token is not None:
        yield from client.unlock((row, 0), token, options.lock.release == "checked")


def take_lock(client, key, options):
    began = None
    while True:
        token = yield from client.lock(key, options.ttl)
        if token is not None:
            client.wait_ends()
            return token
        if began is None:
            began = client.world.clock.now
        client.begins_to_wait()
        yield options.wait
        if client.world.clock.now - began >= options.give_up:
            client.wait_ends()
            raise Failed("waited too long for the lock")


def bump_version(client, row):
    yield from client.write_row(row)
    # window: readers still hit entries of the old name
    world = client.world
    yield from client.bump_version(world.group(row), world.strategy.write_options.seed)


def cdc(client, row):
    yield from client.write_row(row)
    # the change log's reader deletes, see World.follow_log


def delete_by_keys(client, row):
    yield from client.write_row(row)
    server, listed = client.world.server, client.world.entries_of_group
    group = client.world.group(row)
    names = yield from client.command(lambda: listed(group), keys=lambda: len(server.items))
    # window: an entry that is stored now is not on the list
    yield from delete_listed(client, names)


def delete_listed(client, names):
    world = client.world

    def perform():
        for name in names:
            world.server.delete(name)

    if names:
        yield from client.command(perform, keys=len(names))


def delete_by_scan(client, row):
    yield from client.write_row(row)
    world, count = client.world, client.world.strategy.write_options.count
    keys = world.keys_of_group(world.group(row))
    for begin in range(0, world.number_of_keys(), count):
        page = keys[bisect_left(keys, (begin,)):bisect_left(keys, (begin + count,))]

        def scan():
            names = [world.name(key, None) for _, key in page]
            return [name for name in names if name in world.server.items]

        names = yield from client.command(scan, keys=count)
        yield from delete_listed(client, names)
        # window: an entry that is stored behind the cursor stays


WRITES = {"delete-after": delete_after, "delete-before": delete_before, "none": none,
          "delete-in-transaction": delete_in_transaction, "double-delete": double_delete,
          "set-after": set_after, "write-through": write_through, "bump-version": bump_version,
          "cdc": cdc, "delete-by-keys": delete_by_keys, "delete-by-scan": delete_by_scan}
