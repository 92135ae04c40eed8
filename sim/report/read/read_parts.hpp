#pragma once
// Decoders of the parts of a result, one file each; see json::Fields for what a decoder is.

#include <optional>

#include "sim/json/collector.hpp"
#include "sim/json/fields.hpp"
#include "sim/json/node.hpp"
#include "sim/report/report_result.hpp"

namespace cacherace::report {

std::optional<Counterexample> counterexample(const json::Node& node, json::Collector& problems);
std::optional<PropertyResult> property_result(const json::Node& node, json::Collector& problems);
std::optional<StrategyResult> strategy_result(const json::Node& node, json::Collector& problems,
                                              Result::Kind kind);

std::optional<Traffic> traffic(const json::Node& node, json::Collector& problems);
std::optional<Series> series(const json::Node& node, json::Collector& problems);
std::optional<std::vector<Distribution>> distributions(const json::Node& node,
                                                       json::Collector& problems);

/// The metric that a text names, and the one that the key of a member names.
std::optional<Metric> metric_name(const json::Node& node, json::Collector& problems);
std::optional<Metric> metric_of_key(const json::Node& member, json::Collector& problems);
void read_definitions(const json::Node& node, Result& result, json::Collector& problems);

/// What only a comparison has; `fields` are those of the whole result.
void read_comparison(json::Fields& fields, Result& result, json::Collector& problems);

/// What only a sweep has, all but its head.
void read_sweep(json::Fields& fields, Result& result, json::Collector& problems);

/// The longest time that a result may state, so that its nanoseconds can be counted: 285 years.
inline constexpr std::uint64_t times_max_us = 9'000'000'000'000'000;

/// A number of microseconds, in nanoseconds.
std::optional<std::int64_t> nanoseconds(const json::Node& node, json::Collector& problems);

}  // namespace cacherace::report
