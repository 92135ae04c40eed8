// Results of driving for people: text, Markdown, JUnit.

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <tuple>

#include "sim/core/digest.hpp"
#include "sim/core/utf8.hpp"
#include "sim/drive/session/drive_result.hpp"
#include "sim/report/text/table.hpp"
#include "sim/report/text/text.hpp"

namespace cacherace::drive {
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// "cache.get user:7", "db.update users": the store, the command and what it touches.
std::string effect_of(const ShownStep& step) {
  if (step.is_fault || step.label.starts_with("waits") || is_without_command(step.label))
    return step.command;
  const std::string word = lower(step.label.substr(0, step.label.find(' ')));
  if (step.store == Store::redis) {
    const auto space = step.label.find(' ');
    return "cache." + word + (space == std::string::npos ? "" : step.label.substr(space));
  }
  std::string out = "db." + word;
  for (const search::Touch& touch : step.touches)
    if (const std::string table = touch.item.substr(0, touch.item.find(search::part_of));
        !table.empty() && out.find(" " + table) == std::string::npos)
      out += " " + table;
  return out;
}

std::string counts_of(const DriveResult& result) {
  const auto& found = result.search;
  std::string out = fmt::format("{} executions", found.executions);
  if (result.random_executions > 0 && result.random_executions < found.executions)
    out = fmt::format("{} random executions, then {} in order", result.random_executions,
                      found.executions - result.random_executions);
  if (result.counted) out = fmt::format("{} orders, {} violating", found.orders, found.violating);
  if (found.pruned > 0) out += fmt::format(", {} cut short as repeats", found.pruned);
  if (result.seconds > 0)
    out += fmt::format(", {:.0f} a second",
                       static_cast<double>(found.executions + found.pruned) / result.seconds);
  return out;
}

std::string sentence_of(const DriveResult& result) {
  switch (result.word) {
    case Word::violated:
      return result.replayed.times == result.replayed.of
                 ? fmt::format("replayed {} of {} times", result.replayed.times, result.replayed.of)
                 : fmt::format("replayed only {} of {} times", result.replayed.times,
                               result.replayed.of);
    case Word::exhausted:
      return "every order of these requests, as this application behaves; nothing is said of other "
             "requests";
    case Word::clean_so_far:
      return "nothing wrong in what was tried";
    case Word::vacuous:
      return "nothing that could be wrong came up";
    case Word::uncontrolled:
      return "commands took effect that were not ordered";
    case Word::nondeterministic:
      break;
  }
  return "the application does not repeat itself";
}

// "shrunk in 12 executions: requests 3 to 2, switches between them 4 to 2"
std::string shrunk_text(const search::ShrunkAgain& shrunk) {
  std::string changes;
  for (const auto& [what, from, to] :
       {std::tuple{"requests", shrunk.from.clients, shrunk.to.clients},
        std::tuple{"faults", shrunk.from.faults, shrunk.to.faults},
        std::tuple{"switches between requests", shrunk.from.switches, shrunk.to.switches},
        std::tuple{"steps", shrunk.from.steps, shrunk.to.steps}})
    if (from != to)
      changes += fmt::format("{}{} {} to {}", changes.empty() ? "" : ", ", what, from, to);
  return fmt::format("{} in {} executions{}", changes.empty() ? "nothing smaller found" : "shrunk",
                     shrunk.executions, changes.empty() ? "" : ": " + changes) +
         (shrunk.complete ? "" : "; something smaller may be left");
}

}  // namespace

namespace {

// The last write of the cache, or the fault that kept it from coming, left the wrong value there:
// of the entries that were found wrong, where they are known and a command names them. From 1.
std::uint32_t decisive_step(const std::vector<ShownStep>& steps,
                            const std::set<std::string>& wrong_keys) {
  const auto last = [&](bool of_wrong_keys) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const bool writes_cache =
          steps[i].store == Store::redis &&
          std::ranges::any_of(steps[i].touches, [&](const search::Touch& touch) {
            return touch.writes && touch.store == "redis" &&
                   (!of_wrong_keys || wrong_keys.contains(touch.item));
          });
      if (writes_cache || steps[i].is_fault) out = static_cast<std::uint32_t>(i + 1);
    }
    return out;
  };
  const auto exact = wrong_keys.empty() ? 0 : last(true);
  return exact != 0 ? exact : last(false);
}

}  // namespace

report::Counterexample to_counterexample(const Driven& driven, const std::string& says) {
  report::Counterexample out;
  for (const Party& party : driven.parties())
    if (driven.takes_part(party))
      (party.section->is_read() ? out.readers : out.writers).push_back(party.name);
  Digest digest;
  std::string last;
  for (const ShownStep& step : driven.steps()) {
    report::Step shown;
    shown.client = step.client;
    if ((step.client == "redis" || step.client == "application") &&
        std::ranges::find(out.writers, step.client) == out.writers.end())
      out.writers.push_back(step.client);
    shown.operation = step.operation;
    shown.effect = effect_of(step);
    shown.result = step.was_blocked && step.answer.empty()      ? "waits for a lock"
                   : step.is_fault && step.operation == "crash" ? "started again"
                   : step.is_fault && step.client != "redis"    ? "lost"
                                                                : step.answer;
    shown.line = step.store == Store::redis ? "Redis" : "PostgreSQL";
    shown.code = step.command;
    if (step.was_blocked) shown.notes.push_back("waited for a lock that another request held");
    report::Standing standing;
    for (const auto& [key, value] : step.cache)
      standing.cache.emplace_back(printable(key), printable(value.substr(0, 60)));
    if (!last.empty() && last != step.client) ++out.context_switches;
    last = step.client;
    digest.add(shown.client);
    digest.add(shown.effect);
    out.steps.push_back(std::move(shown));
    out.standings.push_back(std::move(standing));
  }
  out.digest = digest.hex();
  out.says = says;
  out.minimal = false;
  out.decisive = decisive_step(driven.steps(), driven.wrong_keys());
  if (out.decisive == 0) out.decisive = out.steps.size();
  return out;
}

std::string profiles_text(const DriveResult& result) {
  report::Table table(
      {report::Align::left, report::Align::left, report::Align::left, report::Align::left});
  table.add({"request", "", "what it sends", "what it is answered"});
  for (const Profile& profile : result.profiles)
    for (const bool is_cold : {true, false}) {
      const auto& steps = is_cold ? profile.cold : profile.warm;
      if (steps.empty())
        table.add({is_cold ? profile.request : "", is_cold ? "cold" : "then", "nothing", ""});
      for (std::size_t i = 0; i < steps.size(); ++i)
        table.add({is_cold && i == 0 ? profile.request : "",
                   i > 0     ? ""
                   : is_cold ? "cold"
                             : "then",
                   shortened(steps[i].command, 60), shortened(steps[i].answer, 40)});
    }
  std::string out;
  for (const std::string& line : table.lines()) out += "  " + line + "\n";
  return out;
}

std::string to_text(const DriveResult& result, bool color) {
  std::string out = printable(result.title.empty() ? "Application" : result.title) + "\n";
  out += fmt::format("{}, through proxies\n\n", result.servers);
  if (!result.profiles.empty()) out += "Each request alone\n" + profiles_text(result) + "\n";
  if (result.search.executions == 0 && result.replayed.of > 0)  // of a replay
    out += fmt::format("{}: replayed {} of {} times\n", result.property, result.replayed.times,
                       result.replayed.of);
  else
    out += fmt::format("{}: {}  {}\n  {}\n", result.property, name(result.word), counts_of(result),
                       sentence_of(result));
  if (result.shrunk) out += "  " + shrunk_text(*result.shrunk) + "\n";
  for (const std::string& name : result.without)
    out += fmt::format("  without {}, which is not needed\n", printable(name));
  for (const std::string& why : result.why) out += "  - " + printable(why) + "\n";
  if (!result.complete) out += "  ended before its end: what is above is what was finished\n";
  if (!result.shown.steps.empty())
    out += "\n" + report::interleaving(result.shown, {.color = color});
  bool any = false;
  for (const std::string& note : result.notes) {
    if (std::ranges::find(result.why, note) != result.why.end()) continue;
    out += std::string(any ? "" : "\n") + "note: " + printable(note) + "\n";
    any = true;
  }
  for (const auto& [property, wanted] : result.expectations)
    out +=
        fmt::format("\nexpected {} of {}: {}\n", wanted, property, result.met ? "met" : "not met");
  return out;
}

std::string to_markdown(const DriveResult& result) {
  std::string out = fmt::format("# {}\n\n", result.title.empty() ? "Application" : result.title);
  out += fmt::format("{}, through proxies.\n\n", result.servers);
  out += fmt::format("**{}: {}** ({}): {}.\n", result.property, name(result.word),
                     counts_of(result), sentence_of(result));
  for (const std::string& why : result.why) out += "\n- " + printable(why);
  if (!result.why.empty()) out += "\n";
  if (!result.shown.steps.empty())
    out += "\n```text\n" + report::interleaving(result.shown, {.color = false}) + "```\n";
  out += "\n## Each request alone\n\n```text\n" + profiles_text(result) + "```\n";
  return out;
}

std::string to_junit(const DriveResult& result) {
  const auto escaped = [](const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '&')
        out += "&amp;";
      else if (c == '<')
        out += "&lt;";
      else if (c == '>')
        out += "&gt;";
      else if (c == '"')
        out += "&quot;";
      else
        out += c;
    }
    return out;
  };
  const bool wrong = result.expectations.empty() ? result.word == Word::violated : !result.met;
  const bool undecided = !wrong && result.expectations.empty() && result.word != Word::exhausted;
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format(
      "<testsuites>\n  <testsuite name=\"{0}\" tests=\"1\" failures=\"{1}\" skipped=\"{2}\">\n"
      "    <testcase classname=\"drive\" name=\"{3}\" time=\"0\"",
      escaped(printable(result.title)), wrong ? 1 : 0, undecided ? 1 : 0, result.property);
  if (wrong)
    out += fmt::format(">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
                       name(result.word), escaped(to_text(result, false)));
  else if (undecided)
    out += fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", name(result.word));
  else
    out += "/>\n";
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace cacherace::drive
