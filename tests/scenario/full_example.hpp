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
                "policy": "allkeys-lru", "samples": 6 },
  "database": { "read": { "lognormal": { "median": "5ms", "p99": "30ms" }, "max": "1s" },
                "write": { "exponential": "20ms", "max": "2s" },
                "connections": 7, "queue_max": 70, "overload": "slow",
                "replicas": { "count": 1, "lag": "0ms..500ms" } },
  "clients":  { "pause": { "share": 0.001, "length": "0s..2s" }, "timeout": "1s" },
  "keys":     { "count": 12, "popularity": { "hot": { "share": 0.01, "of_reads": "90%" } },
                "absent": "1%", "value": "2kb", "groups": 100,
                "derived": { "per_key": 2, "known": 1 } },

  "strategies": {
    "cache-aside": {},
    "ttl":  { "read": "plain", "fill": "set", "write": "none",
              "expiry": { "ttl": "60s", "jitter": "10%" } },
    "dd":   { "write": { "double-delete": { "first": "after", "delay": "1s",
                                            "timer": "durable" } } },
    "lock": { "load": { "lock": { "ttl": "5s", "wait": "50ms", "give_up": "2s" } },
              "expiry": "none" },
    "swr":  { "read": { "stale-while-revalidate": { "soft": "60s", "hard": "300s" } },
              "load": "single-flight" },
    "more": { "read": { "refresh-ahead": { "at": 0.8 } }, "load": { "every-reader": {} },
              "fill": { "add": {} }, "write": { "write-behind": {} }, 
              "guards": ["bloom-filter", { "hold-off": {} }] }
  },

  "race": {
    "clients": [ { "name": "reader", "count": 2, "do": ["read user:7", "read user:8"] },
                 { "name": "writer", "do": ["write user:7"] } ],
    "start": { "user:7": "absent", "user:8": "warm" },
    "timing": "latencies",
    "pause_max": "2s",
    "faults": { "crash": 1, "evict": 2, "lose": 3, "flush": 4, "cache-restart": 5 }
  },

  "traffic": {
    "duration": "10min", "warmup": "30s", "prefill": "all",
    "flows": [ { "name": "web", "rate": "2000/s", "arrivals": "constant", "reads": 0.99 },
               { "name": "scraper", "rate": "30/min", "keys": "absent",
                 "from": "2min", "to": "4min" },
               { "name": "jobs", "clients": 50, "think": "100ms" },
               { "name": "recorded", "trace": "requests.csv", "format": "twitter" } ],
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
