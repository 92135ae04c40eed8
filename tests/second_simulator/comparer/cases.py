"""Random small scenarios; a number says which."""

import random

SECOND = 1000  # milliseconds


def case(number):
    """A scenario with one strategy. The program may refuse the combination."""
    draw = random.Random(number)
    seconds = draw.choice((4, 6, 8))
    document = {
        "title": f"random {number}",
        "cache": cache(draw),
        "database": database(draw),
        "keys": keys(draw),
        "strategies": {"drawn": strategy(draw)},
        "traffic": traffic(draw, seconds)}
    clients = {}
    if draw.random() < 0.2:
        clients["pause"] = {"share": draw.choice((0.01, 0.05)), "length": "0ms..200ms"}
    if draw.random() < 0.2:
        clients["crash"] = draw.choice((0.005, 0.02))
    if draw.random() < 0.2:
        clients["timeout"] = draw.choice(("30ms", "100ms"))
        clients["retries"] = draw.choice((0, 0, 2))
    if clients:
        document["clients"] = clients
    if document["strategies"]["drawn"].get("guards") == [{"remote-marker": {"ttl": "500ms"}}]:
        document["database"]["replicas"] = {"count": 1, "lag": "0ms..200ms"}
    return document


def cache(draw):
    section = {"latency": draw.choice(("1ms", "200us..1ms", "1ms..5ms"))}
    if draw.random() < 0.25:
        section["maxmemory"] = draw.choice(("20kb", "60kb"))
        section["policy"] = draw.choice(
            ("noeviction", "allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru",
             "volatile-lfu", "volatile-random", "volatile-ttl"))
        section["samples"] = draw.choice((1, 5, 10))
    if draw.random() < 0.5:
        section["active_expiry"] = False
    if draw.random() < 0.2:
        section["command"] = draw.choice(("10us", "500us"))
    return section


def database(draw):
    section = {"read": draw.choice(("5ms..30ms", "20ms", {"exponential": "20ms"}, "100ms",
                                    {"lognormal": {"median": "10ms", "p99": "60ms"}})),
               "write": draw.choice(("5ms..20ms", "10ms"))}
    if draw.random() < 0.4:
        section["connections"] = draw.choice((2, 5, 10))
        section["queue_max"] = draw.choice((0, 5, 50))
        section["overload"] = draw.choice(("reject", "reject", "slow"))
    if draw.random() < 0.15:
        section["replicas"] = {"count": draw.choice((1, 2)), "lag": "0ms..200ms"}
    return section


def keys(draw):
    section = {"count": draw.choice((1, 5, 20, 100)),
               "popularity": draw.choice(("uniform", {"zipf": 0.99}, {"zipf": 0.5},
                                          {"hot": {"share": "10%", "of_reads": "60%"}}))}
    if draw.random() < 0.3:
        section["absent"] = draw.choice((0.2, 0.5))
    if draw.random() < 0.15:
        section["groups"] = draw.choice((2, 5))
    if draw.random() < 0.15:
        section["derived"] = {"per_key": 2, "known": draw.choice((0, 1, 2))}
    return section


def ttl(draw):
    return draw.choice(("300ms", "1s", "2s"))


def lock(draw):
    options = {"ttl": draw.choice(("50ms", "1s", "none")), "wait": draw.choice(("5ms", "20ms")),
               "give_up": draw.choice(("40ms", "500ms"))}
    if draw.random() < 0.3:
        options["release"] = "unchecked"
    return options


def strategy(draw):
    slots = {}
    expiry = {}
    if draw.random() < 0.7:
        expiry["ttl"] = ttl(draw)
        if draw.random() < 0.3:
            expiry["jitter"] = draw.choice((0.1, 0.5))
    if draw.random() < 0.3:
        expiry["negative"] = draw.choice(("200ms", "1s"))
    if draw.random() < 0.4:
        slots["read"] = draw.choice((
            "direct", {"stale-while-revalidate": {"soft": "200ms", "hard": "1s"}},
            {"refresh-ahead": {"threshold": 0.5}}, {"xfetch": {"beta": draw.choice((0.5, 1, 2))}},
            {"stale-if-error": {"keep": "1s"}}))
    if isinstance(slots.get("read"), dict) and "stale-while-revalidate" in slots["read"]:
        expiry.pop("ttl", None)
    if draw.random() < 0.6:
        slots["load"] = draw.choice((
            {"single-flight": {"processes": draw.choice((1, 3)),
                               "forget": draw.random() < 0.3}},
            {"lock": lock(draw)}, {"read-through": {"nodes": 2}},
            {"lease": {"rate": draw.choice(("100ms", "1s")), "wait": "20ms", "give_up": "200ms",
                       "refused": draw.choice(("retry", "retry", "load", "give-up"))}}))
    if draw.random() < 0.35:
        slots["fill"] = draw.choice(("add", "set-if-newer", "generation", "set-then-expire",
                                     {"set-if-newer": {"tombstones": "300ms"}}))
    if draw.random() < 0.7:
        slots["write"] = draw.choice((
            "delete-before", "none", "delete-in-transaction", "set-after", "bump-version",
            {"double-delete": {"first": draw.choice(("before", "after")), "delay": "100ms"}},
            {"set-after": {"ttl": draw.choice(("keep", "none"))}}, "write-through",
            {"write-through": {"order": "cache-first"}}, {"write-through": {"lock": lock(draw)}},
            {"cdc": {"lag": "50ms..100ms"}}, "delete-by-keys",
            {"write-behind": {"queue": draw.choice(("volatile", "durable")),
                              "interval": "300ms"}}))
    if draw.random() < 0.25:
        slots["guards"] = [draw.choice((
            {"hold-off": {"for": "200ms"}}, {"remote-marker": {"ttl": "500ms"}},
            {"bloom-filter": {"bits": 500}},
            {"local-cache": {"ttl": "200ms", "message": "1ms..20ms",
                             "first": draw.choice(("shared", "local"))}}))]
    if expiry:
        slots["expiry"] = expiry
    return slots


def traffic(draw, seconds):
    rate = draw.choice((50, 150, 400))
    flow = {"name": "web", "rate": f"{rate}/s", "reads": draw.choice((1, 0.95, 0.7)),
            "arrivals": draw.choice(("poisson", "poisson", "constant",
                                     {"bursty": {"on": "500ms", "off": "500ms"}},
                                     {"diurnal": {"period": "2s"}}))}
    section = {"duration": f"{seconds}s", "flows": [flow]}
    if draw.random() < 0.3:
        section["warmup"] = "1s"
    if draw.random() < 0.3:
        section["prefill"] = "all"
    if draw.random() < 0.2:
        section["flows"].append({"name": "jobs", "clients": 3, "think": "20ms..50ms",
                                 "from": "1s", "to": "3s", "reads": 0.9})
    if draw.random() < 0.1:
        section["flows"].append({"name": "random", "rate": "50/s", "keys": "random"})
    if draw.random() < 0.4:
        section["incidents"] = [{"at": f"{draw.randint(1, seconds - 1)}s", "do": draw.choice((
            "flush", "cache-restart", "change-key-format", {"set-ttl": "200ms"},
            {"bypass": "30%"}, {"invalidate-group": 0}, {"keys": "*"}))}]
    return section
