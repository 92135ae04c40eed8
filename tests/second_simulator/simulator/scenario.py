"""A scenario file as values. Settings that the second simulator does not know are refused."""

from types import SimpleNamespace

from .forms import NotSupported, duration, latency, rate, read_json, share, size

DEFAULT_FLOW = {"name": "web", "rate": "2000/s", "reads": 0.99}
NOT_OF_TRAFFIC = {"$schema", "title", "story", "source", "race", "vary", "expect", "goal", "seed"}


def take(section, where, **defaults):
    """The section's members with defaults; an unknown member is not supported."""
    for name in section:
        if name not in defaults:
            raise NotSupported(f'"{name}" in {where}')
    return SimpleNamespace(**{**defaults, **section})


def choice(value):
    """A choice is written as its name, or as an object with it as the only key."""
    if isinstance(value, str):
        return value, {}
    (name, options), = value.items()
    return name, options


def load(text):
    return scenario(read_json(text))


def scenario(document):
    known = {"cache", "database", "clients", "keys", "strategies", "traffic"}
    for name in document:
        if name not in known | NOT_OF_TRAFFIC:
            raise NotSupported(f'"{name}"')
    return SimpleNamespace(
        seed=document.get("seed", 1),
        cache=cache(document.get("cache", {})),
        database=database(document.get("database", {})),
        clients=clients(document.get("clients", {})),
        keys=keys(document.get("keys", {})),
        strategies=document.get("strategies", {"cache-aside": {}}),
        traffic=traffic(document.get("traffic", {})))


def cache(section):
    s = take(section, "cache", latency="200us..1ms", maxmemory=None, policy="noeviction", samples=5,
             lfu_log_factor=10, lfu_decay_time="1min", command="0s", per_key="240ns",
             active_expiry=True)
    s.latency = latency(s.latency)
    s.maxmemory = None if s.maxmemory is None else size(s.maxmemory)
    s.lfu_decay_time = duration(s.lfu_decay_time)
    s.command, s.per_key = duration(s.command), duration(s.per_key)
    return s


def database(section):
    s = take(section, "database", read="5ms..30ms", write="5ms..20ms", connections=100,
             queue_max=1000, overload="reject", replicas={})
    s.read, s.write = latency(s.read), latency(s.write)
    replicas = take(s.replicas, "replicas", count=0, lag="0s")
    s.replicas, s.replica_lag = replicas.count, latency(replicas.lag)
    return s


def clients(section):
    s = take(section, "clients", pause={}, timeout=None, retries=0, lost=0, crash=0)
    pause = take(s.pause, "pause", share=0, length="0s")
    s.pause_share, s.pause_length = share(pause.share), latency(pause.length)
    s.timeout = None if s.timeout is None else duration(s.timeout)
    s.lost, s.crash = share(s.lost), share(s.crash)
    return s


def keys(section):
    s = take(section, "keys", count=10000, popularity={"zipf": 0.99}, absent=0, value="1kb",
             groups=0, derived={})
    derived = take(s.derived, "derived", per_key=0, known=0)
    s.parts, s.known = derived.per_key, derived.known
    s.absent, s.value = share(s.absent), size(s.value)
    s.groups = max(1, s.groups)
    return s


def traffic(section):
    s = take(section, "traffic", duration="1min", warmup="0s", peak_window="1s", prefill="none",
             flows=[DEFAULT_FLOW], incidents=[])
    s.duration, s.warmup = duration(s.duration), duration(s.warmup)
    s.peak_window = duration(s.peak_window)
    s.flows = [flow(one, s.duration) for one in s.flows]
    s.incidents = [incident(one) for one in s.incidents]
    return s


def flow(section, end):
    s = take(section, "flows", name=None, rate=None, arrivals="poisson", clients=None, think="0s",
             trace=None, reads=1, keys="popular", **{"from": "0s", "to": None})
    if s.trace is not None:
        raise NotSupported('"trace" in flows')
    s.rate = None if s.rate is None else rate(s.rate)
    s.think, s.reads = latency(s.think), share(s.reads)
    s.begin = duration(getattr(s, "from"))
    s.end = end if s.to is None else duration(s.to)
    name, options = choice(s.arrivals)
    if name not in ("poisson", "constant", "bursty", "diurnal"):
        raise NotSupported(f'arrivals "{name}"')
    if name == "bursty":
        options = take(options, "bursty", on=None, off=None, phases="fixed")
        options.on, options.off = duration(options.on), duration(options.off)
    if name == "diurnal":
        options = take(options, "diurnal", period="24h", peak=2)
        options.period = duration(options.period)
    s.spacing, s.spacing_options = name, options
    if s.keys not in ("popular", "absent", "random"):
        raise NotSupported(f'keys "{s.keys}" of a flow')
    return s


def incident(section):
    s = take(section, "incidents", at=None, do=None)
    s.at = duration(s.at)
    s.name, s.value = (s.do, None) if isinstance(s.do, str) else next(iter(s.do.items()))
    if s.name not in ("flush", "cache-restart", "change-key-format", "keys", "set-ttl", "bypass",
                      "invalidate-group"):
        raise NotSupported(f'incident "{s.name}"')
    return s
