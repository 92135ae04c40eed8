// What is said of values that make no sense or are not built, in full; and the order of it all.

#include <catch2/catch_test_macros.hpp>

#include "tests/scenario/text_of.hpp"

namespace cacherace::scenario {
namespace {

TEST_CASE("a value of the right type that makes no sense") {
  CHECK(problems_of(R"({"seed": 1,
 "seed": 2})") ==
        R"(x.json:2:2 /seed: duplicate key "seed", already given at line 1, column 2; keep one )"
        R"(of them)"
        "\n");
  CHECK(problems_of(R"({"cache": {"latency": "5ms..1ms"}})") ==
        R"(x.json:1:23 /cache/latency: the range "5ms..1ms" ends before it begins; write the )"
        R"(shorter duration first)"
        "\n");
  CHECK(problems_of(R"({"cache": {"latency": "0.1ns"}})") ==
        R"(x.json:1:23 /cache/latency: "0.1ns" is finer than one nanosecond; round it)"
        "\n");
  CHECK(problems_of(R"({"cache": {"latency": "9000h"}})") ==
        R"(x.json:1:23 /cache/latency: "9000h" is too large; the maximum is 8760h)"
        "\n");
  CHECK(problems_of(R"({"cache": {"latency": {"lognormal": {"median": "5ms", "p99": "1ms"}}}})") ==
        R"(x.json:1:62 /cache/latency/lognormal/p99: "p99" is below "median"; 99 in 100 draws )"
        R"(are at most "p99"; half are at most "median")"
        "\n");
  CHECK(problems_of(R"({"cache": {"latency": {"lognormal": {"median": "5ms", "p99": "9ms"},)"
                    R"( "max": "1ms"}}})") ==
        R"(x.json:1:77 /cache/latency/max: "max" is below "median")"
        "\n");
  CHECK(problems_of(R"({"cache": {"latency": {"exponential": "0s"}}})") ==
        R"(x.json:1:39 /cache/latency/exponential: the duration must be above 0)"
        "\n");
  CHECK(problems_of(R"({"clients": {"pause": {"share": "101%"}}})") ==
        R"(x.json:1:33 /clients/pause/share: "101%" is too large; the maximum is 100%)"
        "\n");
  CHECK(problems_of(R"({"keys": {"derived": {"per_key": 1, "known": 2}}})") ==
        R"(x.json:1:22 /keys/derived: "derived" is not supported yet; leave it out for now)"
        "\n"
        R"(x.json:1:46 /keys/derived/known: more aggregates are known than "per_key" says )"
        R"(there are)"
        "\n");
  CHECK(problems_of(R"({"strategies": {"*": {}}})") ==
        R"(x.json:1:17 /strategies/*: a strategy cannot be called "*"; give it a name that )"
        R"(says what it does)"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"expiry": {"ttl": "0s"}}}})") ==
        R"(x.json:1:41 /strategies/a/expiry/ttl: the duration must be above 0)"
        "\n");
  CHECK(problems_of(
            R"({"race": {"clients": [{"name": "r", "do": ["read k"]}, {"name": "r", "do": ["read )"
            R"(k"]}]}})") ==
        R"(x.json:1:65 /race/clients/1/name: two clients are called "r"; give each its own )"
        R"(name, or one of them a "count")"
        "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "rate": "0/s"}]}})") ==
        R"(x.json:1:46 /traffic/flows/0/rate: the rate must be above 0; leave the flow out if )"
        R"(it sends nothing)"
        "\n");
  CHECK(
      problems_of(R"({"traffic": {"warmup": "2min", "flows": [{"name": "w", "rate": "1/s"}]}})") ==
      R"(x.json:1:24 /traffic/warmup: "warmup" takes the whole run; nothing would be )"
      R"(measured; raise "duration")"
      "\n");
  CHECK(problems_of(
            R"({"traffic": {"flows": [{"name": "w", "rate": "1/s", "from": "30s", "to": "2min"}, )"
            R"({"name": "v", "rate": "1/s", "from": "30s", "to": "20s"}]}})") ==
        R"(x.json:1:74 /traffic/flows/0/to: "to" is after the end of the run; raise "duration" )"
        R"(or leave it out)"
        "\n"
        R"(x.json:1:133 /traffic/flows/1/to: "to" is not after "from")"
        "\n");
  CHECK(
      problems_of(
          R"({"cache": {"latency": "0s"}, "traffic": {"flows": [{"name": "w", "clients": 1}]}})") ==
      R"(x.json:1:52 /traffic/flows/0: time could stand still: "think" and "cache/latency" )"
      R"(take none; give one of them a latency above 0)"
      "\n");
  CHECK(problems_of(R"({"expect": {"*": {"reads": ">= 50%"}}})") ==
        R"(x.json:1:28 /expect/*/reads: "50%" is a share, and this is not the metric of one; )"
        R"(write a number, such as ">= 100")"
        "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "rate": "1/s"}]}, "expect": {"*": )"
                    R"({"hit_ratio": ">= 90"}}})") ==
        R"(x.json:1:86 /expect/*/hit_ratio: "hit_ratio" is never above 1; write a share such )"
        R"(as ">= 0.9" or ">= 90%")"
        "\n");
}

TEST_CASE("a part that is not built is named, with what to use now") {
  CHECK(problems_of(
            R"({"strategies": {"a": {"read": {"stale-while-revalidate": {"soft": "60s", "hard": )"
            R"("300s"}}}}})") ==
        R"(x.json:1:31 /strategies/a/read: "stale-while-revalidate" is not supported yet; use )"
        R"("plain" for now)"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"write": "cdc"}}})") ==
        R"(x.json:1:32 /strategies/a/write: "cdc" is not supported yet; use "delete-after" for )"
        R"(now)"
        "\n");
  CHECK(problems_of(R"({"database": {"overload": "slow"}})") ==
        R"(x.json:1:27 /database/overload: overload "slow" is not supported yet; use "reject" )"
        R"(for now)"
        "\n");
  CHECK(problems_of(R"({"keys": {"value": "2kb"}})") ==
        R"(x.json:1:20 /keys/value: "value" is not supported yet; leave it out or write "1kb" )"
        R"(for now)"
        "\n");
  CHECK(
      problems_of(
          R"({"race": {"clients": [{"name": "r", "do": ["read k"]}], "faults": {"crash": 1}}})") ==
      R"(x.json:1:77 /race/faults/crash: the fault "crash" is not supported yet; leave it )"
      R"(out or write 0 for now)"
      "\n");
}

TEST_CASE("every error of a file is reported, in the order of the text") {
  CHECK(problems_of(R"({
  "seed": -1,
  "cache": { "latency": "fast", "latency": "5ms", "ltency": 1 },
  )"
                    R"("strategies": {
    "a": { "load": "single-fligth", "write": "write-behind" }
  },
 )"
                    R"( "expect": { "b": { "hit_ratio": ">= 0.9", "hit_ratoi": ">= 0.9" } },
  "sead": 2
})") == R"(x.json:2:11 /seed: expected a whole number from 0 to 18446744073709551615, found -1 )"
        R"((a number); write "seed": 1)"
        "\n"
        R"(x.json:3:25 /cache/latency: expected a latency such as "5ms" or "5ms..30ms", found )"
        R"("fast" (a string); write "latency": "5ms..30ms")"
        "\n"
        R"(x.json:3:33 /cache/latency: duplicate key "latency", already given at line 3, )"
        R"(column 14; keep one of them)"
        "\n"
        R"(x.json:3:51 /cache/ltency: unknown key "ltency"; did you mean "latency"?)"
        "\n"
        R"(x.json:5:20 /strategies/a/load: unknown choice "single-fligth"; did you mean )"
        R"("single-flight"?)"
        "\n"
        R"(x.json:5:46 /strategies/a/write: "write-behind" is not supported yet; use )"
        R"("delete-after" for now)"
        "\n"
        R"(x.json:7:15 /expect/b: unknown strategy "b"; choose one of "a", "*")"
        "\n"
        R"(x.json:7:45 /expect/b/hit_ratoi: unknown property or metric "hit_ratoi"; did you )"
        R"(mean "hit_ratio"?)"
        "\n"
        R"(x.json:8:3 /sead: unknown key "sead"; did you mean "seed"?)"
        "\n");
}

}  // namespace
}  // namespace cacherace::scenario
