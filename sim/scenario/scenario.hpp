#pragma once
// A scenario file as a typed value. What each key means is documented with the format
// (docs/scenario.md); here stand its shapes, units and defaults.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/core/metric_table.hpp"
#include "sim/core/property_table.hpp"
#include "sim/core/verdict.hpp"
#include "sim/scenario/parties.hpp"
#include "sim/scenario/race_section.hpp"
#include "sim/scenario/slots.hpp"
#include "sim/scenario/traffic.hpp"
#include "sim/scenario/vary.hpp"

namespace cacherace::scenario {

using namespace std::chrono_literals;

// ---- expectations ------------------------------------------------------------------------------

using cacherace::Verdict;

struct Limit {
  enum class Comparison { less, at_most, equal, at_least, greater } comparison{};
  double value = 0;  // in the unit of the metric; microseconds for durations
};

/// What something can be expected of.
using Subject = std::variant<PropertyId, Metric>;

struct Expectation {
  std::string strategy;  // "*" for all
  Subject of;
  std::variant<Verdict, Limit> wanted;  // of a metric a limit

  bool is_property() const { return std::holds_alternative<PropertyId>(of); }
  std::string_view name() const {
    return std::visit([](auto id) { return cacherace::name(id); }, of);
  }
};

// ---- the whole ---------------------------------------------------------------------------------

struct Scenario {
  std::string file;    // as the user named it
  std::string json;    // the file's content without comments and spacing, keys in the file's order
  std::string digest;  // of `json`
  std::string title;
  std::string story;
  std::string source;
  std::uint64_t seed = 1;
  CacheSettings cache;
  DatabaseSettings database;
  ClientSettings clients;
  KeySettings keys;
  std::vector<Strategy> strategies;  // in the file's order; never empty
  Race race;
  Vary vary;
  Traffic traffic;
  std::vector<Expectation> expectations;
  std::vector<Expectation> goal;  // what it takes to be recommended; of every strategy: "*"
};

}  // namespace cacherace::scenario
