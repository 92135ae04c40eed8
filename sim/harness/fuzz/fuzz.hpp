#pragma once
// A search of scenarios: other races around the one of a scenario, each searched exhaustively.

#include <functional>
#include <string>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/harness/search/search.hpp"

namespace cacherace::harness {

/// What it is doing, for a progress line.
struct FuzzProgress {
  std::uint64_t searched = 0, cases = 0;  // different ones
  std::string strategy, property;         // of what is being made simpler; "" before that
  std::uint64_t tried = 0;                // simpler variants
};

struct FuzzOptions {
  std::vector<std::string> strategies;  // as in SearchOptions
  std::vector<std::string> properties;
  unsigned cases = 100;                               // scenarios that are drawn
  unsigned percent = 100;                             // of the ranges that the largest of them use
  std::uint64_t states_max = 200'000;                 // per case, strategy and property
  std::uint64_t bytes_max = std::uint64_t{4} << 30U;  // of all searches together
  unsigned jobs = 1;                                  // threads; never changes a result
  /// Asked before each search and every few thousand steps, by one thread at a time.
  std::function<Going(const FuzzProgress&)> go_on = [](const FuzzProgress&) { return Going::on; };
  Log log = [](const Work&) {};
};

struct FuzzOutcome {
  report::Result result;
  std::vector<report::CounterexampleFile> counterexamples;  // in the order of the result
  bool unexpected = false;  // a violation that the scenario does not expect
  bool missed = false;      // it expects one that was not found
};

/// Draws variants of the scenario from its seed, searches each under every strategy, and counts the
/// verdicts: a property is violated when it is in one of them, vacuous when it is in all of them,
/// and else clean so far, since a sample of scenarios proves nothing about the others. What
/// violates is made as simple as possible: first the scenario, from the violating case with the
/// fewest faults and operations, then its schedule. Problems when no variant is valid.
Result<FuzzOutcome> fuzz(const scenario::Scenario& scenario, const FuzzOptions& options);

}  // namespace cacherace::harness
