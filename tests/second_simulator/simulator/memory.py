"""What entries of a Redis server take, and which one it evicts.

The documentation says "the semantics of Redis 7". The figures are those of Redis 7.0 with its
allocator: an entry has a key (32 bytes and its place in the table), a value, and a place in a
second table if it has a TTL.
"""

RECORD = 76  # name and place in the table
TTL_RECORD = 44  # place in the table of TTLs
SMALL_VALUE = 48  # a token, a counter, a version
POOL = 16
LFU_START = 5


def size_class(wanted):
    """The smallest block of the allocator that has this many bytes: four to each doubling."""
    for small in (8, 16, 32, 48, 64, 80, 96, 112, 128):
        if wanted <= small:
            return small
    step = 1 << (wanted - 1).bit_length() - 3
    return -(-wanted // step) * step


def value_bytes(length):
    if length <= 44:
        return size_class(16 + 3 + length + 1)
    header = 3 if length < 256 else 5 if length < 65536 else 9
    return 16 + size_class(header + length + 1)


class Bag:
    """Names of which one can be drawn."""

    def __init__(self):
        self.names = []
        self.place = {}

    def __len__(self):
        return len(self.names)

    def add(self, name):
        if name not in self.place:
            self.place[name] = len(self.names)
            self.names.append(name)

    def discard(self, name):
        place = self.place.pop(name, None)
        if place is None:
            return
        last = self.names.pop()
        if last != name:
            self.names[place] = last
            self.place[last] = place

    def draw(self, random):
        return self.names[int(random.random() * len(self.names))]


class Eviction:
    """Chooses victims as Redis does: a few samples into a pool of candidates that persists."""

    def __init__(self, settings, random):
        self.settings = settings
        self.random = random
        self.pool = []  # of (score, name), the best candidate last

    def touch(self, item, now):
        item.touched = now // 10**9  # the clock of LRU counts seconds
        if self.settings.policy.endswith("lfu"):
            self.decay(item, now)
            above = max(0, item.counter - LFU_START)
            if item.counter < 255:
                if self.random.random() < 1 / (above * self.settings.lfu_log_factor + 1):
                    item.counter += 1

    def decay(self, item, now):
        every = self.settings.lfu_decay_time
        if every > 0:
            periods = (now - item.decayed) // every
            item.counter = max(0, item.counter - periods)
            item.decayed += periods * every

    def score(self, item, now):
        if self.settings.policy.endswith("lru"):
            return now // 10**9 - item.touched
        if self.settings.policy.endswith("lfu"):
            self.decay(item, now)
            return 255 - item.counter
        return -item.until

    def victim(self, items, everything, volatile, now):
        """A name, or None if nothing may be evicted."""
        if self.settings.policy == "noeviction":
            return None
        among = everything if self.settings.policy.startswith("allkeys") else volatile
        if not among:
            return None
        if self.settings.policy.endswith("random"):
            return among.draw(self.random)
        while among:
            for _ in range(self.settings.samples):
                name = among.draw(self.random)
                if all(name != known for _, known in self.pool):
                    self.pool.append((self.score(items[name], now), name))
            self.pool.sort(key=lambda candidate: candidate[0])
            del self.pool[:-POOL]
            while self.pool:
                _, name = self.pool.pop()
                if name in among.place:
                    return name
        return None
