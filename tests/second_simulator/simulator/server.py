"""The cache server: items by name, their expiry and eviction, and what became of each entry.

An item is an entry (its name begins with "entry") or something beside entries: a lock, a lease, a
generation, a tombstone, a hold-off, a marker, the version of a group.
"""

from .memory import LFU_START, RECORD, SMALL_VALUE, TTL_RECORD, Bag, Eviction, value_bytes

CYCLE = 100 * 10**6  # the expiry cycle runs ten times a second
CYCLE_SAMPLE = 20
CYCLE_PER_ENTRY = 1000  # no document says how long its turns take
CYCLE_AT_MOST = 25 * 10**6
CYCLE_GOES_ON = 0.1  # while more than this share of a sample had expired


class Item:
    __slots__ = ("value", "until", "soft", "stored", "load_time", "refreshed", "dirty", "bytes",
                 "touched", "counter", "decayed")

    def __init__(self, value, until, now):
        self.value = value
        self.until = until  # readable up to and including this moment; None: for good
        self.soft = None
        self.stored = now
        self.load_time = 0
        self.refreshed = False  # stored by a refresh, and not yet hit
        self.dirty = False
        self.bytes = 0
        self.touched = now // 10**9
        self.counter = LFU_START
        self.decayed = now


class Server:
    def __init__(self, settings, value_size, clock, random, meter):
        self.settings = settings
        self.clock = clock
        self.random = random
        self.meter = meter
        self.items = {}
        self.everything = Bag()
        self.volatile = Bag()
        self.entries = 0
        self.memory = 0
        self.eviction = Eviction(settings, random)
        self.entry_bytes = RECORD + value_bytes(value_size)
        self.free_at = 0  # when the server is done with the commands that it has
        self.last_name = {}  # key -> the name under which it was last stored
        self.fate = {}  # name of an entry -> what ended it
        self.on_removal = None  # told of each entry that goes: name, item, cause

    # Commands look at items only through these.

    def find(self, name):
        """The item, if it is there and its time is not over."""
        item = self.items.get(name)
        if item is not None and item.until is not None and self.clock.now > item.until:
            self.remove(name, "expired")
            return None
        return item

    def look_up(self, name):
        """Like find, for a command that only looks."""
        item = self.find(name)
        if item is not None:
            self.eviction.touch(item, self.clock.now)
        self.meter.lookup(item is not None)
        return item

    def store(self, name, value, ttl):
        """Stores, whatever is there. The TTL counts from now; None: none."""
        now = self.clock.now
        old = self.find(name)
        if old is not None:
            self.gone(name, old, "replaced")
            self.memory -= old.bytes
        item = Item(value, None if ttl is None else now + ttl, now)
        if old is not None:
            item.counter, item.decayed = old.counter, old.decayed
            self.eviction.touch(item, now)
        elif name[0] == "entry":
            self.entries += 1
        if name[0] == "entry":
            self.last_name[name[1]] = name
            self.fate.pop(name, None)
        self.items[name] = item
        self.everything.add(name)
        self.set_until(name, item, item.until)
        return item

    def set_until(self, name, item, until):
        item.until = until
        before = item.bytes
        has_value = name[0] == "entry" and item.value != 0
        item.bytes = self.entry_bytes if has_value else RECORD + SMALL_VALUE
        if until is None:
            self.volatile.discard(name)
        else:
            self.volatile.add(name)
            item.bytes += TTL_RECORD
        self.memory += item.bytes - before
        self.meter.memory(self.memory)

    def remove(self, name, cause):
        item = self.items.pop(name)
        self.everything.discard(name)
        self.volatile.discard(name)
        self.memory -= item.bytes
        self.meter.memory(self.memory)
        if name[0] == "entry":
            self.entries -= 1
            self.fate[name] = cause
        self.gone(name, item, cause)

    def gone(self, name, item, cause):
        if name[0] == "entry" and item.refreshed:
            self.meter.wasted_refresh()
        if cause == "expired":
            self.meter.expired_key()
        if cause == "evicted":
            self.meter.evicted_key()
        if item.dirty and self.on_removal is not None:
            self.on_removal(name, item, cause)

    def delete(self, name):
        if self.find(name) is not None:
            self.remove(name, "invalidated")

    def empty(self):
        for name in list(self.items):
            self.remove(name, "emptied")

    def cause(self, key):
        """Why a look-up of this name missed: whatever ended the key's last entry. It is still there
        only under a name that nobody asks for: a look-up removes what has expired."""
        last = self.last_name.get(key)
        if last is None:
            return "cold"
        return "renamed" if last in self.items else self.fate[last]

    def has_room(self):
        """Whether an entry fits in without an eviction."""
        limit = self.settings.maxmemory
        return limit is None or self.memory + self.entry_bytes + TTL_RECORD <= limit

    def make_room(self):
        """Evicts until memory is below the limit; says whether it is."""
        if self.settings.maxmemory is None:
            return True
        while self.memory > self.settings.maxmemory:
            name = self.eviction.victim(self.items, self.everything, self.volatile, self.clock.now)
            if name is None:
                return False
            self.remove(name, "evicted")
        return True

    def occupy(self, keys):
        """Takes the server for one command; says how long until it is done."""
        return self.take(self.settings.command + keys * self.settings.per_key)

    def take(self, service):
        begins = max(self.clock.now, self.free_at)
        self.free_at = begins + service
        if service > 0:
            self.meter.blocked(service, begins)
        return self.free_at - self.clock.now

    def expiry_cycle(self):
        """A process: samples items with a TTL, and removes those whose time is over."""
        while True:
            yield CYCLE
            removed = 0
            while self.volatile and removed * CYCLE_PER_ENTRY < CYCLE_AT_MOST:
                drawn = [self.volatile.draw(self.random) for _ in range(CYCLE_SAMPLE)]
                sample = list(dict.fromkeys(drawn))
                over = [n for n in sample if self.clock.now > self.items[n].until]
                for name in over:
                    self.remove(name, "expired")
                removed += len(over)
                if len(over) <= CYCLE_GOES_ON * len(sample):
                    break
            if removed:
                self.take(removed * CYCLE_PER_ENTRY)
