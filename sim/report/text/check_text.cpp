#include "sim/report/text/check_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "sim/core/duration_text.hpp"
#include "sim/core/utf8.hpp"
#include "sim/report/text/color.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {
namespace {

enum class Outcome { ok, undecided, failed };

Outcome outcome_of(const Result& result) {
  const auto [missed, undecided] = not_met(result.expectations);
  if (missed > 0) return Outcome::failed;
  return undecided > 0 || !result.complete ? Outcome::undecided : Outcome::ok;
}

// `searched 3,412 states, simulated 5 × 1 min of 3 strategies`
std::string work_of(const Result& result) {
  std::uint64_t states = 0;
  std::size_t searches = 0;
  std::uint32_t replicates = 0;
  for (const auto& strategy : result.results) {
    replicates = std::max(replicates, strategy.replicates);
    for (const auto& property : strategy.properties) {
      ++searches;
      if (const auto* visited = std::get_if<States>(&property.visited)) states += visited->states;
    }
  }
  std::vector<std::string> work;
  if (searches > 0)
    work.push_back(
        fmt::format("{} of {} states", counted(searches, "search", "es"), with_commas(states)));
  if (replicates > 0)
    work.push_back(fmt::format("{} × {} of traffic under {} {}", replicates,
                               duration_text(result.traffic.duration), result.results.size(),
                               result.results.size() == 1 ? "strategy" : "strategies"));
  return fmt::format("{}", fmt::join(work, ", "));
}

std::string verdict_of(const Result& result) {
  if (result.expectations.empty()) return "nothing is expected";
  const std::string all = counted(result.expectations.size(), "expectation");
  const auto [missed, undecided] = not_met(result.expectations);
  if (missed > 0) return fmt::format("{} of {} not met", missed, all);
  if (undecided > 0) return fmt::format("{} of {} undecided", undecided, all);
  return fmt::format("{} met", all);
}

}  // namespace

std::string check_line(const std::string& file, const Result& result, const TextStyle& style) {
  const Outcome outcome = outcome_of(result);
  const auto [word, color] = outcome == Outcome::ok       ? std::pair("ok       ", Color::green)
                             : outcome == Outcome::failed ? std::pair("FAILED   ", Color::red)
                                                          : std::pair("undecided", Color::yellow);
  std::string text =
      fmt::format("{}  {}: {}", paint(word, color, style), printable(file), verdict_of(result));
  if (const auto work = work_of(result); !work.empty()) text += fmt::format("; {}", work);
  text += "\n";
  for (const auto& expected : result.expectations)
    if (!expected.met)
      text +=
          fmt::format("           {} {}: expected {}, found {}{}\n", printable(expected.strategy),
                      expected.name, expected.wanted, expected.found,
                      expected.undecided ? " (the budget ended before it was decided)" : "");
  return text;
}

std::string check_line(const std::string& file, const Problem& wrong, const TextStyle& style) {
  std::string text = fmt::format("{}  {}: {}\n", paint("FAILED   ", Color::red, style),
                                 printable(file), to_text(wrong));
  for (const auto& line : wrong.below) text += fmt::format("             {}\n", printable(line));
  return text;
}

std::string check_summary(const std::vector<Result>& results, std::size_t wrong) {
  const auto of = [&](Outcome outcome) {
    return std::count_if(results.begin(), results.end(),
                         [&](const Result& result) { return outcome_of(result) == outcome; });
  };
  std::string text =
      fmt::format("{}: {} ok", counted(results.size() + wrong, "scenario"), of(Outcome::ok));
  if (of(Outcome::failed) > 0) text += fmt::format(", {} not as expected", of(Outcome::failed));
  if (of(Outcome::undecided) > 0) text += fmt::format(", {} undecided", of(Outcome::undecided));
  if (wrong > 0) text += fmt::format(", {} with an error in the script", wrong);
  return text + "\n";
}

}  // namespace cacherace::report
