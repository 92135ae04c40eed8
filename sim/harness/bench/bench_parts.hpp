#pragma once
// The parts of a benchmark. Each measures some rounds, at least one, and gives medians.

#include <algorithm>
#include <optional>
#include <vector>

#include "sim/harness/bench/bench.hpp"

namespace cacherace::harness {

struct BenchRounds {
  const BenchOptions& options;
  std::uint32_t count = 1;

  /// Measures round by round: `measure()` returns nothing when it was ended early.
  template <typename Measure>
  auto run(const std::string& what, const Measure& measure) const {
    std::vector<typename decltype(measure())::value_type> rounds;
    for (std::uint32_t i = 0; i < count && options.go_on(what); ++i)
      if (auto round = measure()) rounds.push_back(std::move(*round));
    return rounds;
  }
};

/// Of the rounds' figures; requires at least one. O(n log n).
template <typename Round, typename Figure>
double median_of(const std::vector<Round>& rounds, const Figure& figure) {
  std::vector<double> figures;
  for (const Round& round : rounds) figures.push_back(figure(round));
  std::sort(figures.begin(), figures.end());
  const std::size_t half = figures.size() / 2;
  return figures.size() % 2 == 1 ? figures[half] : (figures[half - 1] + figures[half]) / 2;
}

std::vector<report::Bench::Traffic> bench_traffic(const BenchRounds& rounds);
std::vector<report::Bench::Agenda> bench_agenda(const BenchRounds& rounds);
std::vector<report::Bench::Search> bench_search(const BenchRounds& rounds);

}  // namespace cacherace::harness
