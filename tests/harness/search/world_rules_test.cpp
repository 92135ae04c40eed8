// Rules of the world that decide verdicts, each by a race that is small enough to work out by hand.

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "sim/engine/race/race.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

using namespace std::chrono_literals;

Searched searched(const std::string& text, const std::string& property,
                  SearchOptions options = {}) {
  options.properties = {property};
  auto scenario = load(text);
  auto outcome = search(scenario, options);
  return {{std::move(outcome)}, std::move(scenario)};
}

Searched outcome(const std::string& race, const std::string& property,
                 const std::string& strategy = "{}") {
  return search_for(race, property, {}, strategy);
}

// ---- crashes -----------------------------------------------------------------------------------

// a reads v1, b commits and deletes, a stores v1, and dies before its eviction.
TEST_CASE("a client may die before an operation that is a mishap") {
  const char* race = R"({"clients": [{"name": "a", "do": ["read k", "evict k"]},
                                     {"name": "b", "do": ["write k"]}], "faults": {"crash": 1}})";
  const auto counted = search_for(race, "no-stale-residue", {.count = true});
  CHECK_VERDICT(counted, Verdict::violated);
  CHECK(schedules(counted) == 61);
  CHECK(std::get<report::Schedules>(only_property(counted).visited).violating == 1);
  CHECK_VERDICT(outcome(race, "no-stale-residue"), Verdict::violated);
}

// Whether a writer that is done can still die: with a task that lives in its process.
bool may_die_when_done(const std::string& strategy) {
  const auto scenario = load(R"({"strategies": {"s": )" + strategy + R"(},
      "race": {"clients": [{"name": "writer", "do": ["write k"]}], "faults": {"crash": 1}}})");
  const engine::Race race(engine::plan(scenario), strategy::compose(scenario.strategies[0]));
  auto state = race.initial();
  while (state.world.clients[0].busy()) race.step(state, {.actor = 0});
  const auto pending = race.pending(state);
  REQUIRE(pending.size() > 0);  // the task
  return std::any_of(pending.begin(), pending.end(), [](const engine::Choice& choice) {
    return choice.kind == engine::Choice::Kind::crash;
  });
}

TEST_CASE("a message that is sent arrives, whatever becomes of its writer") {
  CHECK_FALSE(may_die_when_done(R"({"guards": ["local-cache"]})"));
  CHECK_FALSE(may_die_when_done(R"({"write": "set-after", "guards": ["local-cache"]})"));
  CHECK(may_die_when_done(R"({"write": {"double-delete": {"delay": "1s"}}})"));
}

// ---- versions that are never committed ---------------------------------------------------------

TEST_CASE("an entry of a version that is never committed differs from its row") {
  const char* race = R"({"clients": [{"name": "writer", "do": ["write k"]}],
                         "start": "warm", "faults": {"crash": 1}})";
  const char* cache_first = R"({"write": {"write-through": {"order": "cache-first"}}})";
  const auto found = search_for(race, "no-stale-residue", {}, cache_first);
  CHECK_VERDICT(found, Verdict::violated);
  REQUIRE(only_property(found).counterexample);
  CHECK(only_property(found).counterexample->says.find("v2, which is never committed") !=
        std::string::npos);
  CHECK_VERDICT(outcome(race, "heals", cache_first), Verdict::violated);
  const char* with_ttl =
      R"({"write": {"write-through": {"order": "cache-first"}}, "expiry": {"ttl": "60s"}})";
  CHECK_VERDICT(outcome(race, "heals", with_ttl), Verdict::proven);
  CHECK_VERDICT(outcome(race, "heals", R"({"write": "write-through"})"),
                Verdict::violated);  // v1 stays
}

// The flush of v2 comes late, after that of v3: the row goes back to v2, the entry stays at v3.
TEST_CASE("a late flush can overwrite a newer commit") {
  const char* race = R"({"clients": [{"name": "writer", "count": 2, "do": ["write k"]}],
                         "faults": {"lose": 1}})";
  const char* behind = R"({"write": {"write-behind": {"coalesce": false}}})";
  CHECK_VERDICT(outcome(race, "no-stale-residue", behind), Verdict::violated);
  CHECK_VERDICT(outcome(race, "no-lost-writes", behind), Verdict::violated);
}

// ---- write-behind ------------------------------------------------------------------------------

// The reader's get is at 0, its set of v1 at 22 ms, and set-if-newer stores it where v2 has
// expired.
TEST_CASE("the TTL of a dirty entry counts from its write") {
  const auto under = [](const char* ttl) {
    return searched(R"({"cache": {"latency": "2ms"}, "database": {"read": "20ms", "write": "2ms"},
        "strategies": {"s": {"write": {"write-behind": {"interval": "0ms"}},
                             "fill": "set-if-newer", "expiry": {"ttl": ")" +
                        std::string(ttl) + R"("}}},
        "race": {"clients": [{"name": "r", "do": ["read k"]}, {"name": "w", "do": ["write k"]}],
                 "timing": "latencies"}})",
                    "no-stale-residue");
  };
  CHECK_VERDICT(under("22ms"), Verdict::violated);
  CHECK_VERDICT(under("22001us"), Verdict::proven);
}

TEST_CASE("a write that is queued in the cache only goes with its entry, also when that expires") {
  const char* race = R"({"clients": [{"name": "writer", "do": ["write k"]}]})";
  const std::string ttl = R"("expiry": {"ttl": "60s"})";
  CHECK_VERDICT(outcome(race, "no-lost-writes", R"({"write": "write-behind", )" + ttl + "}"),
                Verdict::violated);
  CHECK_VERDICT(outcome(race, "no-lost-writes",
                        R"({"write": {"write-behind": {"queue": "durable"}}, )" + ttl + "}"),
                Verdict::proven);
}

std::chrono::nanoseconds worst_of(const SearchOutcome& outcome) {
  return std::chrono::nanoseconds(only_property(outcome).worst->value);
}

// ---- first-level caches ------------------------------------------------------------------------

TEST_CASE("with a connection that is kept, a restart of the cache loses the messages under way") {
  const auto worst = [](const char* disconnect, const char* property) {
    return searched(
        R"({"cache": {"latency": "1ms"}, "database": {"read": "1ms", "write": "1ms"},
            "strategies": {"s": {"fill": "generation", "guards": [{"local-cache":
              {"ttl": "1h", "message": "100ms", "disconnect": ")" +
            std::string(disconnect) + R"("}}]}},
            "race": {"clients": [{"name": "reader", "do": ["read a", "read a"]},
                                 {"name": "writer", "do": ["write a"]}],
                     "start": "warm", "timing": "latencies", "faults": {"cache-restart": 1}}})",
        property);
  };
  const auto kept = worst("keep", "staleness"), flushed = worst("flush", "staleness");
  CHECK(worst_of(kept) == 1h + 1ms);
  CHECK(worst_of(flushed) == 101ms);
  CHECK_VERDICT(worst("keep", "no-stale-residue"), Verdict::violated);
  CHECK_VERDICT(worst("keep", "heals"), Verdict::proven);
  CHECK_VERDICT(worst("flush", "no-stale-residue"), Verdict::proven);
}

// The fill of v1 is refused where v2 has been announced; and what the shared cache refuses is not
// kept.
TEST_CASE("a fill that the shared cache refuses is not kept locally") {
  const auto under = [](const char* fill) {
    return searched(
        R"({"cache": {"latency": "2ms"}, "database": {"read": "5ms", "write": "5ms"},
            "strategies": {"s": {"fill": ")" +
            std::string(fill) +
            R"(", "guards": [{"local-cache": {"ttl": "1h", "message": "1ms"}}]}},
            "race": {"clients": [{"name": "reader", "do": ["read k"]},
                                 {"name": "writer", "do": ["write k"]}],
                     "timing": "latencies"}})",
        "no-stale-residue");
  };
  CHECK_VERDICT(under("generation"), Verdict::proven);
  CHECK_VERDICT(under("set"), Verdict::violated);
}

// ---- clients without an answer -----------------------------------------------------------------

// A reader that has loaded v1 and has the answer to its set; what it does next.
std::optional<EffectKind> after_set(const std::string& strategy, const Reply& answer) {
  const auto scenario = load(R"({"strategies": {"s": )" + strategy + "}}");
  const auto composed = strategy::compose(scenario.strategies[0]);
  world::Client client;
  composed.begin(client, OperationKind::read, 0);
  while (client.pending.kind != EffectKind::db_read) composed.resume(client, {});
  composed.resume(client, {.found = true, .version = 1});
  REQUIRE(client.pending.kind == EffectKind::cache_set);
  composed.resume(client, answer);
  return client.busy() ? std::optional(client.pending.kind) : std::nullopt;
}

TEST_CASE("a set that is not answered is taken for done, one that is refused is not") {
  const char* two_commands = R"({"fill": "set-then-expire", "expiry": {"ttl": "60s"}})";
  const char* two_levels = R"({"guards": ["local-cache"]})";
  const Reply none{.failed = true}, out_of_memory{.failed = true, .refused = true};
  CHECK(after_set(two_commands, {.found = true}) == EffectKind::cache_set_ttl);
  CHECK(after_set(two_commands, none) == EffectKind::cache_set_ttl);
  CHECK(after_set(two_commands, out_of_memory) == std::nullopt);
  CHECK(after_set(two_levels, {.found = true}) == EffectKind::local_set);
  CHECK(after_set(two_levels, none) == EffectKind::local_set);
  CHECK(after_set(two_levels, out_of_memory) == std::nullopt);
}

// ---- what counts as left -----------------------------------------------------------------------

// Without its query that reader has 17 schedules. Of 18, one loses or delays nothing; 6 the
// version, 3 the seed, 4 the get, 2 the query, 2 the set: once lost, and late once for each place
// after it.
TEST_CASE(
    "a reader that gets no version of its key's group reads the database and stores nothing") {
  const char* race =
      R"({"clients": [{"name": "reader", "do": ["read k"]}], "faults": {"lose": 1}})";
  const char* named = R"({"write": {"bump-version": {"seed": "one"}}})";
  CHECK(schedules(search_for(race, "no-stale-residue", {.count = true}, named)) == 18);
  // A background refresh that has no name ends, too.
  const char* warm = R"({"clients": [{"name": "reader", "do": ["read k"]}], "start": "warm",
                         "faults": {"lose": 2}})";
  const char* refreshed = R"({"read": "refresh-ahead", "write": {"bump-version": {"seed": "one"}},
                              "expiry": {"ttl": "2ms"}})";
  CHECK_VERDICT(outcome(warm, "no-stale-residue", refreshed), Verdict::vacuous);
}

TEST_CASE("where only marks and tombstones are left, no key is left that could lack a TTL") {
  const char* race = R"({"clients": [{"name": "writer", "do": ["write k"]}]})";
  for (const char* strategy :
       {R"({"fill": {"set-if-newer": {"tombstones": "60s"}}})", R"({"guards": ["hold-off"]})"})
    CHECK_VERDICT(outcome(race, "every-key-expires", strategy), Verdict::vacuous);
}

// ---- groups ------------------------------------------------------------------------------------

TEST_CASE("the rows of a race belong to groups in the order in which they are named") {
  const auto under = [](int groups) {
    return searched(R"({"keys": {"groups": )" + std::to_string(groups) + R"(},
        "strategies": {"s": {"write": "bump-version"}},
        "race": {"clients": [{"name": "reader", "do": ["read a", "read a"]},
                             {"name": "writer", "do": ["write b"]}], "start": "warm"}})",
                    "loads-in-flight");
  };
  // In one group a write of b renames a, whose reader then loads; in groups of their own it does
  // not.
  CHECK_VERDICT(under(1), Verdict::proven);
  CHECK_VERDICT(under(2), Verdict::vacuous);
  CHECK_VERDICT(under(100), Verdict::vacuous);
}

}  // namespace
}  // namespace cacherace::harness
