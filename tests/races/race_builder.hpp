#pragma once
// Small races for tests, built by hand, and their plain enumeration.

#include <fmt/format.h>

#include <string>
#include <vector>

#include "sim/engine/race.hpp"
#include "sim/judge/property.hpp"
#include "sim/search/enumerate.hpp"

namespace cacherace::test {

struct Shape {
  int readers = 1;
  int writers = 1;
  scenario::KeyStart start = scenario::KeyStart::cold;
};

/// Readers and writers of one key, one operation each.
inline engine::Plan readers_and_writers(const Shape& shape) {
  engine::Plan plan{.keys = {"user:7"}, .starts = {shape.start}, .scripts = {}};
  for (int i = 1; i <= shape.readers; ++i)
    plan.scripts.push_back({fmt::format("reader-{}", i), {{OperationKind::read, 0}}});
  for (int i = 1; i <= shape.writers; ++i)
    plan.scripts.push_back({fmt::format("writer-{}", i), {{OperationKind::write, 0}}});
  return plan;
}

inline engine::Race race(const engine::Plan& plan, const scenario::Write& write,
                         scenario::Expiry expiry = {}) {
  scenario::Strategy settings;
  settings.write = write;
  settings.expiry = expiry;
  return {plan, strategy::compose(settings)};
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
    const auto judgement = property.judge(history);
    counted.arose |= judgement.arose;
    counted.violating += judgement.finding.has_value();
    return true;
  });
  return counted;
}

}  // namespace cacherace::test
