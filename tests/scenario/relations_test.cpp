// Choices that make no sense together, and what sections ask of each other.

#include <fmt/format.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/scenario/text_of.hpp"

namespace cacherace::scenario {
namespace {

struct Case {
  std::string_view slots;
  std::string_view problem;  // pointer below the strategy, and the fact
};

std::string said_of(std::string_view slots) {
  const auto text = fmt::format(R"({{"strategies": {{"a": {{{}}}}}}})", slots);
  const auto loaded = load(text, "x.json");
  std::string said;
  if (loaded.has_value()) return said;
  for (const Problem& problem : loaded.error()) {
    CHECK(problem.kind == Problem::Kind::meaning);
    CHECK(problem.line > 0);
    CHECK_FALSE(problem.fix.empty());
    if (!said.empty()) said += '\n';
    said +=
        fmt::format("{}: {}", problem.pointer.substr(sizeof("/strategies/a") - 1), problem.fact);
  }
  return said;
}

constexpr std::string_view nothing_cached =
    R"("direct" reads bypass the cache, so nothing is ever cached)";
constexpr std::string_view no_end =
    "/read: this read depends on the end of an entry's TTL, and entries have none";
constexpr std::string_view no_tombstone =
    "/fill: deletes of a key leave tombstones behind, and this write has no such delete";
constexpr std::string_view no_hold_off =
    "/guards: a hold-off begins with the delete of a key, and this write has no such delete";
constexpr std::string_view unasked =
    R"(/load: the queue of "write-behind" stores without asking for locks or leases)";
constexpr std::string_view unbumped =
    R"(/fill: "generation" counts deletes, and this write stores instead)";

TEST_CASE("choices that make no sense together are refused, with the reason and a fix") {
  const auto cases = std::to_array<Case>({
      {R"("read": "direct", "load": "lease")",
       R"(/load: "direct" reads bypass the cache, so none of them misses)"},
      {R"("read": "direct", "load": "read-through")",
       R"(/load: "direct" reads bypass the cache, so none of them misses)"},
      {R"("load": "lease", "fill": "set")",
       "/fill: a lease is a right to fill, and this fill does not check it"},
      {R"("load": "lease", "fill": "set-if-newer")",
       "/fill: a lease is a right to fill, and this fill does not check it"},
      {R"("fill": "lease-set")",
       R"(/fill: "lease-set" stores with the token of a lease, but the load takes no lease)"},
      {R"("read": {"stale-while-revalidate": {"soft": "1s", "hard": "2s"}},
          "expiry": {"ttl": "1s"})",
       R"(/expiry: "hard" of "stale-while-revalidate" is the TTL already)"},
      {R"("read": "refresh-ahead")", no_end},
      {R"("read": "xfetch", "expiry": {"negative": "1s"})", no_end},
      {R"("read": {"stale-if-error": {"keep": "1s"}})", no_end},
      {R"("fill": "set-then-expire")", R"(/fill: "set-then-expire" has no TTL to set)"},
      {R"("expiry": {"jitter": "1%"})",
       R"(/expiry: "jitter" spreads the TTL, and entries have none)"},
      {R"("load": {"single-flight": {"processes": 3}}, "guards": ["local-cache"])",
       R"(/guards: "single-flight" and "local-cache" count different numbers of processes)"},
      {R"("load": "single-flight", "guards": ["local-cache"])",
       R"(/guards: "single-flight" and "local-cache" count different numbers of processes)"},
      {R"("write": {"set-after": {"ttl": "keep"}})",
       R"(/write: "ttl" of "set-after" is about the TTL of an entry, and entries have none)"},
      {R"("write": {"set-after": {"ttl": "none"}}, "read": "xfetch", "expiry": {"ttl": "1s"})",
       "/write: this read depends on the TTL that a store sets, and this write sets none"},
      {R"("fill": "generation", "write": "set-after")", unbumped},
      {R"("fill": "generation", "write": "write-through")", unbumped},
      {R"("fill": "generation", "write": "write-behind")", unbumped},
      {R"("load": "lease", "write": "write-behind")", unasked},
      {R"("load": {"lock": {"ttl": "1s", "wait": "1ms", "give_up": "1s"}},
          "write": "write-behind")",
       unasked},
      {R"("fill": "generation", "write": "bump-version")",
       "/fill: a write that invalidates a whole group begins no new generation of its keys"},
      {R"("load": "lease", "write": "bump-version")",
       "/load: a write that invalidates a whole group voids no leases of its keys"},
      {R"("write": "bump-version", "guards": ["local-cache"])",
       R"(/guards: a write that invalidates a whole group does not reach a "local-cache")"},
      {R"("write": "delete-by-keys", "load": {"single-flight": {"forget": true}})",
       "/load: a flight is forgotten with the delete of its key, and this write has no such "
       "delete"},
      {R"("load": "lease", "read": {"stale-if-error": {"keep": "1s"}}, "expiry": {"ttl": "1s"})",
       "/read: no token is handed out for a key that has an entry, so the entry could never be "
       "refreshed"},
      {R"("read": "xfetch", "expiry": {"ttl": "1s"},
          "load": {"lock": {"ttl": "1s", "wait": "1ms", "give_up": "1s"}})",
       R"(/load: "xfetch" works without coordination)"},
      {R"("load": "lease", "guards": ["hold-off"])",
       R"(/guards: "hold-off" and leases are two ways to void a fill)"},
      {R"("load": "read-through", "guards": ["local-cache"])",
       R"(/guards: "read-through" loads in the cache layer, which has no "local-cache")"},
      {R"("fill": "generation", "guards": ["hold-off"])",
       R"(/guards: "hold-off" and "generation" are two ways to void a fill)"},
      {R"("fill": {"set-if-newer": {"tombstones": "1s"}}, "guards": ["hold-off"])",
       "/guards: a hold-off and a tombstone both take the place of a deleted entry"},
  });
  for (const auto& [slots, problem] : cases) {
    CAPTURE(slots);
    CHECK(said_of(slots) == problem);
  }
}

TEST_CASE("what is never cached has no fill, expiry or guards") {
  for (const std::string_view slot : {R"("fill": "add")", R"("fill": {"set-if-newer": {}})"})
    CHECK(said_of(fmt::format(R"("read": "direct", {})", slot)) ==
          fmt::format("/fill: {}", nothing_cached));
  for (const std::string_view slot :
       {R"("expiry": {"ttl": "1s"})", R"("expiry": {"negative": "1s"})"})
    CHECK(said_of(fmt::format(R"("read": "direct", {})", slot)) ==
          fmt::format("/expiry: {}", nothing_cached));
  for (const std::string_view guard :
       {R"({"bloom-filter": {"bits": 8}})", R"("hold-off")", R"("local-cache")"})
    CHECK(said_of(fmt::format(R"("read": "direct", "guards": [{}])", guard)) ==
          fmt::format("/guards: {}", nothing_cached));
}

TEST_CASE("tombstones and hold-offs need a write that deletes") {
  for (const std::string_view write : {"none", "set-after", "write-through", "write-behind",
                                       "bump-version", "delete-by-keys", "delete-by-scan"}) {
    CAPTURE(write);
    CHECK(said_of(fmt::format(
              R"("fill": {{"set-if-newer": {{"tombstones": "1s"}}}}, "write": "{}")", write)) ==
          no_tombstone);
    CHECK(said_of(fmt::format(R"("guards": ["hold-off"], "write": "{}")", write)) == no_hold_off);
  }
  for (const std::string_view write :
       {"delete-after", "delete-before", "delete-in-transaction", "cdc"}) {
    CAPTURE(write);
    CHECK(said_of(fmt::format(
              R"("fill": {{"set-if-newer": {{"tombstones": "1s"}}}}, "write": "{}")", write)) ==
          "");
    CHECK(said_of(fmt::format(R"("guards": ["hold-off"], "write": "{}")", write)) == "");
  }
}

TEST_CASE("choices that combine") {
  for (const std::string_view slots : {
           R"("read": {"stale-while-revalidate": {"soft": "1s", "hard": "2s"}},
              "load": "single-flight", "expiry": {"jitter": "10%", "negative": "1s"})",
           R"("read": "direct", "write": "none", "guards": [])",
           R"("read": "direct", "load": "every-reader", "fill": "set", "expiry": "none")",
           R"("fill": "add", "write": "set-after")",
           R"("fill": "set-if-newer", "write": "write-behind")",
           R"("fill": "set-if-newer", "write": "set-after")",
           R"("fill": "generation", "write": "delete-before")",
           R"("load": "single-flight", "write": "write-behind")",
           R"("load": {"single-flight": {"processes": 2}}, "guards": ["local-cache"])",
           R"("expiry": {"jitter": 0})",
       }) {
    CAPTURE(slots);
    CHECK(said_of(slots) == "");
  }
}

TEST_CASE("a slot that is wrong in itself is not compared with others") {
  CHECK(problems_of(R"({"strategies": {"a": {"load": "lease", "fill": "sett"}}})") ==
        R"(x.json:1:48 /strategies/a/fill: unknown choice "sett"; did you mean "set"?)"
        "\n");
}

TEST_CASE("a remote marker needs replicas") {
  CHECK(problems_of(R"({"strategies": {"a": {"guards": ["remote-marker"]}}})") ==
        "x.json:1:33 /strategies/a/guards: a remote marker sends readers from a replica to the "
        R"(primary, but there is no replica; add "replicas": { "count": 1 } to "database")"
        "\n");
  CHECK(problems_of(R"({"database": {"replicas": {"count": 1}},
                        "strategies": {"a": {"guards": ["remote-marker"]}}})") == "");
}

TEST_CASE("incidents that last have one end each") {
  const auto with = [](const std::string& incidents, const std::string& rest = "") {
    return problems_of(R"({"traffic": {"incidents": [)" + incidents + "]}" + rest + "}");
  };
  CHECK(with(R"({"at": "1s", "for": "2s", "do": {"bypass": "10%"}},
                {"at": "3s", "do": {"bypass": "20%"}},
                {"at": "2s", "do": {"cache-down": "9s"}})") == "");
  CHECK(with(R"({"at": "1s", "for": "2s", "do": {"bypass": "10%"}},
{"at": "2s", "do": {"bypass": "20%"}})") ==
        "x.json:2:1 /traffic/incidents/1: it begins before the same incident of 1s has ended; make "
        "one incident of both, or let them follow one another\n");
  CHECK(
      with(R"({"at": "1s", "for": "2s", "do": "flush"})")
          .ends_with("/traffic/incidents/0/for: nothing ends this incident; leave \"for\" out\n"));
  CHECK(with(R"({"at": "1s", "for": "2s", "do": {"cache-down": "1s"}})")
            .ends_with("/traffic/incidents/0/for: the outage itself says how long it lasts; leave "
                       "\"for\" out\n"));
  const std::string silent = R"({"at": "1s", "do": {"cache-silent": "1s"}})";
  CHECK(with(silent).ends_with(
      "/traffic/incidents/0: clients without a timeout would wait for the silent cache for ever; "
      R"(add "timeout": "100ms" to the section "clients")"
      "\n"));
  CHECK(with(silent, R"(, "clients": {"timeout": "100ms"})") == "");
}

TEST_CASE("an incident invalidates a group that there is") {
  const auto with = [](std::string_view keys, int group) {
    return problems_of(fmt::format(
        R"({{"keys": {{{}}},
            "traffic": {{"incidents": [{{"at": "1s", "do": {{"invalidate-group": {}}}}}]}}}})",
        keys, group));
  };
  CHECK(with(R"("groups": 3)", 3) ==
        R"(x.json:2:79 /traffic/incidents/0/do/invalidate-group: there is no group 3: they are )"
        R"(numbered from 0 to 2; raise "groups" in the section "keys")"
        "\n");
  CHECK(with(R"("groups": 3)", 2) == "");
  CHECK(with("", 0) == "");
  CHECK(with("", 1) != "");
}

TEST_CASE("a flow asks for absent keys only where there are any") {
  constexpr std::string_view flows =
      R"("traffic": {"flows": [{"name": "s", "rate": "1/s", "keys": )";
  CHECK(problems_of(fmt::format(R"({{{}"absent"}}]}}}})", flows)) ==
        "x.json:1:61 /traffic/flows/0/keys: the flow asks for absent keys, but every key has a "
        R"(row; add "absent": "1%" to the section "keys")"
        "\n");
  CHECK(problems_of(fmt::format(R"({{"keys": {{"absent": "1%"}}, {}"absent"}}]}}}})", flows)) ==
        "");
  CHECK(problems_of(fmt::format(R"({{{}"random"}}]}}}})", flows)) == "");
}

TEST_CASE("a closed loop takes time under every strategy") {
  const auto with = [](std::string_view more, std::string_view flow) {
    return problems_of(fmt::format(
        R"({{{}"traffic": {{"flows": [{{"name": "w", "clients": 1{}}}]}}}})", more, flow));
  };
  const auto stands_still = [](std::string_view what) {
    return fmt::format("/traffic/flows/0: time could stand still: \"think\" and \"{}\" take none",
                       what);
  };
  using Catch::Matchers::ContainsSubstring;
  CHECK(with("", "") == "");
  constexpr std::string_view read = R"("database": {"read": "0s"}, )";
  CHECK(with(read, "") == "");
  CHECK_THAT(with(fmt::format(R"({}"strategies": {{"a": {{"read": "direct"}}}}, )", read), ""),
             ContainsSubstring(stands_still("database/read")));
  constexpr std::string_view local = R"("strategies": {"a": {"guards": ["local-cache"]}}, )";
  CHECK_THAT(with(local, ""), ContainsSubstring(stands_still("local-cache")));
  CHECK(with(local, R"(, "think": "1ms")") == "");
  CHECK(with(local, R"(, "reads": 0)") == "");
  constexpr std::string_view bloom =
      R"("strategies": {"a": {"guards": [{"bloom-filter": {"bits": 8}}]}}, )";
  CHECK(with(bloom, "") == "");
  CHECK_THAT(with(bloom, R"(, "keys": "random")"), ContainsSubstring(stands_still("bloom-filter")));
  CHECK_THAT(with(R"("database": {"write": "0s"}, )", R"(, "reads": 0.5)"),
             ContainsSubstring(stands_still("database/write")));
}

TEST_CASE("aggregates are read and evicted where there are so many") {
  const auto with = [](std::string_view operation, std::string_view start = R"("cold")") {
    return problems_of(fmt::format(R"({{"keys": {{"derived": {{"per_key": 2}}}}, "race": {{)"
                                   R"("clients": [{{"name": "c", "do": ["{}", "read k"]}}], )"
                                   R"("start": {}}}}})",
                                   operation, start));
  };
  CHECK(with("read k#2") == "");
  CHECK(with("evict k#1") == "");
  CHECK(with("read k", R"({"k#2": "warm", "k": "absent"})") == "");
  CHECK(with("read k#3") ==
        R"(x.json:1:81 /race/clients/0/do/0: "k#3" names aggregate 3 of a key that has 2; raise )"
        R"("per_key" of "derived" in the section "keys")"
        "\n");
  CHECK(with("read k#0") ==
        R"(x.json:1:81 /race/clients/0/do/0: "k#0" names no aggregate: they are numbered from 1; )"
        R"(write "k#1")"
        "\n");
  CHECK(with("write k#1") ==
        R"(x.json:1:81 /race/clients/0/do/0: aggregates are not written: they follow from their )"
        R"(row; write "write k")"
        "\n");
  CHECK(with("read k", R"({"k#3": "warm", "k#1": "absent"})") ==
        R"(x.json:1:121 /race/start/k#3: "k#3" names aggregate 3 of a key that has 2; raise )"
        R"("per_key" of "derived" in the section "keys")"
        "\n"
        R"(x.json:1:136 /race/start/k#1: an aggregate has no row that could be absent; write )"
        R"("cold")"
        "\n");
}

}  // namespace
}  // namespace cacherace::scenario
