#pragma once
// Results as text for a terminal.

#include <cstddef>
#include <string>

#include "sim/report/report_result.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {

inline constexpr std::size_t page_width = 100;

struct TextStyle {
  bool color = false;              // ANSI escapes for verdicts and the decisive step
  std::size_t width = page_width;  // columns, of lists and explanations
};

/// The whole result. Pure: the same bytes for the same arguments.
std::string to_text(const Result& result, const TextStyle& style);

/// Time down, one column per party: clients that read, cache, database, clients that only write.
/// The decisive step is marked and explained below.
std::string interleaving(const Counterexample& counterexample, const TextStyle& style);

/// Which step is decisive, and why: one line.
std::string decisive_sentence(const Counterexample& counterexample);

}  // namespace cacherace::report
