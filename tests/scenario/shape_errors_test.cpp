// What is said of wrong keys, names and types, in full.

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/scenario/text_of.hpp"

namespace cacherace::scenario {
namespace {

TEST_CASE("a misspelt key, choice or name gets a suggestion") {
  CHECK(problems_of(R"({"sed": 1})") ==
        R"(x.json:1:2 /sed: unknown key "sed"; did you mean "seed"?)"
        "\n");
  CHECK(problems_of(R"({"cache": {"latncy": "5ms"}})") ==
        R"(x.json:1:12 /cache/latncy: unknown key "latncy"; did you mean "latency"?)"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"load": "single-fligth"}}})") ==
        R"(x.json:1:31 /strategies/a/load: unknown choice "single-fligth"; did you mean )"
        R"("single-flight"?)"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"write": {"duble-delete": {}}}}})") ==
        R"(x.json:1:33 /strategies/a/write/duble-delete: unknown choice "duble-delete"; did )"
        R"(you mean "double-delete"?)"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"fetch": "plain"}}})") ==
        R"(x.json:1:23 /strategies/a/fetch: unknown key "fetch"; choose one of "read", "load", )"
        R"("fill", "write", "expiry", "guards")"
        "\n");
  CHECK(problems_of(R"({"cache": {"policy": "ALLKEYS-LRU "}})") ==
        R"(x.json:1:22 /cache/policy: unknown policy "ALLKEYS-LRU "; did you mean )"
        R"("allkeys-lru"?)"
        "\n");
  CHECK(problems_of(
            R"({"strategies": {"ttl 60s": {}}, "race": {"clients": [{"name": "r", "do": ["read )"
            R"(k"]}]}, "expect": {"ttl 6s": {"no-stale-residue": "proven"}}})") ==
        R"(x.json:1:100 /expect/ttl 6s: unknown strategy "ttl 6s"; did you mean "ttl 60s"?)"
        "\n");
  CHECK(problems_of(R"({"race": {"clients": [{"name": "r", "do": ["read k"]}]}, "expect": {"*": )"
                    R"({"no-stale-residu": "proven"}}})") ==
        R"(x.json:1:75 /expect/*/no-stale-residu: unknown property or metric )"
        R"("no-stale-residu"; did you mean "no-stale-residue"?)"
        "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "rate": "1/s"}]}, "expect": {"*": )"
                    R"({"hit_ration": ">= 0.9"}}})") ==
        R"(x.json:1:73 /expect/*/hit_ration: unknown property or metric "hit_ration"; did you )"
        R"(mean "hit_ratio"?)"
        "\n");
  CHECK(problems_of(R"({"race": {"clients": [{"name": "r", "do": ["read k"]}]}, "expect": {"*": )"
                    R"({"no-stale-residue": "prooven"}}})") ==
        R"(x.json:1:95 /expect/*/no-stale-residue: unknown verdict "prooven"; did you mean )"
        R"("proven"?)"
        "\n");
  CHECK(problems_of(
            R"({"race": {"clients": [{"name": "r", "do": ["read user:7"]}], "start": {"user:8": )"
            R"("warm"}}})") ==
        R"(x.json:1:72 /race/start/user:8: no client reads or writes "user:8"; did you mean )"
        R"("user:7"?)"
        "\n");
}

TEST_CASE("a value of the wrong type says what was found and what is wanted") {
  CHECK(problems_of(R"([])") == R"(x.json:1:1: expected an object, found an empty array; write {})"
                                "\n");
  CHECK(problems_of(R"({"seed": "1"})") ==
        R"(x.json:1:10 /seed: expected a whole number from 0 to 18446744073709551615, found )"
        R"("1" (a string); write "seed": 1)"
        "\n");
  CHECK(problems_of(R"({"seed": -1})") ==
        R"(x.json:1:10 /seed: expected a whole number from 0 to 18446744073709551615, found -1 )"
        R"((a number); write "seed": 1)"
        "\n");
  CHECK(problems_of(R"({"seed": 18446744073709551616})") ==
        R"(x.json:1:10 /seed: expected a whole number from 0 to 18446744073709551615, found )"
        R"(18446744073709551616 (a number); write "seed": 18446744073709551615)"
        "\n");
  CHECK(problems_of(R"({"title": null})") ==
        R"(x.json:1:11 /title: expected a text, found null; write "title": "text")"
        "\n");
  CHECK(problems_of(R"({"cache": {"latency": 5}})") ==
        R"(x.json:1:23 /cache/latency: expected a latency such as "5ms" or "5ms..30ms", found )"
        R"(5 (a number); write "latency": "5us" or "5ms")"
        "\n");
  CHECK(problems_of(R"({"cache": {"latency": "5 ms"}})") ==
        R"(x.json:1:23 /cache/latency: expected a latency such as "5ms" or "5ms..30ms", found )"
        R"("5 ms" (a string); write "latency": "5ms")"
        "\n");
  CHECK(problems_of(R"({"cache": 5})") ==
        R"(x.json:1:11 /cache: expected an object, found 5 (a number); write "cache": { )"
        R"("latency": "200us..1ms" })"
        "\n");
  CHECK(problems_of(R"({"keys": {"count": 0}})") ==
        R"(x.json:1:20 /keys/count: expected a whole number from 1 to 10000000, found 0 (a )"
        R"(number); write "count": 1)"
        "\n");
  CHECK(problems_of(R"({"keys": {"count": 1.5}})") ==
        R"(x.json:1:20 /keys/count: expected a whole number from 1 to 10000000, found 1.5 (a )"
        R"(number); write "count": 1)"
        "\n");
  CHECK(problems_of(R"({"keys": {"popularity": "zipf"}})") ==
        R"(x.json:1:25 /keys/popularity: expected "uniform", or an object with "zipf" or )"
        R"("hot", found "zipf" (a string); write "popularity": { "zipf": 0.99 })"
        "\n");
  CHECK(problems_of(R"({"keys": {"popularity": {"zipf": 11}}})") ==
        R"(x.json:1:34 /keys/popularity/zipf: 11 is not from 0 to 10; write 10)"
        "\n");
  CHECK(problems_of(R"({"keys": {"popularity": {}}})") ==
        R"(x.json:1:25 /keys/popularity: expected "zipf" or "hot", one of the two; write { )"
        R"("zipf": 0.99 })"
        "\n");
  CHECK(problems_of(R"({"clients": {"pause": {"share": 1.01}}})") ==
        R"(x.json:1:33 /clients/pause/share: 1.01 is not from 0 to 1; write 1)"
        "\n");
  CHECK(problems_of(R"({"clients": {"pause": {"share": "1"}}})") ==
        R"(x.json:1:33 /clients/pause/share: expected a share such as 0.01 or "1%", found "1" )"
        R"((a string); write "share": "1%")"
        "\n");
  CHECK(problems_of(R"({"cache": {"maxmemory": 64}})") ==
        R"(x.json:1:25 /cache/maxmemory: expected a size such as "1kb" or "64mb", found 64 (a )"
        R"(number); write "maxmemory": "64b" or "64mb")"
        "\n");
  CHECK(problems_of(R"({"cache": {"maxmemory": "64MiB"}})") ==
        R"(x.json:1:25 /cache/maxmemory: expected a size such as "1kb" or "64mb", found "64MiB" )"
        R"((a string); write "maxmemory": "64mb")"
        "\n");
  CHECK(problems_of(R"({"cache": {"latency": {"normal": "5ms"}}})") ==
        R"(x.json:1:23 /cache/latency: expected "exponential" or "lognormal", one of the two; )"
        R"(write { "exponential": "20ms" })"
        "\n"
        R"(x.json:1:24 /cache/latency/normal: unknown key "normal"; choose one of )"
        R"("exponential", "lognormal", "max")"
        "\n");
  CHECK(problems_of(R"({"strategies": {}})") ==
        R"(x.json:1:16 /strategies: expected an object with 1 to 64 strategies, found an empty )"
        R"(object; write "strategies": { "cache-aside": {} })"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"write": {"none": {}, "cdc": {}}}}})") ==
        R"(x.json:1:32 /strategies/a/write: expected the name of a choice, or an object with )"
        R"(one choice and its options, found an object; write "write": "delete-after")"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"load": "lock"}}})") ==
        R"(x.json:1:31 /strategies/a/load: "lock" needs options; write { "lock": { "ttl": )"
        R"("5s", "wait": "50ms", "give_up": "2s" } })"
        "\n");
  CHECK(
      problems_of(R"({"strategies": {"a": {"write": {"double-delete": {"first": "before"}}}}})") ==
      R"(x.json:1:50 /strategies/a/write/double-delete: "delay" is missing; add "delay": "1s")"
      "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"expiry": {}}}})") ==
        R"(x.json:1:33 /strategies/a/expiry: expected "none", or an object with "ttl" or )"
        R"("negative", found an empty object; write "expiry": { "ttl": "60s" })"
        "\n");
  for (const auto& [name, options] : {std::pair{"fixed", R"({ "ttl": "60s" })"},
                                      {"jitter", R"({ "ttl": "60s", "jitter": "10%" })"},
                                      {"negative", R"({ "negative": "5s" })"}})
    CHECK(problems_of(fmt::format(R"({{"strategies": {{"a": {{"expiry": "{}"}}}}}})", name)) ==
          fmt::format("x.json:1:33 /strategies/a/expiry: \"{}\" needs options; write {}\n", name,
                      options));
  CHECK(problems_of(R"({"strategies": {"a": {"load": {"lock":)"
                    R"( {"ttl": "nine", "wait": "1s", "give_up": "2s"}}}}})") ==
        R"(x.json:1:48 /strategies/a/load/lock/ttl: expected a duration such as "200us", "5ms", )"
        R"("60s", "10min" or "1h", found "nine" (a string); write "ttl": "5ms")"
        "\n");
  CHECK(problems_of(R"({"traffic": {"duration": "2m"}})") ==
        R"(x.json:1:26 /traffic/duration: expected a duration such as "200us", "5ms", "60s", )"
        R"("10min" or "1h", found "2m" (a string); write "duration": "2min")"
        "\n");
  CHECK(problems_of(R"({"database": {"read": "0.5m"}})") ==
        R"(x.json:1:23 /database/read: expected a latency such as "5ms" or "5ms..30ms", )"
        R"(found "0.5m" (a string); write "read": "0.5min")"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"load": {"single-flight": {"forget": 1}}}}})") ==
        R"(x.json:1:60 /strategies/a/load/single-flight/forget: expected true or false, found 1 )"
        R"((a number); write "forget": true)"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"guards": [{"bloom-filter": {"bits": 0}}]}}})") ==
        R"(x.json:1:60 /strategies/a/guards/0/bloom-filter/bits: expected a whole number from 1 )"
        R"(to 100000000, found 0 (a number); write "bits": 1)"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"guards": "hold-off"}}})") ==
        R"(x.json:1:33 /strategies/a/guards: expected an array of guards, found "hold-off" (a )"
        R"(string); write "guards": ["hold-off"])"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"guards": ["bloom-filter"]}}})") ==
        R"(x.json:1:34 /strategies/a/guards/0: "bloom-filter" needs options; write { )"
        R"("bloom-filter": { "bits": 100000, "hashes": 7 } })"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"fill": {"add": 1}}}})") ==
        R"(x.json:1:39 /strategies/a/fill/add: expected an object, found 1 (a number); write )"
        R"("add": {})"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"write": {"write-behind": {"queue": "disk"}}}}})") ==
        R"(x.json:1:59 /strategies/a/write/write-behind/queue: unknown queue "disk"; choose one )"
        R"(of "volatile", "durable")"
        "\n");
  CHECK(problems_of(R"({"race": {"clients": [{"name": "", "do": []}]}})") ==
        R"(x.json:1:32 /race/clients/0/name: expected a name, found "" (a string); write )"
        R"("name": "web")"
        "\n"
        R"(x.json:1:42 /race/clients/0/do: expected an array of 1 to 64 operations, found an )"
        R"(empty array; write "do": ["read user:7"])"
        "\n");
  CHECK(problems_of(R"({"race": {"clients": [{"name": "r", "do": ["raed k"]}]}})") ==
        R"(x.json:1:44 /race/clients/0/do/0: strategy "cache-aside" is no script, and has no )"
        R"(operation "raed"; write "read KEY", "write KEY", "evict KEY", "flush" or )"
        R"("cache-restart")"
        "\n");
  CHECK(problems_of(R"({"race": {"clients": [{"name": "r", "count": 0, "do": ["read k"]}]}})") ==
        R"(x.json:1:46 /race/clients/0/count: expected a whole number from 1 to 64, found 0 (a )"
        R"(number); write "count": 1)"
        "\n");
  CHECK(problems_of(R"({"race": {"clients": [{"name": "r", "do": ["flush k", "evict"]}]}})") ==
        R"(x.json:1:44 /race/clients/0/do/0: expected "read", "write" or "evict" and a key, )"
        R"("flush" or "cache-restart", or a function of a script and what it is given, found )"
        R"("flush k" (a string); write "read user:7")"
        "\n"
        R"(x.json:1:55 /race/clients/0/do/1: expected "read", "write" or "evict" and a key, )"
        R"("flush" or "cache-restart", or a function of a script and what it is given, found )"
        R"("evict" (a string); write "read user:7")"
        "\n");
  CHECK(
      problems_of(R"({"traffic": {"incidents": [{"at": "1s", "do": "explode"}, {"at": "1s"}]}})") ==
      R"(x.json:1:47 /traffic/incidents/0/do: unknown incident "explode"; choose one of )"
      R"("flush", "change-key-format", "cache-restart")"
      "\n"
      R"(x.json:1:59 /traffic/incidents/1: "do" is missing; add "do": "flush")"
      "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w"}]}})") ==
        R"(x.json:1:24 /traffic/flows/0: expected "rate", "clients" or "trace", one of the )"
        R"(three; add "rate": "2000/s")"
        "\n");
  CHECK(
      problems_of(R"({"traffic": {"flows": [{"name": "w", "clients": 1, "rate": "1/s", "format": )"
                  R"("plain"}]}})") ==
      R"(x.json:1:24 /traffic/flows/0: expected "rate", "clients" or "trace", one of the )"
      R"(three; add "rate": "2000/s")"
      "\n"
      R"(x.json:1:67 /traffic/flows/0/format: "format" goes with "trace", which is missing)"
      "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "rate": "1/s", "arrivals": "burst"},)"
                    R"( {"name": "v", "clients": 1, "arrivals": {"bursty": {"on": "1s"}}}]}})") ==
        R"(x.json:1:65 /traffic/flows/0/arrivals: unknown choice "burst"; did you mean "bursty"?)"
        "\n"
        R"(x.json:1:103 /traffic/flows/1/arrivals: "arrivals" goes with "rate", which is missing)"
        "\n"
        R"(x.json:1:126 /traffic/flows/1/arrivals/bursty: "off" is missing; add "off": "9s")"
        "\n");
  CHECK(problems_of(R"({"keys": {"popularity": {"zipf": -1}}, "traffic": {"flows": [{"name": "w",)"
                    R"( "clients": 0, "think": "-1s"}]}})") ==
        R"(x.json:1:34 /keys/popularity/zipf: -1 is not from 0 to 10; write 0)"
        "\n"
        R"(x.json:1:87 /traffic/flows/0/clients: expected a whole number from 1 to 1000000, found )"
        R"(0 (a number); write "clients": 1)"
        "\n"
        R"(x.json:1:99 /traffic/flows/0/think: expected a latency such as "5ms" or "5ms..30ms", )"
        R"(found "-1s" (a string); write "think": "5ms..30ms")"
        "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "rate": "2000"}]}})") ==
        R"(x.json:1:46 /traffic/flows/0/rate: expected a rate such as "2000/s", found "2000" )"
        R"((a string); write "rate": "2000/s")"
        "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "rate": "1/s"}]}, "expect": {"*": )"
                    R"({"hit_ratio": 0.9, "read_us_p99": "<= 5", "hits": "violated"}}})") ==
        R"(x.json:1:86 /expect/*/hit_ratio: expected a limit, as a text, found 0.9 (a number); )"
        R"(write "hit_ratio": ">= 0.9")"
        "\n"
        R"(x.json:1:106 /expect/*/read_us_p99: expected a limit such as "<= 62s", found "<= 5" )"
        R"((a string); write "read_us_p99": "<= 5ms" or "<= 5s")"
        "\n"
        R"(x.json:1:122 /expect/*/hits: expected a limit such as ">= 0.9", found "violated" (a )"
        R"(string); write "hits": ">= 0.9")"
        "\n");
}

}  // namespace
}  // namespace cacherace::scenario
