#include "sim/judge/metric/recovery.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cacherace::judge {
namespace {

using namespace std::chrono_literals;

constexpr SimTime at(Duration time) { return start_of_time + time; }

// So many queries, and as many operations of which some fail, in each second.
void second(Recovery& recovery, int number, int queries, int failed = 0) {
  for (int i = 0; i < queries; ++i) {
    recovery.queried(at(number * 1s + i * 1ms));
    recovery.responded(at(number * 1s + i * 1ms), i < failed);
  }
}

Recovery minute(std::initializer_list<Duration> incidents) {
  Recovery recovery(at(0s), at(60s), 1s);
  for (const Duration incident : incidents) recovery.incident(at(incident));
  return recovery;
}

TEST_CASE("without an incident there is nothing to recover from") {
  auto recovery = minute({});
  for (int i = 0; i < 60; ++i) second(recovery, i, 10);
  CHECK(recovery.longest() == std::nullopt);
}

TEST_CASE("an incident that changes nothing is over at once") {
  auto recovery = minute({20s});
  for (int i = 0; i < 60; ++i) second(recovery, i, 10);
  CHECK(recovery.longest() == 0s);
}

TEST_CASE("it has recovered when the load is what it was") {
  auto recovery = minute({20s + 300ms});
  for (int i = 0; i < 60; ++i) second(recovery, i, i >= 20 && i < 27 ? 13 : i % 2 == 0 ? 10 : 11);
  CHECK(recovery.longest() == 27s - 20s - 300ms);
}

TEST_CASE("a quiet second in between is no recovery") {
  auto recovery = minute({20s});
  for (int i = 0; i < 60; ++i) second(recovery, i, i == 21 || i == 29 ? 40 : 10);
  CHECK(recovery.longest() == 10s);
}

TEST_CASE("a burst long after it has recovered is another matter") {
  auto recovery = minute({20s});
  for (int i = 0; i < 60; ++i) second(recovery, i, i == 21 || i == 40 ? 40 : 10);
  CHECK(recovery.longest() == 2s);
}

TEST_CASE("failures keep it from having recovered, whatever the load") {
  auto recovery = minute({20s});
  for (int i = 0; i < 60; ++i) second(recovery, i, 10, i >= 20 && i < 35 ? 1 : 0);
  CHECK(recovery.longest() == 15s);
}

TEST_CASE("it need not recover within the run") {
  auto recovery = minute({20s});
  for (int i = 0; i < 60; ++i) second(recovery, i, i >= 20 ? 30 : 10);
  CHECK(recovery.longest() == Duration::max());
}

TEST_CASE("the longest of several incidents counts, each up to the next") {
  auto recovery = minute({40s, 10s});
  for (int i = 0; i < 60; ++i) second(recovery, i, i == 10 || (i >= 40 && i < 45) ? 30 : 10);
  CHECK(recovery.longest() == 5s);
}

TEST_CASE("an incident with nothing before it has nothing to come back to") {
  auto recovery = minute({300ms, 70s});
  for (int i = 0; i < 60; ++i) second(recovery, i, 10);
  CHECK(recovery.longest() == std::nullopt);
}

}  // namespace
}  // namespace cacherace::judge
