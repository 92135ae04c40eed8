#include "sim/harness/fuzz/fuzz_words.hpp"

#include <fmt/format.h>

#include <array>

#include "sim/engine/race/plan.hpp"
#include "sim/report/words.hpp"

namespace cacherace::harness {
namespace {

using scenario::CountRange;
using scenario::Faults;

struct Fault {
  std::uint32_t Faults::* count;
  std::string_view name;
};
constexpr std::array<Fault, 5> all_faults{{{&Faults::crash, "crash"},
                                           {&Faults::evict, "evict"},
                                           {&Faults::lose, "lose"},
                                           {&Faults::flush, "flush"},
                                           {&Faults::cache_restart, "cache-restart"}}};

std::string range(const CountRange& range, std::string_view noun) {
  const auto most = report::counted(range.max, noun);
  return range.min == range.max ? most : fmt::format("{} to {}", range.min, most);
}

}  // namespace

std::string ranges_in_words(const VariantSpace& space) {
  const auto& vary = space.vary;
  std::string text = "races of " + range(vary.clients, "client") + ", " +
                     range(vary.operations, "operation") + " each, " + range(vary.keys, "key");
  for (const auto& fault : all_faults) {
    const auto min = vary.faults_min.*fault.count, max = vary.faults_max.*fault.count;
    if (max == 0) continue;
    text += min == max ? ", " + report::fault_text(fault.name, max)
            : min == 0 ? ", up to " + report::fault_text(fault.name, max)
                       : fmt::format(", {} to {}", min, report::fault_text(fault.name, max));
  }
  if (!vary.durations.empty()) text += ", " + report::counted(vary.durations.size(), "duration");
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
      text += ", " + report::fault_text(fault.name, count);
  return text;
}

std::vector<std::string> notes_about_variants(const scenario::Scenario& scenario,
                                              const FuzzOptions& options, std::uint64_t drawn) {
  std::vector<std::string> notes;
  if (drawn < options.cases)
    notes.push_back(fmt::format(
        "only {} of {} cases: too many of the others were invalid, because the ranges of "
        "\"durations\" contradict each other",
        drawn, options.cases));
  if (!scenario.vary.durations.empty() && scenario.race.timing == scenario::Timing::unbounded)
    notes.push_back(
        "with timing \"unbounded\", durations matter only to properties that measure time");
  return notes;
}

}  // namespace cacherace::harness
