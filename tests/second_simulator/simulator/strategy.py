"""A strategy of a scenario file: its choices, with their options and defaults."""

from types import SimpleNamespace

from .forms import NotSupported, duration, latency, share
from .scenario import choice, take

READ = {
    "plain": {}, "direct": {},
    "stale-while-revalidate": {"soft": None, "hard": None, "refresh_lock": "10s"},
    "refresh-ahead": {"threshold": 0.8, "refresh_lock": "10s"},
    "xfetch": {"beta": 1}, "stale-if-error": {"keep": None}}
LOCK = {"ttl": None, "wait": None, "give_up": None, "release": "checked"}
LOAD = {
    "every-reader": {}, "single-flight": {"processes": 1, "forget": False}, "lock": LOCK,
    "lease": {"rate": "10s", "token_ttl": None, "refused": "retry", "wait": "50ms", "give_up": "2s", "stale": None},
    "read-through": {"nodes": 1}}
FILL = {"set": {}, "set-then-expire": {}, "add": {}, "set-if-newer": {"tombstones": None},
        "generation": {}, "lease-set": {}}
WRITE = {
    "delete-after": {}, "delete-before": {}, "none": {}, "delete-in-transaction": {},
    "double-delete": {"first": "before", "delay": None, "timer": "process"},
    "set-after": {"ttl": "new"}, "write-through": {"lock": None, "order": "database-first"},
    "write-behind": {"queue": "volatile", "interval": "1s", "batch": 1000, "coalesce": True},
    "bump-version": {"seed": "random"}, "cdc": {"lag": "100ms"}, "delete-by-keys": {},
    "delete-by-scan": {"count": 10}}
GUARD = {
    "hold-off": {"for": "11s"}, "remote-marker": {"ttl": "10s"},
    "bloom-filter": {"bits": None, "hashes": 7},
    "local-cache": {"processes": 2, "ttl": "1s", "message": "200us..1ms", "first": "shared",
                    "disconnect": "flush"}}
DURATIONS = {"soft", "hard", "refresh_lock", "keep", "wait", "give_up", "rate", "token_ttl", "stale", "delay",
             "interval", "tombstones", "for", "ttl"}


def options_of(slot, known, value):
    name, options = choice(value)
    if name not in known:
        raise NotSupported(f'{slot} "{name}"')
    options = take(options, f'"{name}"', **known[name])
    for option, form in vars(options).items():
        if option in DURATIONS and isinstance(form, str) and name != "set-after":
            setattr(options, option, None if form == "none" else duration(form))
    return name, options


def strategy(document):
    slots = take(document, "a strategy", read="plain", load="every-reader", fill=None,
                 write="delete-after", expiry="none", guards=[])
    s = SimpleNamespace()
    s.read, s.read_options = options_of("read", READ, slots.read)
    s.load, s.load_options = options_of("load", LOAD, slots.load)
    if s.load == "lease" and s.load_options.token_ttl is None:
        s.load_options.token_ttl = max(duration("10s"), s.load_options.rate)
    default_fill = "lease-set" if s.load == "lease" else "set"
    s.fill, s.fill_options = options_of("fill", FILL, slots.fill or default_fill)
    s.write, s.write_options = options_of("write", WRITE, slots.write)
    if s.write == "write-through" and s.write_options.lock is not None:
        _, s.write_options.lock = options_of("lock", {"lock": LOCK},
                                             {"lock": s.write_options.lock})
    if s.write == "cdc":
        s.write_options.lag = latency(s.write_options.lag)
    s.bumps = s.write == "bump-version"
    set_expiry(s, slots.expiry)
    set_guards(s, slots.guards)
    return s


def set_expiry(s, section):
    section = {} if section == "none" else section
    expiry = take(section, "expiry", ttl=None, jitter=0, negative=None)
    s.ttl = None if expiry.ttl is None else duration(expiry.ttl)
    s.negative = None if expiry.negative is None else duration(expiry.negative)
    s.jitter = share(expiry.jitter)
    s.soft = s.keep = s.threshold = None
    if s.read == "stale-while-revalidate":
        s.ttl, s.soft = s.read_options.hard, s.read_options.soft
    if s.read == "refresh-ahead":
        s.threshold = share(s.read_options.threshold)
    if s.read == "stale-if-error":
        s.keep = s.read_options.keep


def set_guards(s, guards):
    s.hold_off = s.marker = s.bloom = s.local = None
    for guard in guards:
        name, options = options_of("guard", GUARD, guard)
        if name == "hold-off":
            s.hold_off = getattr(options, "for")
        elif name == "remote-marker":
            s.marker = options.ttl
        elif name == "bloom-filter":
            s.bloom = options
        else:
            s.local = options
            s.local.message = latency(s.local.message)
    s.processes = 1
    if s.load == "single-flight":
        s.processes = s.load_options.processes
    if s.local is not None:
        s.processes = s.local.processes
