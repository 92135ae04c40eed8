// Counterexamples on servers of our own: the simulator's replies are those of Redis and PostgreSQL.

#include "sim/live/replay/live_replay.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "sim/harness/counterexample/replay.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/search/search.hpp"
#include "sim/live/replay/live_text.hpp"
#include "tests/support/root.hpp"

namespace cacherace::live {
namespace {

// The counterexamples of a shipped scenario, as files.
std::vector<std::string> saved_races(const std::string& name) {
  const std::string file = "scenarios/" + name + ".json";
  const auto scenario = harness::load_scenario(test::content_of(file), file);
  REQUIRE(scenario.has_value());
  std::vector<std::string> saved;
  for (const auto& found : harness::search(*scenario, {}).counterexamples)
    saved.push_back(report::to_json(found));
  REQUIRE_FALSE(saved.empty());
  return saved;
}

LiveRace race_of(const std::string& saved) {
  const auto replay = harness::replay(saved, "race.json", nullptr, 1);
  REQUIRE(replay.has_value());
  REQUIRE_FALSE(replay->divergence.has_value());
  return live_race(*replay);
}

LiveReplay replayed(const LiveRace& race, const std::vector<RealCommand>& table = real_commands()) {
  auto replay = replay_live(race, {}, table);
  if (!replay) FAIL(to_text(replay.error().front()));
  return *std::move(replay);
}

void check_all_agree(const std::string& scenario) {
  for (const auto& saved : saved_races(scenario)) {
    const LiveRace race = race_of(saved);
    const LiveReplay replay = replayed(race);
    INFO(to_text(race, replay));
    CHECK(replay.says.empty());
    CHECK(replay.steps.size() == race.steps.size());
  }
}

std::vector<RealCommand> table_with_set(std::string_view command) {
  auto table = real_commands();
  for (auto& row : table)
    if (row.kind == EffectKind::cache_set && row.when == When::always) row.command = command;
  return table;
}

std::string refusal_of(const LiveRace& race) {
  const auto steps = live_steps(race);
  return steps.has_value() ? "" : steps.error().front().fact;
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("the article's race is the same on real servers: a stale version is put back") {
  const LiveRace race = race_of(saved_races("stale-repopulate").front());
  const LiveReplay replay = replayed(race);
  INFO(to_text(race, replay));
  CHECK(replay.says.empty());
  REQUIRE(replay.steps.size() == 5);
  CHECK(replay.steps[0].command == "GET cacherace:user:7");
  CHECK(replay.steps[0].reply == "(nil)");
  CHECK(replay.steps[4].reply == "OK");
  CHECK(replay.cache_end == Pairs{{"user:7", "v1"}});
  CHECK(replay.database_end == Pairs{{"user:7", "v2"}});
}

TEST_CASE("guards of the cache server decide on a real server as they do in the simulator") {
  check_all_agree("fill-guards");
}

report::Step step(const std::string& client, const std::string& effect, const std::string& result,
                  Args args = {}) {
  report::Step out;
  out.client = client;
  out.effect = effect;
  out.result = result;
  out.args = std::move(args);
  return out;
}

using Names = std::vector<std::string>;
Arg number(std::uint64_t value) { return value; }
Arg word(const std::string& value) { return value; }

// Results by the rules in docs/scenario.md and docs/strategies.md, not by the simulator.
void check_steps(std::vector<report::Step> steps, const std::string& start,
                 const report::Standing::Named& cache, const report::Standing::Named& rows) {
  LiveRace race{.title = "rules",
                .strategy = "s",
                .property = "p",
                .says = "",
                .starts = {{"k", start}},
                .steps = std::move(steps),
                .end = {}};
  race.end.cache = cache;
  race.end.database = rows;
  const LiveReplay replay = replayed(race);
  INFO(to_text(race, replay));
  CHECK(replay.says.empty());
}

TEST_CASE("tombstones, hold-offs and generations on a real server refuse what is older") {
  const auto set = [](const std::string& how, std::uint64_t version, const std::string& result) {
    return step("c", how + " k", result, {{"version", number(version)}, {"ttl", word("none")}});
  };
  const auto del = [](const std::string& leaves, std::uint64_t version, const std::string& result) {
    return step("c", "cache.del k", result,
                {{"leaves", word(leaves)}, {"version", number(version)}, {"ttl", word("10s")}});
  };
  auto late = set("cache.set-if-generation", 2, "refused v2");
  late.args.emplace_back("generation", number(0));
  auto in_time = set("cache.set-if-generation", 2, "stored v2");
  in_time.args.emplace_back("generation", number(1));
  check_steps({set("cache.set-if-newer", 3, "stored v3"),
               set("cache.set-if-newer", 2, "refused v2"),
               set("cache.set-if-newer", 3, "refused v3"),
               del("tombstone", 2, "newer stays"),
               del("tombstone", 4, "deleted v3"),
               step("c", "cache.get k", "miss"),
               set("cache.set-if-newer", 3, "refused v3"),
               set("cache.set-if-newer", 4, "stored v4"),
               set("cache.add", 5, "refused v5"),
               del("hold-off", 0, "deleted v4"),
               set("cache.set-unless-held", 5, "refused v5"),
               step("clock", "cache.expire k", "expired"),
               set("cache.set-unless-held", 5, "stored v5"),
               del("generation", 0, "deleted v5"),
               late,
               in_time,
               set("cache.replace", 6, "stored v6"),
               step("c", "cache.set-ttl k", "done", {{"ttl", word("1s")}}),
               step("c", "cache.mark k", "marked", {{"ttl", word("1s")}}),
               step("c", "cache.get-mark k", "marked"),
               step("c", "cache.keys k", "listed", {{"among", Names{"k"}}, {"keys", Names{"k"}}}),
               step("c", "cache.scan k", "listed",
                    {{"count", number(10)}, {"among", Names{"k", "l"}}, {"keys", Names{"k"}}}),
               step("c", "cache.del-listed k", "deleted 1", {{"keys", Names{"k"}}})},
              "cold", {}, {});
}

TEST_CASE("leases on a real server: one token, void after a delete, a stale value meanwhile") {
  const auto get = [](std::uint64_t token, const std::string& result) {
    return step("c", "cache.lease-get k", result,
                {{"token", number(token)}, {"lease_ttl", word("10s")}, {"lease_rate", word("5s")}});
  };
  const auto set = [](std::uint64_t token, const std::string& result) {
    return step("c", "cache.lease-set k", result,
                {{"version", number(1)}, {"ttl", word("none")}, {"token", number(token)}});
  };
  const auto del = [](const std::string& result) {
    return step(
        "w", "cache.del k", result,
        {{"leaves", word("nothing")}, {"voids_lease", true}, {"keeps_stale_for", word("1s")}});
  };
  check_steps(
      {get(1, "token 1"), get(2, "refused"), del("no entry"), set(1, "refused v1"),
       get(2, "refused"), step("clock", "cache.soften lease:k", "rate over"), get(2, "token 2"),
       set(2, "stored v1"), get(3, "hit v1"), del("deleted v1"), get(3, "stale v1"),
       step("clock", "cache.expire lease:k", "expired"), get(3, "token 3")},
      "cold", {}, {});
}

TEST_CASE("writes that wait in a real cache are flushed, or go with their entry") {
  const auto write = [](std::uint64_t version, const Names& queue) {
    return step("w", "cache.write k", "queued v" + std::to_string(version),
                {{"ttl", word("none")}, {"version", number(version)}, {"queue", queue}});
  };
  const auto take = [](const std::string& result, std::uint64_t version, const Names& queue) {
    return step("w/flush", "queue.take", result,
                {{"key", word("k")}, {"version", number(version)}, {"queue", queue}});
  };
  const auto clean = [](const std::string& result, std::uint64_t version) {
    return step("w/flush", "cache.clean k", result,
                {{"version", number(version)}, {"queue", Names{}}});
  };
  const auto write_row = [](std::uint64_t version) {
    return step("w/flush", "db.write k", "committed v" + std::to_string(version),
                {{"row", word("k")}, {"version", number(version)}});
  };
  check_steps({write(2, {"k v2"}), write(3, {"k v3"}), step("r", "cache.get k", "hit v3"),
               take("took v3", 3, {"k v3"}), write_row(3), clean("done", 3), clean("no entry", 3),
               write(4, {"k v4"}), step("fault", "cache.evict k", "evicted"),
               step("w/flush", "queue.take", "empty")},
              "warm", {}, {{"k", "v3"}});
}

TEST_CASE("a crash inside a transaction rolls it back, and uses up a version of the race") {
  const auto row = [](const std::string& client, const std::string& effect,
                      const std::string& result, std::uint64_t version) {
    return step(client, effect + " k", result,
                {{"row", word("k")}, {"from", word("primary")}, {"version", number(version)}});
  };
  check_steps({row("a", "db.begin", "began v2", 2), row("r", "db.read", "row v1", 0),
               step("a", "crash", "died"), row("b", "db.write", "committed v3", 3),
               row("r", "db.read", "row v3", 0), row("b", "db.begin", "began v4", 4),
               row("b", "db.commit", "committed v4", 4)},
              "cold", {}, {{"k", "v4"}});
}

TEST_CASE("a wrong row in the table of commands diverges, at its step") {
  const LiveRace race = race_of(saved_races("stale-repopulate").front());
  const LiveReplay replay = replayed(race, table_with_set("SET {entry} {version} XX {ttl}"));
  CHECK(replay.diverged == 5);
  CHECK(replay.says == "expected \"stored v1\" of reader-1 cache.set user:7, not \"refused v1\"");
}

TEST_CASE("a store elsewhere ends with another cache than the file's") {
  const LiveRace race = race_of(saved_races("stale-repopulate").front());
  const LiveReplay replay = replayed(race, table_with_set("SET {queue} {version} {ttl}"));
  CHECK(replay.diverged == 0);
  CHECK(replay.says == "the cache ends with nothing of user:7, but the file says v1");
}

TEST_CASE("a step that no real server of ours can perform is refused before anything is sent") {
  LiveRace race = race_of(saved_races("stale-repopulate").front());
  CHECK(refusal_of(race).empty());
  race.steps[1].args = {{"row", std::string("user:7")}, {"from", std::string("replica")}};
  CHECK(refusal_of(race) ==
        "not supported on real servers: a read from a replica: step 2, reader-1 db.read user:7");
  race.steps[1].line = "cache.lua:7";
  CHECK(refusal_of(race) ==
        "not supported on real servers: a step of a script: step 2, reader-1 db.read user:7");
}

TEST_CASE("every effect but those of scripts and replicas has a row") {
  for (int kind = 0; kind < effect_kinds; ++kind) {
    const auto effect = static_cast<EffectKind>(kind);
    const bool has_row = std::ranges::any_of(
        real_commands(), [&](const RealCommand& row) { return row.kind == effect; });
    const bool needs_none = effect == EffectKind::db_apply || effect >= EffectKind::cache_block;
    INFO(name(Effect{.kind = effect}));
    CHECK(has_row != needs_none);
  }
}

TEST_CASE("servers of somebody else are refused where they have our names, and left as they were") {
  const auto redis = EmbeddedRedis::start();
  const auto postgres = EmbeddedPostgres::start();
  REQUIRE(redis.has_value());
  REQUIRE(postgres.has_value());
  const Where where{.redis = redis->socket(), .postgres = postgres->dsn()};
  const LiveRace race = race_of(saved_races("stale-repopulate").front());
  auto connection = RedisConnection::open(where.redis);
  auto sql = PostgresConnection::open(where.postgres);
  REQUIRE(connection.has_value());
  REQUIRE(sql.has_value());
  const auto ask = [&](const std::vector<std::string>& words) {
    const auto reply = connection->ask(words);
    REQUIRE(reply.has_value());
    return to_text(*reply);
  };

  ask({"SET", "theirs", "1"});
  const auto replay = replay_live(race, where);
  REQUIRE(replay.has_value());
  CHECK(replay->says.empty());
  CHECK(ask({"KEYS", "*"}) == "[\"theirs\"]");
  const auto schemas = sql->ask("SELECT 1 FROM pg_namespace WHERE nspname = 'cacherace'");
  REQUIRE(schemas.has_value());
  CHECK(schemas->rows.empty());

  ask({"SET", "cacherace:user:7", "1"});
  const auto refused = replay_live(race, where);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().front().fact ==
        "Redis has keys that begin with \"cacherace:\" already: cacherace:user:7");
  CHECK(ask({"EXISTS", "cacherace:user:7"}) == "(integer) 1");

  ask({"DEL", "cacherace:user:7"});
  REQUIRE(sql->ask("CREATE SCHEMA cacherace").has_value());
  CHECK_FALSE(replay_live(race, where).has_value());
}

}  // namespace
}  // namespace cacherace::live
