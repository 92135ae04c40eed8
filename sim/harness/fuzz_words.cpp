#include "sim/harness/fuzz_words.hpp"

#include <fmt/format.h>

#include <array>

#include "sim/engine/plan.hpp"

namespace cacherace::harness {
namespace {

using scenario::CountRange;
using scenario::Faults;

struct Fault {
  std::uint32_t Faults::* count;
  const char *one, *many;
};
constexpr std::array<Fault, 5> all_faults{{{&Faults::crash, "crash", "crashes"},
                                           {&Faults::evict, "eviction", "evictions"},
                                           {&Faults::lose, "lost message", "lost messages"},
                                           {&Faults::flush, "flush", "flushes"},
                                           {&Faults::cache_restart, "restart", "restarts"}}};

std::string range(const CountRange& range, std::string_view noun) {
  const bool one = range.max == 1;
  const auto numbers = range.min == range.max ? fmt::format("{}", range.max)
                                              : fmt::format("{} to {}", range.min, range.max);
  return fmt::format("{} {}{}", numbers, noun, one ? "" : "s");
}

std::string counted(std::uint32_t count, const Fault& fault) {
  return fmt::format("{} {}", count, count == 1 ? fault.one : fault.many);
}

}  // namespace

std::string ranges_in_words(const VariantSpace& space) {
  const auto& vary = space.vary;
  std::string text = "races of " + range(vary.clients, "client") + ", " +
                     range(vary.operations, "operation") + " each, " + range(vary.keys, "key");
  for (const auto& fault : all_faults) {
    const auto min = vary.faults_min.*fault.count, max = vary.faults_max.*fault.count;
    if (max == 0) continue;
    text += min == max ? ", " + counted(max, fault)
            : min == 0 ? ", up to " + counted(max, fault)
                       : fmt::format(", {} to {}", min, counted(max, fault));
  }
  if (!vary.durations.empty())
    text += fmt::format(", {} duration{}", vary.durations.size(),
                        vary.durations.size() == 1 ? "" : "s");
  return text;
}

std::string race_in_words(const scenario::Scenario& scenario) {
  const auto plan = engine::plan(scenario);
  std::string text;
  for (const auto& script : plan.scripts) {
    text += (text.empty() ? "" : ", ") + script.client + ": ";
    for (std::size_t i = 0; i < script.operations.size(); ++i)
      text += (i == 0 ? "" : " then ") + plan.operation_name(script.operations[i]);
  }
  for (const auto& fault : all_faults)
    if (const auto count = plan.faults.*fault.count; count > 0)
      text += ", " + counted(count, fault);
  return text;
}

std::vector<std::string> notes_about_variants(const scenario::Scenario& scenario,
                                              const FuzzOptions& options, std::uint64_t drawn) {
  std::vector<std::string> notes;
  if (drawn < options.cases)
    notes.push_back(fmt::format(
        "only {} of {} cases: too many of the others were no valid scenarios, because the ranges "
        "of \"durations\" contradict each other",
        drawn, options.cases));
  if (!scenario.vary.durations.empty() && scenario.race.timing == scenario::Timing::unbounded)
    notes.push_back(
        "under timing \"unbounded\" durations matter only to properties that measure time");
  return notes;
}

}  // namespace cacherace::harness
