#pragma once
// Small races for tests, built by hand, and their plain enumeration.

#include <fmt/format.h>

#include <string>
#include <vector>

#include "sim/engine/race/race.hpp"
#include "sim/judge/property/property.hpp"
#include "sim/search/enumerate.hpp"

namespace cacherace::test {

struct Shape {
  int readers = 1;
  int writers = 1;
  scenario::KeyStart start = scenario::KeyStart::cold;
  int evictions = 0;  // clients that evict the key at some moment
};

/// Readers and writers of one key, one operation each.
inline engine::Plan readers_and_writers(const Shape& shape) {
  using Kind = scenario::Operation::Kind;
  engine::Plan plan{.rows = {"user:7"}, .starts = {shape.start}};
  const auto add = [&](int count, const char* name, Kind kind) {
    for (int i = 1; i <= count; ++i)
      plan.scripts.push_back({fmt::format("{}-{}", name, i), {{kind, 0}}});
  };
  add(shape.readers, "reader", Kind::read);
  add(shape.writers, "writer", Kind::write);
  add(shape.evictions, "evictor", Kind::evict);
  return plan;
}

inline engine::Race race(const engine::Plan& plan, const scenario::Strategy& settings) {
  return {plan, strategy::compose(settings)};
}

inline engine::Race race(const engine::Plan& plan, const scenario::Write& write,
                         scenario::Expiry expiry = {}) {
  return race(plan, scenario::Strategy{.write = write, .expiry = expiry});
}

struct Counted {
  search::Coverage coverage;
  std::uint64_t violating = 0;
  bool arose = false;
};

/// Every schedule of the race, and how many of them violate the property.
inline Counted count(const engine::Race& race, const judge::Property& property) {
  Counted counted;
  counted.coverage = search::enumerate(race, {}, [&](const History& history) {
    const auto judgement = property.judge(history, property.limit);
    counted.arose |= judgement.arose;
    counted.violating += judgement.finding.has_value();
    return true;
  });
  return counted;
}

}  // namespace cacherace::test
