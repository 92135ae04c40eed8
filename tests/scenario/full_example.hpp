#pragma once
// One file that exercises the entire format, the parts that are not built yet included.

#include <string_view>

namespace cacherace::scenario {

inline constexpr std::string_view full_example = R"json({
  "$schema": "scenario.schema.json",
  "title": "Everything",   // a comment
  "story": "Each key of the format, once at least.",
  "source": "scenario-format",
  "seed": 12345,

  "cache":    { "latency": "200us..1ms", "maxmemory": "64mb",
                "policy": "allkeys-lru", "samples": 6, "lfu_log_factor": 1,
                "lfu_decay_time": "2min", "command": "10us", "per_key": "300ns",
                "active_expiry": false },
  "database": { "read": { "lognormal": { "median": "5ms", "p99": "30ms" }, "max": "1s" },
                "write": { "exponential": "20ms", "max": "2s" },
                "connections": 7, "queue_max": 70, "overload": "slow",
                "replicas": { "count": 1, "lag": "0ms..500ms" } },
  "clients":  { "pause": { "share": 0.001, "length": "0s..2s" }, "timeout": "1s", "retries": 2,
                "lost": "0.1%", "crash": 0.0001 },
  "keys":     { "count": 12, "popularity": { "hot": { "share": 0.01, "of_reads": "90%" } },
                "absent": "1%", "value": "2kb", "groups": 100,
                "derived": { "per_key": 2, "known": 1 } },

  "strategies": {
    "cache-aside": {},
    "ttl":     { "read": "plain", "load": { "every-reader": {} }, "fill": { "set": {} },
                 "write": "none", "expiry": { "ttl": "60s", "jitter": "10%", "negative": "5s" } },
    "direct":  { "read": "direct", "write": { "delete-before": {} } },
    "dd":      { "write": { "double-delete": { "first": "after", "delay": "1s",
                                               "timer": "durable" } },
                 "expiry": { "negative": "5s" } },
    "lock":    { "load": { "lock": { "ttl": "5s", "wait": "50ms", "give_up": "2s" } },
                 "write": { "write-through": {
                   "lock": { "ttl": "none", "wait": "10ms", "give_up": "1s",
                             "release": "unchecked" },
                   "order": "cache-first" } },
                 "expiry": "none" },
    "swr":     { "read": { "stale-while-revalidate": { "soft": "60s", "hard": "300s" } },
                 "load": { "single-flight": { "processes": 3, "forget": true } },
                 "fill": "set-then-expire", "expiry": { "jitter": "10%" },
                 "guards": [ { "local-cache": { "processes": 3, "ttl": "2s", "message": "1ms",
                                                "first": "local" } } ] },
    "ahead":   { "read": { "refresh-ahead": { "threshold": "90%" } }, "expiry": { "ttl": "60s" },
                 "guards": [ { "hold-off": { "for": "5s" } } ] },
    "lease":   { "load": { "lease": { "rate": "5s", "refused": "retry", "wait": "20ms",
                                      "give_up": "1s", "stale": "10s" } },
                 "fill": "lease-set", "write": { "cdc": { "lag": "0s..1s" } },
                 "expiry": { "ttl": "60s" },
                 "guards": [ { "bloom-filter": { "bits": 1000, "hashes": 5 } },
                             { "remote-marker": { "ttl": "5s" } } ] },
    "newer":   { "read": { "xfetch": { "beta": 1.5 } }, "load": { "read-through": { "nodes": 3 } },
                 "fill": { "set-if-newer": { "tombstones": "10s" } },
                 "write": "delete-in-transaction", "expiry": { "ttl": "60s" } },
    "error":   { "read": { "stale-if-error": { "keep": "10min" } }, "fill": "add",
                 "write": { "delete-by-scan": { "count": 100 } }, "expiry": { "ttl": "60s" } },
    "checked": { "fill": "generation" },
    "keys":    { "write": "delete-by-keys" },
    "set":     { "write": { "set-after": {} } },
    "behind":  { "write": { "write-behind": { "queue": "durable", "interval": "2s", "batch": 10,
                                              "coalesce": false } } },
    "version": { "write": { "bump-version": { "seed": "one" } } }
  },

  "race": {
    "clients": [ { "name": "reader", "count": 2, "do": ["read user:7", "read user:8#2"] },
                 { "name": "writer", "do": ["write user:7"] },
                 { "name": "mishap", "do": ["evict user:7#1", "flush", "cache-restart"] } ],
    "start": { "user:7": "absent", "user:8": "warm", "user:8#1": "cold" },
    "timing": "latencies",
    "pause_max": "2s",
    "faults": { "crash": 1, "evict": 2, "lose": 3, "flush": 4, "cache-restart": 5 }
  },

  "vary": {
    "clients": "1..3", "operations": 2, "keys": "1..2",
    "faults": { "crash": "0..1", "evict": 1, "lose": "0..2", "flush": 0, "cache-restart": "0..1" },
    "durations": { "/cache/latency": "200us..5ms", "/strategies/ttl/expiry/ttl": "1s..60s",
                   "/strategies/dd/write/double-delete/delay": "1s" }
  },

  "traffic": {
    "duration": "10min", "warmup": "30s", "peak_window": "100ms", "prefill": "all",
    "flows": [ { "name": "web", "rate": "2000/s", "arrivals": "constant", "reads": 0.99 },
               { "name": "scraper", "rate": "30/min", "keys": "absent",
                 "from": "2min", "to": "4min" },
               { "name": "jobs", "clients": 50, "think": "100ms", "keys": "random" },
               { "name": "recorded", "trace": "requests.csv", "format": "twitter",
                 "speed": 2.5 },
               { "name": "bursts", "rate": "100/s",
                 "arrivals": { "bursty": { "on": "1s", "off": "9s", "phases": "exponential" } } },
               { "name": "days", "rate": "100/s", "mix": { "write": 0.1, "read": 0.9 },
                 "arrivals": { "diurnal": { "period": "1h", "peak": 1.5 } } },
               { "name": "keys", "trace": "keys.txt", "format": "plain", "rows": "hashed",
                 "rate": "7/s", "arrivals": "constant", "reads": 0.9 } ],
    "incidents": [ { "at": "5min", "do": "flush" },
                   { "at": "6min", "do": { "keys": "user:*" } },
                   { "at": "7min", "do": { "set-ttl": "1s" } },
                   { "at": "7min", "do": "change-key-format" },
                   { "at": "8min", "do": { "bypass": "30%" } },
                   { "at": "8min", "do": { "invalidate-group": 3 } },
                   { "at": "9min", "do": "cache-restart" } ]
  },

  "expect": {
    "cache-aside": { "no-stale-residue": "violated", "staleness": "proven",
                     "loads-in-flight": "<= 1" },
    "ttl":         { "staleness": "<= 62s", "hit_ratio": ">= 90%",
                     "read_us_p99": "< 1.5ms", "wait": "clean-so-far" },
    "*":           { "db_qps_peak": "<= 5000", "stale_residue": "== 0", "hits": ">10" }
  }
})json";

}  // namespace cacherace::scenario
