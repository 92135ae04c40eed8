// Every counterexample that a search saves replays, and so does what it is shrunk to: over random
// combinations of all slots, guards, faults, starts, aggregates, groups, replicas and times.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sim/harness/counterexample/replay.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/harness/search/shrink.hpp"
#include "sim/scenario/file/load.hpp"
#include "tests/support/prop.hpp"

namespace cacherace::test {
namespace {

using Texts = std::vector<std::string>;

int below(int count) { return *rc::gen::inRange(0, count); }
bool one_in(int count) { return below(count) == 0; }
const std::string& any_of(const Texts& texts) {
  return texts[static_cast<std::size_t>(below(static_cast<int>(texts.size())))];
}
std::string any_time() { return any_of({"1ms", "2ms", "3500us", "7ms", "20ms", "1s", "30ns"}); }
std::string any_latency() {
  return any_of({"1ms", "2ms", "1ms..4ms", "300us..9ms", "1001ns", "5ms..30ms"});
}
std::string lock() {
  return fmt::format(R"({{"ttl": "{}", "wait": "{}", "give_up": "{}", "release": "{}"}})",
                     one_in(3) ? "none" : any_time(), any_of({"1ms", "3ms"}),
                     any_of({"4ms", "7ms"}), any_of({"checked", "unchecked"}));
}

std::string any_write() {
  switch (below(13)) {
    case 0:
      return R"("delete-before")";
    case 1:
      return R"("delete-in-transaction")";
    case 2:
      return fmt::format(R"({{"double-delete": {{"first": "{}", "delay": "{}", "timer": "{}"}}}})",
                         any_of({"before", "after"}), any_time(), any_of({"process", "durable"}));
    case 3:
      return R"("cdc")";
    case 4:
      return fmt::format(R"({{"bump-version": {{"seed": "{}"}}}})", any_of({"one", "random"}));
    case 5:
      return R"("delete-by-keys")";
    case 6:
      return fmt::format(R"({{"delete-by-scan": {{"count": {}}}}})", 1 + below(3));
    case 7:
      return R"("none")";
    case 8:
      return fmt::format(R"({{"set-after": {{"ttl": "{}"}}}})", any_of({"fresh", "keep", "none"}));
    case 9:
      return fmt::format(R"({{"write-through": {{"order": "{}"{}}}}})",
                         any_of({"cache-first", "database-first"}),
                         one_in(2) ? "" : R"(, "lock": )" + lock());
    case 10:
      return fmt::format(
          R"({{"write-behind": {{"queue": "{}", "coalesce": {}, "interval": "{}"}}}})",
          any_of({"cache", "durable"}), any_of({"true", "false"}), any_time());
    default:
      return R"("delete-after")";
  }
}

std::string any_load() {
  switch (below(8)) {
    case 0:
      return fmt::format(R"({{"single-flight": {{"processes": {}, "forget": {}}}}})", 1 + below(2),
                         any_of({"true", "false"}));
    case 1:
      return R"({"lock": )" + lock() + "}";
    case 2:
    case 3:
      return fmt::format(R"({{"lease": {{"rate": "{}", "refused": "{}"{}}}}})", any_time(),
                         any_of({"retry", "load", "give-up"}),
                         one_in(2) ? "" : R"(, "stale": ")" + any_time() + '"');
    case 4:
      return R"({"read-through": {"nodes": 2}})";
    default:
      return R"("every-reader")";
  }
}

std::string any_read() {
  switch (below(9)) {
    case 0:
      return R"("direct")";
    case 1:
      return R"({"stale-while-revalidate": {"soft": "2ms", "hard": "9ms"}})";
    case 2:
      return R"({"refresh-ahead": {"threshold": "50%"}})";
    case 3:
      return R"("xfetch")";
    case 4:
      return R"({"stale-if-error": {"keep": "5ms"}})";
    default:
      return R"("plain")";
  }
}

std::string any_guard() {
  return any_of({R"("hold-off")", R"("remote-marker")", R"({"bloom-filter": {"bits": 1000}})",
                 R"({"local-cache": {"first": "local", "ttl": "6ms", "processes": 2}})",
                 R"({"local-cache": {"first": "shared", "ttl": "6ms", "processes": 1}})"});
}

std::string any_strategy() {
  std::string slots =
      fmt::format(R"("read": {}, "load": {}, "write": {})", any_read(), any_load(), any_write());
  slots += R"(, "fill": )" + any_of({R"("set")", R"("set")", R"("set-then-expire")", R"("add")",
                                     R"("set-if-newer")", R"("generation")", R"("lease-set")",
                                     R"({"set-if-newer": {"tombstones": "8ms"}})"});
  std::string expiry;
  if (one_in(2)) expiry += fmt::format(R"("ttl": "{}")", any_time());
  if (!expiry.empty() && one_in(3)) expiry += R"(, "jitter": "10%")";
  if (one_in(4))
    expiry += fmt::format(R"({}"negative": "{}")", expiry.empty() ? "" : ", ", any_time());
  if (!expiry.empty()) slots += R"(, "expiry": {)" + expiry + "}";
  if (one_in(3)) slots += R"(, "guards": [)" + any_guard() + "]";
  return "{" + slots + "}";
}

std::string any_race(int derived, const std::string& timing) {
  const Texts rows{"user:7", "b"};
  const auto key = [&](bool aggregates) {
    std::string name = any_of(rows);
    if (aggregates && derived > 0 && one_in(2)) name += fmt::format("#{}", 1 + below(derived));
    return name;
  };
  std::string touches;  // both rows, whatever the others do
  for (const auto& row : rows)
    touches += fmt::format(R"({}"read {}")", touches.empty() ? "" : ", ", row);
  std::string clients = R"({"name": "first", "do": [)" + touches + "]}";
  for (int i = 0; i < 1 + below(2); ++i) {
    std::string operations;
    for (int n = 1 + below(2); n > 0; --n) {
      const std::string operation = one_in(2)    ? "write " + key(false)
                                    : !one_in(5) ? "read " + key(true)
                                    : one_in(2)  ? "evict " + key(true)
                                                 : any_of({"flush", "cache-restart"});
      operations += (operations.empty() ? "\"" : ", \"") + operation + '"';
    }
    clients += fmt::format(R"(, {{"name": "client-{}", "do": [{}]}})", i, operations);
  }
  std::string start = '"' + any_of({"cold", "warm", "absent"}) + '"';
  if (one_in(2))
    start = fmt::format(R"({{"{}": "{}"}})", key(true), any_of({"cold", "warm", "absent"}));
  std::string faults;
  for (const char* fault : {"crash", "evict", "lose", "flush", "cache-restart"})
    if (one_in(4))
      faults += fmt::format(R"({}"{}": {})", faults.empty() ? "" : ", ", fault, 1 + below(2));
  return fmt::format(
      R"({{"clients": [{}], "start": {}, "faults": {{{}}}, "timing": "{}", "pause_max": "{}"}})",
      clients, start, faults, timing, any_of({"0s", "2ms", "11ms"}));
}

std::string any_scenario() {
  const int derived = below(3);
  const int known = below(derived + 1);
  const std::string timing = any_of({"unbounded", "unbounded", "latencies"});
  return fmt::format(
      R"({{"cache": {{"latency": "{}"}}, "database": {{"read": "{}", "write": "{}", "replicas": )"
      R"({{"count": {}, "lag": "{}"}}}}, "keys": {{"groups": {}, "derived": {{"per_key": {}, )"
      R"("known": {}}}}}, "clients": {{"timeout": "40ms", "retries": {}}}, )"
      R"("strategies": {{"s": {}}}, )"
      R"("race": {}, "expect": {{"s": {{"staleness": "<= 1ms", "wait": "<= 1ms", )"
      R"("loads-in-flight": "<= 1"}}}}}})",
      any_latency(), any_latency(), any_latency(), one_in(3) ? 1 + below(2) : 0, any_latency(),
      below(3), derived, known, below(2), any_strategy(), any_race(derived, timing));
}

std::string divergence_of(const std::string& file) {
  const auto replayed = harness::replay(file, "race.json", nullptr, 1);
  if (!replayed) return to_text(replayed.error().front());
  return replayed->divergence ? report::divergence_text(*replayed->divergence) : "";
}

// What becomes of a search's counterexamples.
struct Tally {
  int refused = 0, found = 0, timed = 0;
};

void check_saved(Tally& tally) {
  constexpr int tries = 100;  // most combinations of slots make no sense
  std::string text = any_scenario();
  auto scenario = scenario::load(text, "drawn.json");
  for (int i = 0; i < tries && !scenario; ++i) {
    ++tally.refused;
    text = any_scenario();
    scenario = scenario::load(text, "drawn.json");
  }
  if (!scenario) return;
  const auto properties = judge::all_properties;
  const auto& property =
      *properties[static_cast<std::size_t>(below(static_cast<int>(properties.size())))];
  harness::SearchOptions options{.properties = {std::string(property.name)}};
  options.states_max = 500;
  options.shrink = one_in(2);
  if (one_in(4)) {
    options.mode = harness::SearchMode::random;
    options.schedules_max = 50;
  }
  const auto outcome = harness::search(*scenario, options);
  for (const auto& file : outcome.counterexamples) {
    ++tally.found;
    tally.timed += file.counterexample.steps.front().at.has_value();
    const std::string saved = report::to_json(file);
    RC_LOG() << text << '\n' << saved << '\n';
    RC_ASSERT(divergence_of(saved) == "");
    const auto shrunk = harness::shrink(saved, "race.json", {.states_max = 500});
    RC_ASSERT(shrunk.has_value());
    RC_ASSERT_FALSE(shrunk->shrunk.divergence.has_value());
    RC_ASSERT(shrunk->file.has_value());
    const std::string smaller = report::to_json(*shrunk->file);
    RC_LOG() << smaller << '\n';
    RC_ASSERT(divergence_of(smaller) == "");
    if (!options.shrink) continue;
    const auto& [before, after] = std::pair(shrunk->shrunk.before, shrunk->shrunk.after);
    RC_ASSERT(std::pair(after.operations, after.steps) <=
              std::pair(before.operations, before.steps));  // fewer operations may take more steps
  }
}

void check_many(int cases, std::uint64_t seed) {
  Tally tally;
  prop("what is saved replays, and so does what it is shrunk to", [&] { check_saved(tally); },
       {.cases = cases, .seed = seed});
  CAPTURE(tally.refused, tally.found, tally.timed);
  CHECK(tally.found > cases / 40);
  CHECK(tally.timed > cases / 200);
}

TEST_CASE("every counterexample that is saved replays, and so does what it is shrunk to",
          "[race]") {
  check_many(fast ? 2000 : 160, 1);
}

TEST_CASE("every counterexample that is saved replays, thousands of them", "[.]") {
  for (std::uint64_t seed = 2; seed < 12; ++seed) check_many(3000, seed);
}

}  // namespace
}  // namespace cacherace::test
