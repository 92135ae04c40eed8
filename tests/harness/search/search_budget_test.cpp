// Budgets of a search: kept exactly, shared by all that runs at once, the same for any number of
// threads.

#include <catch2/catch_test_macros.hpp>
#include <latch>
#include <vector>

#include "sim/harness/fuzz/fuzz.hpp"
#include "sim/harness/work/shared_memory.hpp"
#include "sim/report/export/json.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

const std::string two_and_two = R"("clients": [
    {"name": "reader", "count": 2, "do": ["read user:7"]},
    {"name": "writer", "count": 2, "do": ["write user:7", "read user:7"]}])";
const std::string untimed = "{" + two_and_two + "}";
const std::string timed = "{" + two_and_two + R"(, "timing": "latencies", "pause_max": "1s"})";

TEST_CASE("a search visits at most as many states as it may") {
  for (const std::string& race : {untimed, timed})
    for (const std::string property : {"no-stale-residue", "no-dirty-reads", "staleness"}) {
      for (const std::uint64_t most : {1U, 2U, 3U, 15U, 16U, 17U, 100U, 1000U}) {
        CAPTURE(race, property, most);
        std::uint64_t met = 0;
        const auto outcome = search_for(
            race, property, {.states_max = most, .go_on = [&](const SearchProgress& now) {
                               met = std::max(met, now.states);
                               return Going::on;
                             }});
        CHECK(states(outcome).states <= most);
        CHECK(states(outcome).zones.value_or(0) <= most);
        CHECK(met <= most);  // while shrinking, too
        const auto& found = only_property(outcome);
        if (found.exhausted || found.verdict == Verdict::violated) continue;
        CHECK(std::max(states(outcome).states, states(outcome).zones.value_or(0)) == most);
      }
    }
}

TEST_CASE("a budget of as many states as there are ends with a proof") {
  for (const std::string& race : {untimed, timed}) {
    const auto whole = search_for(race, "no-dirty-reads");
    REQUIRE(only_property(whole).exhausted);
    const std::uint64_t needed = states(whole).zones.value_or(states(whole).states);
    // Zones that are covered later counted when they were met.
    if (race == untimed)
      CHECK(only_property(search_for(race, "no-dirty-reads", {.states_max = needed})).exhausted);
    CHECK_FALSE(
        only_property(search_for(race, "no-dirty-reads", {.states_max = needed - 1})).exhausted);
  }
}

TEST_CASE("a sample meets at most as many different states as it may") {
  for (const SearchMode mode : {SearchMode::random, SearchMode::pct})
    for (const std::uint64_t most : {1U, 3U, 20U, 100U}) {
      const auto outcome = search_for(untimed, "no-stale-residue",
                                      {.mode = mode, .states_max = most, .schedules_max = 2'000});
      const auto& sample = std::get<report::Sample>(only_property(outcome).visited);
      CAPTURE(most, sample.covered.executions);
      CHECK(sample.covered.states <= most);
      CHECK(sample.covered.executions < 2'000);
      CHECK((only_property(outcome).verdict == Verdict::violated) ==
            (sample.covered.violating > 0));
    }
}

TEST_CASE("where memory ends, the number of threads changes nothing") {
  const auto scenario = load(R"({"strategies": {"a": {}, "b": {"fill": "generation"},
      "c": {"load": {"lock": {"ttl": "5s", "wait": "50ms", "give_up": "2s"}}},
      "d": {"write": {"write-behind": {"queue": "volatile"}}}},
    "race": )" + untimed + "}");
  for (const std::uint64_t kilobytes : {20U, 60U, 200U, 1000U, 10'000U}) {
    const auto found = [&](unsigned jobs) {
      return report::to_json(
          search(scenario, {.bytes_max = kilobytes << 10U, .jobs = jobs}).result);
    };
    const auto alone = found(1);
    for (const unsigned jobs : {2U, 4U, 12U}) {
      CAPTURE(kilobytes, jobs);
      CHECK(found(jobs) == alone);
    }
  }
}

TEST_CASE("a fuzz whose memory ends finds the same with any number of threads") {
  const auto scenario = load(R"({"race": )" + untimed + "}");
  const auto found = [&](unsigned jobs) {
    const auto outcome = fuzz(scenario, {.cases = 20, .bytes_max = 100 << 10U, .jobs = jobs});
    REQUIRE(outcome.has_value());
    return report::to_json(outcome->result);
  };
  CHECK(found(1) == found(4));
}

TEST_CASE("who is alone may take all, and beside others what is left") {
  SharedMemory memory(100);
  SharedMemory::Share first(memory);
  CHECK(first.take(70));
  CHECK(first.take(1'000));  // its own budget ends it
  CHECK(first.take(70));
  {
    SharedMemory::Share second(memory);
    CHECK(second.take(30));
    CHECK_FALSE(second.put_off());
    CHECK_FALSE(second.take(31));
    CHECK(second.put_off());
    CHECK_FALSE(second.take(1));  // it has to end
  }
  SharedMemory::Share third(memory);
  CHECK(third.take(30));
  third.give_back();
  CHECK(first.take(100));
  first.give_back();
  CHECK(third.take(100));
}

TEST_CASE("what is put off is done again alone, with all of the memory") {
  SharedMemory memory(100);
  std::latch both_have_begun(2);
  std::vector<int> done(2), tried(2);
  share_memory(memory, 2, 2, [&](std::size_t i, SharedMemory::Share& share) {
    if (++tried[i] == 1) {
      CHECK(share.take(40));
      both_have_begun.arrive_and_wait();
    }
    if (share.take(80)) ++done[i];
  });
  CHECK(done == std::vector<int>{1, 1});
  CHECK(tried[0] + tried[1] >= 3);
}

}  // namespace
}  // namespace cacherace::harness
