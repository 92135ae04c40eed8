#include "sim/harness/search/search.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sim/harness/counterexample/replay.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

std::vector<std::string> steps_of(const report::Counterexample& counterexample) {
  std::vector<std::string> steps;
  for (const auto& step : counterexample.steps)
    steps.push_back(step.client + " " + step.effect + " -> " + step.result);
  return steps;
}

TEST_CASE("the article's interleaving, with no reader, step or context switch that is not needed") {
  const auto outcome = search_for(R"({"clients": [
      {"name": "reader", "count": 2, "do": ["read user:7"]},
      {"name": "writer", "do": ["write user:7"]}]})",
                                  "no-stale-residue");
  const auto& found = only_property(outcome);
  CHECK_VERDICT(outcome, Verdict::violated);
  REQUIRE(found.counterexample);
  CHECK(steps_of(*found.counterexample) ==
        std::vector<std::string>{
            "reader-1 cache.get user:7 -> miss", "reader-1 db.read user:7 -> row v1",
            "writer-1 db.write user:7 -> committed v2", "writer-1 cache.del user:7 -> no entry",
            "reader-1 cache.set user:7 -> stored v1"});
  CHECK(found.counterexample->decisive == 5);
  CHECK(found.counterexample->context_switches == 2);
  CHECK(found.counterexample->minimal);
  CHECK(found.counterexample->readers == std::vector<std::string>{"reader-1"});
  CHECK(found.counterexample->writers == std::vector<std::string>{"writer-1"});
}

TEST_CASE("operations that are not needed are left out, and so are other keys") {
  const auto outcome = search_for(R"({"clients": [
      {"name": "a", "do": ["read x", "write x", "read x"]},
      {"name": "b", "do": ["write y", "read x"]}]})",
                                  "no-stale-residue");
  const auto& found = only_property(outcome);
  REQUIRE(found.counterexample);
  CHECK(found.counterexample->steps.size() == 5);
  for (const auto& step : found.counterexample->steps) CHECK(step.effect.ends_with(" x"));
}

TEST_CASE("keys that nobody needs do not make shrinking slow") {
  std::string keys = "\"read k0\"", starts = "\"k0\": \"warm\"";
  for (int i = 1; i < 12; ++i) {
    keys += ", \"read k" + std::to_string(i) + "\"";
    starts += ", \"k" + std::to_string(i) + "\": \"warm\"";
  }
  const auto outcome =
      search_for(R"({"clients": [
      {"name": "writer", "do": ["write k0"]}, {"name": "reader", "do": [)" +
                     keys + R"(]}], "start": {)" + starts + "}}",
                 "no-stale-residue", {}, R"({"write": "none", "expiry": {"ttl": "60s"}})");
  const auto& found = only_property(outcome);
  REQUIRE(found.counterexample);
  CHECK(found.counterexample->steps.size() == 1);
}

TEST_CASE("a client may read its own write's predecessor from the cache") {
  const auto outcome = search_for(R"({"clients": [
      {"name": "user", "do": ["write user:7", "read user:7"]},
      {"name": "reader", "do": ["read user:7"]}]})",
                                  "read-your-writes");
  const auto& found = only_property(outcome);
  CHECK_VERDICT(outcome, Verdict::violated);
  REQUIRE(found.counterexample);
  CHECK(found.counterexample->says ==
        "user-1 reads v1 of user:7, although it committed v2 itself in step 3.");
  CHECK(found.counterexample->steps.size() == 6);
}

TEST_CASE("a client may see a key go back in time") {
  const auto outcome = search_for(R"({"clients": [
      {"name": "user", "do": ["read user:7", "read user:7"]},
      {"name": "reader", "do": ["read user:7"]},
      {"name": "writer", "do": ["write user:7"]}]})",
                                  "monotonic-reads");
  CHECK_VERDICT(outcome, Verdict::violated);
}

TEST_CASE("proven, vacuous, clean so far") {
  const std::string race = R"({"clients": [
      {"name": "reader", "do": ["read user:7"]},
      {"name": "writer", "do": ["write user:7"]}], "start": "cold"})";
  // A single writer that stores what it committed cannot be overtaken when nobody else stores.
  const std::string writer_alone =
      R"({"clients": [{"name": "writer", "do": ["write user:7", "read user:7"]}]})";
  CHECK_VERDICT(search_for(writer_alone, "no-stale-residue"), Verdict::proven);
  CHECK_VERDICT(search_for(writer_alone, "read-your-writes"), Verdict::proven);
  CHECK_VERDICT(search_for(race, "read-your-writes"), Verdict::vacuous);
  const std::string three = R"({"clients": [
      {"name": "w", "do": ["write user:7", "read user:7"]},
      {"name": "r", "count": 2, "do": ["write other"]}]})";
  for (const SearchOptions& options :
       {SearchOptions{.states_max = 3}, SearchOptions{.bytes_max = 1},
        SearchOptions{.reduction = Reduction::none, .schedules_max = 3}}) {
    const auto cut = search_for(three, "no-stale-residue", options);
    CHECK_VERDICT(cut, Verdict::clean_so_far);
    CHECK_FALSE(only_property(cut).exhausted);
  }
}

TEST_CASE("an expiry can be what it takes") {
  // Warm: a reader that loads the old row must have missed, and only an expiry makes it miss before
  // the commit.
  const std::string race = R"({"clients": [
      {"name": "reader", "do": ["read user:7"]},
      {"name": "writer", "do": ["write user:7"]}], "start": "warm"})";
  CHECK_VERDICT(search_for(race, "no-stale-residue", {}, "{}"), Verdict::proven);
  const auto found = search_for(race, "no-stale-residue", {}, R"({"expiry": {"ttl": "60s"}})");
  REQUIRE(only_property(found).counterexample);
  CHECK(only_property(found).counterexample->steps[0].client == "clock");
  CHECK(only_property(found).counterexample->steps.size() == 6);
}

TEST_CASE("latencies bound what is searched, and a counterexample has its times") {
  const std::string race = R"({"timing": "latencies"})";
  const auto outcome = search_for(race, "no-stale-residue");
  CHECK(outcome.result.timing == "latencies");
  CHECK(outcome.result.notes.empty());
  const auto& found = only_property(outcome);
  CHECK_VERDICT(outcome, Verdict::violated);
  REQUIRE(found.counterexample);
  const auto& steps = found.counterexample->steps;
  REQUIRE(steps.size() == 5);
  CHECK(steps[0].at == 0);
  for (std::size_t i = 1; i < steps.size(); ++i) CHECK(steps[i].at >= steps[i - 1].at);
  const std::int64_t loaded = *steps[4].at - *steps[1].at;  // from the snapshot to the fill
  CHECK(loaded >= 5'100'000);
  CHECK(loaded <= 30'500'000);
}

TEST_CASE("a replay says where the saved times are impossible") {
  const auto outcome = search_for(R"({"timing": "latencies"})", "no-stale-residue");
  const std::string saved = report::to_json(outcome.counterexamples.at(0));
  const auto divergence = [&](const std::string& from, const std::string& to) {
    std::string changed = saved;
    const auto at = changed.find(from);
    REQUIRE(at != std::string::npos);
    const auto replayed = replay(changed.replace(at, from.size(), to), "race.json", nullptr, 1);
    REQUIRE(replayed.has_value());
    return replayed->divergence ? replayed->divergence->says : "";
  };
  const auto& steps = outcome.counterexamples[0].counterexample.steps;
  const auto at_us = [](std::int64_t us) { return "\"at_us\":" + std::to_string(us) + ","; };
  const std::string fill = at_us(*steps[4].at / 1000);
  CHECK(divergence(fill, fill).empty());
  CHECK(divergence(fill, at_us(1000)) ==
        "reader-1 cache.set user:7 is said to take effect at 1 ms, but it cannot before 5.2 ms");
  CHECK(divergence(fill, at_us(90'000)).find("something else has to happen by 30.6 ms") !=
        std::string::npos);
}

TEST_CASE("where latencies may be longer than the timeout, a note says what is left out") {
  const auto notes = [](const std::string& timeout) {
    const auto scenario =
        load(R"({"clients": {"timeout": ")" + timeout + R"("}, "race": {"timing": "latencies"}})");
    return search(scenario, {.properties = {"no-stale-residue"}}).result.notes;
  };
  CHECK(notes("1s").empty());
  REQUIRE(notes("10ms").size() == 1);
  CHECK(notes("10ms")[0].find("longer than the timeout of 10 ms") != std::string::npos);
}

TEST_CASE("under latencies, --count says that it does not count") {
  const auto counted =
      search_for(R"({"timing": "latencies"})", "no-stale-residue", {.count = true});
  REQUIRE(counted.result.notes.size() == 1);
  CHECK(std::holds_alternative<report::States>(only_property(counted).visited));
}

TEST_CASE("expectations: a strategy's own word wins over that for all") {
  const auto outcome = search(load(R"({
      "strategies": {"after": {}, "before": {"write": "delete-before"}},
      "race": {"clients": [{"name": "writer", "do": ["write k"]}]},
      "expect": {"*": {"no-stale-residue": "vacuous"},
                 "before": {"no-stale-residue": "violated"}}})"),
                              {});
  REQUIRE(outcome.result.expectations.size() == 2);
  CHECK(outcome.result.expectations[0].met);
  CHECK(outcome.result.expectations[1].wanted == "violated");
  CHECK_FALSE(outcome.result.expectations[1].met);
}

TEST_CASE("an interrupted search says what it knows, and that it is incomplete") {
  SearchOptions options{.count = true};
  options.go_on = [](const SearchProgress& now) {
    return now.transitions < 10'000 ? Going::on : Going::interrupted;
  };
  const auto scenario = load(R"({"race": {"clients": [
      {"name": "reader", "count": 3, "do": ["read user:7"]},
      {"name": "writer", "do": ["write user:7"]}]}})");
  const auto outcome = search(scenario, options);
  CHECK_FALSE(outcome.result.complete);
  const auto& residue = outcome.result.results.at(0).properties.at(0);
  CHECK_VERDICT(judged(scenario, outcome.result, outcome.counterexamples), Verdict::violated);
  CHECK_FALSE(residue.exhausted);
  REQUIRE(residue.counterexample);
  CHECK_FALSE(residue.counterexample->minimal);
}

TEST_CASE("when time runs out, what was not visited is clean so far") {
  const SearchOptions options{.go_on = [](const SearchProgress&) { return Going::out_of_time; }};
  const auto scenario = load(R"({"strategies": {"a": {}, "b": {}}})");
  const auto outcome = search(scenario, options);
  CHECK(outcome.result.complete);
  REQUIRE(outcome.result.results.size() == 2);
  for (std::size_t strategy = 0; strategy < 2; ++strategy) {
    REQUIRE(outcome.result.results[strategy].properties.size() == 3);
    for (std::size_t property = 0; property < 3; ++property)
      CHECK_VERDICT(judged(scenario, outcome.result, {}, strategy, property),
                    Verdict::clean_so_far);
  }
}

TEST_CASE("a saved counterexample replays to the same finding; a changed strategy diverges") {
  const auto scenario = load("{}");
  const auto outcome = search(scenario, {.properties = {"no-stale-residue"}});
  REQUIRE(outcome.counterexamples.size() == 1);
  const std::string saved = report::to_json(outcome.counterexamples[0]);
  const auto replayed = replay(saved, "race.json", nullptr, 1);
  REQUIRE(replayed.has_value());
  CHECK_FALSE(replayed->divergence);
  CHECK(replayed->shown.says == outcome.counterexamples[0].counterexample.says);
  const report::Standing end{
      .cache = {{"user:7", "v1"}}, .database = {{"user:7", "v2"}}, .pending = {}};
  CHECK(replayed->shown.standings.back() == end);

  const auto changed = load(R"({"strategies": {"cache-aside": {"write": "delete-before"}}})");
  const auto diverged = replay(saved, "race.json", &changed, 1);
  REQUIRE(diverged.has_value());
  REQUIRE(diverged->divergence);
  CHECK(diverged->divergence->step == 3);
}

TEST_CASE("a race that nobody described is named") {
  const auto notes_of = [](const std::string& text) {
    return search(*load_scenario(text, "test.json"), {}).result.notes;
  };
  const std::vector<std::string> wanted{"the scenario describes no race: this is the default race"};
  CHECK(notes_of(R"({"traffic": {"duration": "1s"}})") == wanted);
  CHECK(notes_of(R"({"race": {"start": "cold"}})").empty());
}

}  // namespace
}  // namespace cacherace::harness
