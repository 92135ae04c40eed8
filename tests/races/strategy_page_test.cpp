// The documented table is what the races come to, and each of its violations can be replayed.

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "sim/engine/race/schedule.hpp"
#include "tests/races/table/strategy_page.hpp"
#include "tests/races/table/verdict_of.hpp"
#include "tests/support/root.hpp"

namespace cacherace::test {
namespace {

// The first line in which the two differ, for a message that can be read.
std::string first_difference(const std::string& page, const std::string& made) {
  std::size_t start = 0;
  while (true) {
    const std::string was = page.substr(start, page.find('\n', start) - start);
    const std::string is = made.substr(start, made.find('\n', start) - start);
    if (was != is) return "docs/strategies.md has: " + was + "\nthe races come to:      " + is;
    start += was.size() + 1;
    if (start >= page.size() || start >= made.size()) return "the page ends elsewhere";
  }
}

TEST_CASE("docs/strategies.md is what the races come to", "[race][slow]") {
  const std::string page = content_of("docs/strategies.md"), made = strategy_page();
  if (page == made) return;
  FAIL(first_difference(page, made)
       << "\nWrite it anew with tools/strategy-table, and say in the commit why verdicts moved.");
}

TEST_CASE("every violation of the table is replayed by its labels, step by step", "[race]") {
  std::size_t replayed = 0;
  for (const StrategyGroup& strategies : strategy_groups())
    for (const ListedStrategy& listed : strategies.strategies)
      for (const AnomalyGroup& anomalies : anomaly_groups())
        for (const Anomaly& anomaly : anomalies.anomalies) {
          if (anomaly.name == "answers that go back") continue;  // long races
          const auto outcome = explore(listed, anomaly);
          if (!outcome || !outcome->counterexample) continue;
          CAPTURE(listed.name, anomaly.name);
          const engine::Race race(anomaly.plan, composed(listed));
          std::vector<engine::Label> labels;
          for (const Step& step : outcome->counterexample->steps)
            labels.push_back(race.label(step));
          const auto replay = engine::replay(race, labels);
          CHECK((replay.divergence ? replay.divergence->says : "") == "");
          CHECK(replay.history.steps == outcome->counterexample->steps);
          CHECK(replay.history.finals == outcome->counterexample->finals);
          ++replayed;
        }
  CHECK(replayed > 500);
}

}  // namespace
}  // namespace cacherace::test
