// How fast states are recognised: one key, readers and writers, cache-aside with delete after
// commit, searched to the end.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <optional>
#include <string_view>

#include "sim/engine/graph/race_graph.hpp"
#include "sim/search/explore.hpp"
#include "tests/races/race_builder.hpp"

namespace cacherace::test {
namespace {

constexpr auto usage =
    "usage: search_bench READERS WRITERS [plain|symmetric|both] [RUNS]\n"
    "\n"
    "Searches READERS and WRITERS of one key to the end, RUNS times (1), telling clients apart,\n"
    "taking alike ones for each other, or both in turn (both). Prints the fastest run of each:\n"
    "symmetry, readers, writers, states, transitions, ms, ns/transition, bytes/state.\n";

struct Arguments {
  int readers = 0, writers = 0;
  bool plain = true, symmetric = true;
  int runs = 1;
};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > 100)
    return std::nullopt;
  return value;
}

std::optional<Arguments> parse(int count, char** texts) {
  if (count < 3 || count > 5) return std::nullopt;
  const auto readers = number(texts[1]), writers = number(texts[2]);
  if (!readers || !writers) return std::nullopt;
  Arguments arguments{.readers = *readers, .writers = *writers};
  const std::string_view which = count > 3 ? texts[3] : "both";
  if (which != "plain" && which != "symmetric" && which != "both") return std::nullopt;
  arguments.plain = which != "symmetric";
  arguments.symmetric = which != "plain";
  if (count > 4) {
    const auto runs = number(texts[4]);
    if (!runs || *runs == 0) return std::nullopt;
    arguments.runs = *runs;
  }
  return arguments;
}

struct Timed {
  search::Explored explored;
  double seconds;
};

Timed timed(const engine::Race& race, bool symmetry) {
  using Clock = std::chrono::steady_clock;  // tidy: measures the program, not the simulation
  const auto start = Clock::now();
  const auto monitor =
      judge::no_stale_residue.monitor({.start = {1}, .keys = 1}, judge::no_stale_residue.limit);
  engine::RaceGraph graph(race, *monitor, {.symmetry = symmetry});
  const auto explored = search::explore(graph, {}, true);
  return {explored, std::chrono::duration<double>(Clock::now() - start).count()};
}

void print(const Arguments& arguments, bool symmetry, const Timed& best) {
  const auto& explored = best.explored;
  fmt::print(
      "{} {} {} {} {} {:.3f} {:.1f} {:.1f}\n", symmetry ? "symmetric" : "plain", arguments.readers,
      arguments.writers, explored.states, explored.transitions, best.seconds * 1e3,
      best.seconds * 1e9 / static_cast<double>(std::max(explored.transitions, std::uint64_t{1})),
      static_cast<double>(explored.bytes) / static_cast<double>(explored.states));
}

void measure(const Arguments& arguments, bool symmetry) {
  const auto race =
      test::race(readers_and_writers({.readers = arguments.readers, .writers = arguments.writers}),
                 scenario::DeleteAfter{});
  std::optional<Timed> best;
  for (int run = 0; run < arguments.runs; ++run) {
    const auto now = timed(race, symmetry);
    if (!best || now.seconds < best->seconds) best = now;
  }
  print(arguments, symmetry, *best);
}

}  // namespace
}  // namespace cacherace::test

int main(int count, char** texts) {
  using namespace cacherace::test;
  const auto arguments = parse(count, texts);
  if (!arguments) {
    const bool asked = count == 2 && std::strcmp(texts[1], "--help") == 0;
    fmt::print(asked ? stdout : stderr, "{}", usage);
    return asked ? 0 : 2;
  }
  if (arguments->plain) measure(*arguments, false);
  if (arguments->symmetric) measure(*arguments, true);
  return 0;
}
