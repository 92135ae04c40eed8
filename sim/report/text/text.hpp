#pragma once
// Results as text for a terminal.

#include <string>

#include "sim/report/report_result.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {

struct TextStyle {
  bool color = false;  // ANSI escapes for verdicts and the decisive step
};

/// The whole result. Pure: the same bytes for the same arguments.
std::string to_text(const Result& result, const TextStyle& style);

/// Time down, one column per party: clients that read, cache, database, clients that only write.
/// The decisive step is marked and explained below.
std::string interleaving(const Counterexample& counterexample, const TextStyle& style);

/// Which step is decisive, and why: one line.
std::string decisive_sentence(const Counterexample& counterexample);

}  // namespace cacherace::report
