#pragma once
// Results as text for a terminal.

#include <string>

#include "sim/report/result.hpp"

namespace cacherace::report {

struct TextStyle {
  bool color = false;  // ANSI escapes for verdicts and the decisive step
};

/// The whole result. Pure: the same bytes for the same arguments.
std::string to_text(const Result& result, const TextStyle& style);

/// Time down, one column per party: clients that read, cache, database, clients that only write.
/// The decisive step is marked and explained below.
std::string interleaving(const Counterexample& counterexample, const TextStyle& style);

/// The scenario's title, or words for its absence.
std::string title_text(const std::string& title);

/// Which step is decisive, and why: one line.
std::string decisive_sentence(const Counterexample& counterexample);

/// A metric's value as people read it: `91.2 %`, `4.25 ms`, `1,234`; "-" for none.
std::string metric_text(const std::string& name, std::optional<double> value);
/// "62.0304 s", "3", or "unbounded".
std::string worst_text(const Worst& worst);

}  // namespace cacherace::report
