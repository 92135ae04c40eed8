#include "tests/races/table/strategy_list.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "sim/core/assert.hpp"
#include "sim/scenario/file/load.hpp"

namespace cacherace::test {
namespace {

StrategyGroup deletes() {
  return {
      "Writes that delete",
      {
          {"cache-aside", ""},
          {"delete before the commit", R"("write": "delete-before")"},
          {"delete in the transaction", R"("write": "delete-in-transaction")"},
          {"double delete, before and after",
           R"("write": {"double-delete": {"first": "before", "delay": "1s"}})"},
          {"double delete, before and after, durable",
           R"("write": {"double-delete": {"first": "before", "delay": "1s", "timer": "durable"}})"},
          {"double delete, both after",
           R"("write": {"double-delete": {"first": "after", "delay": "1s"}})"},
          {"double delete, both after, durable",
           R"("write": {"double-delete": {"first": "after", "delay": "1s", "timer": "durable"}})"},
          {"change data capture", R"("write": "cdc")"},
          {"namespace version, random seed", R"("write": "bump-version")"},
          {"namespace version, seed one", R"("write": {"bump-version": {"seed": "one"}})"},
          {"delete by KEYS", R"("write": "delete-by-keys")"},
          {"delete by SCAN", R"("write": {"delete-by-scan": {"count": 1}})"},
      }};
}

StrategyGroup stores() {
  return {
      "Writes that store, or do nothing",
      {
          {"TTL alone", R"("write": "none", "expiry": {"ttl": "60s"})"},
          {"set after the commit", R"("write": "set-after")"},
          {"set after the commit, TTL kept",
           R"("write": {"set-after": {"ttl": "keep"}}, "expiry": {"ttl": "60s"})"},
          {"set after the commit, TTL dropped",
           R"("write": {"set-after": {"ttl": "none"}}, "expiry": {"ttl": "60s"})"},
          {"set after the commit, fill by add", R"("write": "set-after", "fill": "add")"},
          {"set after the commit, newest wins", R"("write": "set-after", "fill": "set-if-newer")"},
          {"write-through", R"("write": "write-through")"},
          {"write-through, cache first", R"("write": {"write-through": {"order": "cache-first"}})"},
          {"write-through, writers lock", R"("write": {"write-through": {"lock": )"
                                          R"({"ttl": "none", "wait": "50ms", "give_up": "2s"}}})"},
          {"write-through, writers and loads lock",
           R"("load": {"lock": {"ttl": "none", "wait": "50ms", "give_up": "2s"}}, )"
           R"("write": {"write-through": {"lock": )"
           R"({"ttl": "none", "wait": "50ms", "give_up": "2s"}}})"},
          {"write-through, writers and loads lock for 5 s",
           R"("load": {"lock": {"ttl": "5s", "wait": "50ms", "give_up": "2s"}}, )"
           R"("write": {"write-through": {"lock": )"
           R"({"ttl": "5s", "wait": "50ms", "give_up": "2s"}}})"},
          {"write-behind, volatile", R"("write": "write-behind")"},
          {"write-behind, durable", R"("write": {"write-behind": {"queue": "durable"}})"},
      }};
}

StrategyGroup reads_and_loads() {
  return {
      "Reads and loads",
      {
          {"no cache", R"("read": "direct")"},
          {"stale while revalidate",
           R"("read": {"stale-while-revalidate": {"soft": "60s", "hard": "300s"}})"},
          {"refresh-ahead", R"("read": "refresh-ahead", "expiry": {"ttl": "60s"})"},
          {"XFetch", R"("read": "xfetch", "expiry": {"ttl": "60s"})"},
          {"stale if error",
           R"("read": {"stale-if-error": {"keep": "10min"}}, "expiry": {"ttl": "60s"})"},
          {"read-through", R"("load": {"read-through": {"nodes": 2}})"},
          {"single-flight", R"("load": "single-flight")"},
          {"single-flight in two processes", R"("load": {"single-flight": {"processes": 2}})"},
          {"single-flight, forget", R"("load": {"single-flight": {"forget": true}})"},
          {"single-flight, generation", R"("load": "single-flight", "fill": "generation")"},
          {"single-flight, forget, generation",
           R"("load": {"single-flight": {"forget": true}}, "fill": "generation")"},
          {"lock of 5 s", R"("load": {"lock": {"ttl": "5s", "wait": "50ms", "give_up": "2s"}})"},
          {"lock of 5 s, unchecked release",
           R"("load": {"lock": )"
           R"({"ttl": "5s", "wait": "50ms", "give_up": "2s", "release": "unchecked"}})"},
          {"lock without TTL",
           R"("load": {"lock": {"ttl": "none", "wait": "50ms", "give_up": "2s"}})"},
          {"lease", R"("load": "lease")"},
          {"lease, refused load", R"("load": {"lease": {"refused": "load"}})"},
          {"lease, refused give up", R"("load": {"lease": {"refused": "give-up"}})"},
          {"lease, stale area", R"("load": {"lease": {"stale": "10s"}})"},
          {"lease, delete before the commit", R"("load": "lease", "write": "delete-before")"},
      }};
}

StrategyGroup fills_and_guards() {
  return {
      "Fills, expiry and guards",
      {
          {"TTL", R"("expiry": {"ttl": "60s"})"},
          {"jittered TTL", R"("expiry": {"ttl": "60s", "jitter": "10%"})"},
          {"set, then expire", R"("fill": "set-then-expire", "expiry": {"ttl": "60s"})"},
          {"fill by add", R"("fill": "add")"},
          {"newest wins", R"("fill": "set-if-newer")"},
          {"tombstones", R"("fill": {"set-if-newer": {"tombstones": "10s"}})"},
          {"generation", R"("fill": "generation")"},
          {"generation, delete before the commit",
           R"("fill": "generation", "write": "delete-before")"},
          {"negative entries", R"("expiry": {"negative": "5s"})"},
          {"negative entries, generation", R"("fill": "generation", "expiry": {"negative": "5s"})"},
          {"Bloom filter", R"("guards": [{"bloom-filter": {"bits": 1000}}])"},
          {"hold-off", R"("guards": ["hold-off"])"},
          {"remote marker", R"("guards": ["remote-marker"])"},
          {"remote marker, lease", R"("load": "lease", "guards": ["remote-marker"])"},
          {"two levels, shared first", R"("guards": ["local-cache"])"},
          {"two levels, local first", R"("guards": [{"local-cache": {"first": "local"}}])"},
      }};
}

StrategyGroup in_time() {
  return {
      "In time",
      {
          {"double delete, before and after, in time",
           R"("write": {"double-delete": {"first": "before", "delay": "1s"}})", true},
          {"double delete, before and after, durable, in time",
           R"("write": {"double-delete": {"first": "before", "delay": "1s", "timer": "durable"}})",
           true},
          {"double delete, both after, in time",
           R"("write": {"double-delete": {"first": "after", "delay": "1s"}})", true},
          {"double delete, both after, durable, in time",
           R"("write": {"double-delete": {"first": "after", "delay": "1s", "timer": "durable"}})",
           true},
          {"write-through, writers and loads lock, in time",
           R"("load": {"lock": {"ttl": "5s", "wait": "50ms", "give_up": "2s"}}, )"
           R"("write": {"write-through": {"lock": )"
           R"({"ttl": "5s", "wait": "50ms", "give_up": "2s"}}})",
           true},
          {"lock, in time", R"("load": {"lock": {"ttl": "5s", "wait": "50ms", "give_up": "2s"}})",
           true},
          {"lock, unchecked release, in time",
           R"("load": {"lock": )"
           R"({"ttl": "5s", "wait": "50ms", "give_up": "2s", "release": "unchecked"}})",
           true},
          {"lease, in time", R"("load": "lease")", true},
          {"lease, refused give up, in time", R"("load": {"lease": {"refused": "give-up"}})", true},
          {"tombstones, in time", R"("fill": {"set-if-newer": {"tombstones": "10s"}})", true},
          {"hold-off, in time", R"("guards": ["hold-off"])", true},
          {"hold-off, delete before the commit, in time",
           R"("guards": ["hold-off"], "write": "delete-before")", true},
          {"lease, delete before the commit, in time",
           R"("load": "lease", "write": "delete-before")", true},
          {"remote marker, lease, in time", R"("load": "lease", "guards": ["remote-marker"])",
           true},
          {"stale while revalidate, in time",
           R"("read": {"stale-while-revalidate": {"soft": "60s", "hard": "300s"}})", true},
          {"refresh-ahead, in time", R"("read": "refresh-ahead", "expiry": {"ttl": "60s"})", true},
      }};
}

}  // namespace

const std::vector<StrategyGroup>& strategy_groups() {
  static const std::vector<StrategyGroup> all{deletes(), stores(), reads_and_loads(),
                                              fills_and_guards(), in_time()};
  return all;
}

const ListedStrategy& listed(std::string_view name) {
  for (const StrategyGroup& group : strategy_groups())
    for (const ListedStrategy& each : group.strategies)
      if (each.name == name) return each;
  throw std::out_of_range(fmt::format("no strategy of the list is called \"{}\"", name));
}

strategy::Strategy composed(const ListedStrategy& listed) {
  // Replicas only so that guards against their lag make sense; the races bring their own.
  const auto loaded = scenario::load(
      fmt::format(
          R"({{"database": {{"replicas": {{"count": 1}}}}, "strategies": {{"{}": {{{}}}}}}})",
          listed.name, listed.slots),
      "strategy_list.cpp");
  if (!loaded) fmt::print(stderr, "{}\n", to_text(loaded.error().front()));
  SIM_ASSERT(loaded);
  return strategy::compose(loaded->strategies[0]);
}

}  // namespace cacherace::test
