// What is said of values that make no sense or are not built, in full; and the order of it all.
// What sections ask of each other is in relations_test.cpp.

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
        R"(x.json:1:46 /keys/derived/known: "known" is larger than "per_key")"
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
      R"(x.json:1:24 /traffic/warmup: "warmup" takes the whole run, so nothing would be )"
      R"(measured; raise "duration")"
      "\n");
  CHECK(
      problems_of(R"({"traffic": {"duration": "3s", "warmup": "1s", "peak_window": "2001ms"}})") ==
      R"(x.json:1:63 /traffic/peak_window: "peak_window" is longer than what is measured; )"
      R"(lower it or raise "duration")"
      "\n");
  CHECK(problems_of(R"({"traffic": {"duration": "3s", "warmup": "1s", "peak_window": "2s"}})") ==
        "");
  CHECK(problems_of(R"({"traffic": {"duration": "5ms"}})") == "");
  CHECK(problems_of(R"({"traffic": {"peak_window": "0s"}})") ==
        "x.json:1:29 /traffic/peak_window: the duration must be above 0\n");
  CHECK(problems_of(
            R"({"traffic": {"flows": [{"name": "w", "rate": "1/s", "from": "30s", "to": "2min"}, )"
            R"({"name": "v", "rate": "1/s", "from": "30s", "to": "20s"}]}})") ==
        R"(x.json:1:74 /traffic/flows/0/to: "to" is after the end of the run; raise "duration" )"
        R"(or leave it out)"
        "\n"
        R"(x.json:1:133 /traffic/flows/1/to: "to" is not after "from"; raise "to" )"
        R"(or lower "from")"
        "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "rate": "0/s", "to": "0s"}]}})") ==
        R"(x.json:1:46 /traffic/flows/0/rate: the rate must be above 0; leave the flow out if it )"
        R"(sends nothing)"
        "\n"
        R"(x.json:1:59 /traffic/flows/0/to: the flow ends before it begins; raise "to" or leave )"
        R"(the flow out)"
        "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "rate": "1/s", "arrivals": {"bursty": )"
                    R"({"on": "0s", "off": "1us"}}}, {"name": "v", "rate": "1/s", "arrivals": )"
                    R"({"diurnal": {"period": "0s", "peak": 0.5}}}]}})") ==
        "x.json:1:83 /traffic/flows/0/arrivals/bursty/on: a phase takes at least 1ms; for a "
        R"(steady flow write "arrivals": "poisson")"
        "\n"
        "x.json:1:96 /traffic/flows/0/arrivals/bursty/off: a phase takes at least 1ms; for a "
        R"(steady flow write "arrivals": "poisson")"
        "\n"
        "x.json:1:170 /traffic/flows/1/arrivals/diurnal/period: a period takes at least 1ms; for "
        R"(a steady flow write "arrivals": "poisson")"
        "\n"
        "x.json:1:184 /traffic/flows/1/arrivals/diurnal/peak: a peak is at least 1, the mean; "
        "write a number from 1 to 2"
        "\n");
  CHECK(
      problems_of(
          R"({"cache": {"latency": "0s"}, "traffic": {"flows": [{"name": "w", "clients": 1}]}})") ==
      R"(x.json:1:52 /traffic/flows/0: time could stand still: "think" and "cache/latency" )"
      R"(take none; give one of them a latency above 0)"
      "\n");
  CHECK(problems_of(R"({"expect": {"*": {"reads": ">= 50%"}}})") ==
        R"(x.json:1:28 /expect/*/reads: "50%" is a share, but the metric is not; )"
        R"(write a number, such as ">= 100")"
        "\n");
  CHECK(
      problems_of(R"({"goal": {"no-stale-residue": "violated", "hit_ratio": "<= 0.5"}})") ==
      R"(x.json:1:31 /goal/no-stale-residue: no strategy is better for "no-stale-residue" )"
      R"("violated"; write "proven", or move it to "expect")"
      "\n"
      R"(x.json:1:56 /goal/hit_ratio: no strategy is better for "hit_ratio" "<= 0.5"; more of it )"
      R"(is better: write ">= …", or move it to "expect")"
      "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "rate": "1/s"}]}, "expect": {"*": )"
                    R"({"hit_ratio": ">= 90"}}})") ==
        R"(x.json:1:86 /expect/*/hit_ratio: "hit_ratio" is never above 1; write a share such )"
        R"(as ">= 0.9" or ">= 90%")"
        "\n");
}

TEST_CASE("clients retry and notice losses only after a timeout") {
  CHECK(problems_of(R"({"clients": {"retries": 1, "lost": "1%"}})") ==
        "x.json:1:25 /clients/retries: a command is retried after a timeout, but there is "
        R"(none; add "timeout": "1s")"
        "\n"
        "x.json:1:36 /clients/lost: without a timeout, no client would notice that a message "
        R"(is lost; add "timeout": "1s")"
        "\n");
  CHECK(problems_of(R"({"clients": {"retries": 1, "lost": "1%", "timeout": "1s"}})") == "");
  CHECK(problems_of(R"({"clients": {"retries": 0, "lost": 0}})") == "");
}

TEST_CASE("values are as large as Redis allows") {
  CHECK(problems_of(R"({"keys": {"value": "513mb"}})") ==
        R"(x.json:1:20 /keys/value: "513mb" is too large for a value; the maximum is 512mb, as in )"
        R"(Redis)"
        "\n");
  CHECK(problems_of(R"({"keys": {"value": "512mb"}})") == "");
}

TEST_CASE("options of one choice that contradict each other") {
  CHECK(problems_of(R"({"strategies": {"a": {"read": {"stale-while-revalidate":)"
                    R"( {"soft": "60s", "hard": "60s"}}}}})") ==
        R"(x.json:1:67 /strategies/a/read/stale-while-revalidate/soft: "soft" is not shorter than )"
        R"("hard", so no entry is ever stale; an entry is fresh until "soft", then stale, and )"
        R"(gone after "hard")"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"load": {"lock":)"
                    R"( {"ttl": "0s", "wait": "3s", "give_up": "2s"}}}}})") ==
        "x.json:1:48 /strategies/a/load/lock/ttl: a lock that holds for no time excludes no "
        R"(client; write "none" for a lock that holds until it is released)"
        "\n"
        R"(x.json:1:62 /strategies/a/load/lock/wait: "wait" is longer than "give_up", so no )"
        R"(waiter would ever look again; write a shorter "wait" or a longer "give_up")"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"load": {"lease": {"give_up": "10ms"}}}}})") ==
        R"(x.json:1:53 /strategies/a/load/lease/give_up: "wait" is longer than "give_up", so no )"
        R"(waiter would ever look again; write a shorter "wait" or a longer "give_up")"
        "\n");
  CHECK(problems_of(
            R"({"strategies": {"a": {"load": {"lease": {"rate": "2s", "token_ttl": "1s"}}}}})") ==
        R"(x.json:1:50 /strategies/a/load/lease/rate: "rate" is longer than "token_ttl": after a )"
        R"(token has ended nobody would get another, and every reader would wait; write a shorter )"
        R"("rate" or a longer "token_ttl")"
        "\n");
  CHECK(problems_of(
            R"({"strategies": {"a": {"load": {"lease": {"refused": "load", "wait": "1s"}}}}})") ==
        R"(x.json:1:69 /strategies/a/load/lease/wait: a refused reader waits only where "refused" )"
        R"(is "retry"; leave it out)"
        "\n");
  CHECK(problems_of(R"({"strategies": {"a": {"guards": ["hold-off", {"hold-off": {}}]}}})") ==
        R"(x.json:1:46 /strategies/a/guards/1: this guard is already in the list; keep one )"
        R"(of them)"
        "\n");
}

TEST_CASE("a trace and its flow do not contradict each other") {
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "trace": "x.csv", "format": )"
                    R"("oracleGeneral", "rate": "1/s", "speed": 0, "keys": "absent"}]}})") ==
        R"(x.json:1:91 /traffic/flows/0/rate: the trace says when its requests arrive; leave it )"
        R"(out; "speed": 2 replays the trace twice as fast)"
        "\n"
        R"(x.json:1:107 /traffic/flows/0/speed: the speed must be above 0; leave it out for the )"
        R"(recorded one)"
        "\n"
        R"(x.json:1:118 /traffic/flows/0/keys: the trace says which keys are asked for; leave it )"
        R"(out)"
        "\n");
  CHECK(problems_of(R"({"traffic": {"flows": [{"name": "w", "trace": "x.csv", "format": )"
                    R"("twitter", "reads": 1}, {"name": "v", "trace": "x", "speed": 2}]}})") ==
        R"(x.json:1:86 /traffic/flows/0/reads: the trace says which requests are reads; leave it )"
        R"(out)"
        "\n"
        R"(x.json:1:127 /traffic/flows/1/speed: a plain trace records no times; write "rate" )"
        R"(instead)"
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
