#include "sim/harness/bench/bench.hpp"

#include "sim/harness/bench/bench_parts.hpp"

namespace cacherace::harness {

report::Bench bench(const BenchOptions& options) {
  bool complete = true;
  BenchOptions watched = options;
  watched.go_on = [&](const std::string& what) {
    return complete = complete && options.go_on(what);
  };
  const BenchRounds rounds{.options = watched, .count = options.quick ? 1U : 5U};
  report::Bench result{.rounds = rounds.count, .traffic = {}, .agenda = {}, .search = {}};
  result.traffic = bench_traffic(rounds);
  result.agenda = bench_agenda(rounds);
  result.search = bench_search(rounds);
  result.complete = complete;
  return result;
}

}  // namespace cacherace::harness
