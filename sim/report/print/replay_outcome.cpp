#include "sim/report/print/replay_outcome.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/core/utf8.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/export/html.hpp"
#include "sim/report/export/json.hpp"
#include "sim/report/text/color.hpp"
#include "sim/report/text/table.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {
namespace {

std::string value_in(const Standing::Named& named, const std::string& name) {
  for (const auto& [known, value] : named)
    if (known == name) return value;
  return "-";
}

// `user:7: cache v1, database v2 | pending: reader-1 cache.get user:7`
std::string standing_text(const Standing& now) {
  Standing::Named keys = now.database;
  const auto add_keys_of = [&](const Standing::Named& named) {
    for (const auto& entry : named)
      if (value_in(keys, entry.first) == "-") keys.push_back(entry);
  };
  for (const auto& [name, local] : now.locals) add_keys_of(local);
  add_keys_of(now.cache);
  std::string text;
  for (const auto& [key, version] : keys) {
    text += fmt::format("{}{}: ", text.empty() ? "" : "; ", key);
    for (const auto& [name, local] : now.locals)
      text += fmt::format("{} {}, ", name, value_in(local, key));
    text +=
        fmt::format("cache {}, database {}", value_in(now.cache, key), value_in(now.database, key));
  }
  std::string pending;
  for (const auto& [client, effect] : now.pending)
    pending += fmt::format("{}{} {}", pending.empty() ? "" : "; ", client, effect);
  return text + (pending.empty() ? " | all done" : " | pending: " + pending);
}

// Below a step of a script: its line, what it noted, and where the clients go on.
std::string code_text(const Step& step, const Standing& after) {
  if (step.line.empty() && after.places.empty()) return "";
  Table table({Align::left, Align::left, Align::left});
  if (!step.line.empty()) table.add({"→ " + step.client, step.line, step.code});
  for (const std::string& note : step.notes) table.add({"", "", "note: " + note});
  for (const auto& place : after.places) table.add({"  " + place.client, place.line, place.code});
  return table.render("         ");
}

std::string text_of(const InClock& clock) {
  if (clock.repeated)
    return "  repeated by the clock engine at these times, with the same replies\n";
  return fmt::format("  not repeated by the clock engine: {}\n", clock.why_not);
}

nlohmann::ordered_json json_of(const InClock& clock) {
  nlohmann::ordered_json json{{"repeated", clock.repeated}};
  if (!clock.repeated) json["why_not"] = clock.why_not;
  return json;
}

nlohmann::ordered_json json_of(const Realigned& realigned) {
  return {{"matched", realigned.matched},
          {"skipped", realigned.skipped},
          {"new", realigned.added},
          {"drawn", realigned.drawn},
          {"seed", realigned.seed},
          {"complete", realigned.complete},
          {"violated", realigned.violated},
          {"counterexample", nlohmann::ordered_json::parse(to_json(realigned.shown))}};
}

}  // namespace

std::string step_text(const Replay& replay, std::size_t index, std::size_t times) {
  const Step& step = replay.shown.steps[index];
  const std::string what =
      fmt::format("{} {}{} ({}): {}", step.client, step.effect, times_text(times),
                  step.operation.empty() ? "time passes" : step.operation, step.result);
  const Standing& after = replay.shown.standings[index];
  return fmt::format("  {} {}. {}\n       {}\n{}", index + 1 == replay.shown.decisive ? "▶" : " ",
                     index + 1, printable(what), printable(standing_text(after)),
                     code_text(step, after));
}

std::string to_text(const Replay& replay, const TextStyle& style, bool states) {
  std::string text = fmt::format("{}\n{} under {}\n\n", title_text(replay.title), replay.property,
                                 printable(replay.strategy));
  if (states) {
    const auto times = times_of_steps(replay.shown);
    for (std::size_t i = 0; i < times.size(); ++i)
      if (times[i] > 0) text += step_text(replay, i, times[i]);
    if (!replay.shown.says.empty()) text += fmt::format("\n{}", decisive_sentence(replay.shown));
  } else {
    text += interleaving(replay.shown, style);
  }
  text += "\n";
  if (!replay.divergence) {
    text +=
        paint(fmt::format("  replayed: the same {} steps, the same digest {}, the same finding\n",
                          replay.shown.steps.size(), replay.shown.digest),
              Color::green, style);
    return replay.in_clock ? text + text_of(*replay.in_clock) : text;
  }
  text += paint("  " + divergence_text(*replay.divergence) + "\n", Color::red, style);
  if (replay.realigned)
    text.append("\n").append(to_text(*replay.realigned, replay.property, style));
  return text;
}

std::string divergence_text(const Divergence& divergence) {
  const std::string place = divergence.step > 0 ? fmt::format("step {}: ", divergence.step) : "";
  return "diverged: " + place + printable(divergence.says);
}

std::string to_text(const Realigned& realigned, const std::string& property,
                    const TextStyle& style) {
  std::string text = fmt::format(
      "Realigned: {} of {} saved steps matched, {} skipped, {} new between them, {} drawn after "
      "them (seed {})\n\n{}\n",
      realigned.matched, realigned.matched + realigned.skipped, realigned.skipped, realigned.added,
      realigned.drawn, realigned.seed, interleaving(realigned.shown, style));
  if (!realigned.complete)
    return text + paint("  given up: the clients are not done\n", Color::yellow, style);
  return text + (realigned.violated
                     ? paint(fmt::format("  {} is still violated\n", property), Color::red, style)
                     : paint(fmt::format("  {} is not violated by this schedule\n", property),
                             Color::yellow, style));
}

std::string to_json(const Replay& replay) {
  nlohmann::ordered_json json{{"cacherace", version},
                              {"kind", "replay"},
                              {"strategy", replay.strategy},
                              {"property", replay.property},
                              {"matches", !replay.divergence.has_value()}};
  if (replay.divergence)
    json["divergence"] = {{"step", replay.divergence->step}, {"says", replay.divergence->says}};
  if (replay.realigned) json["realigned"] = json_of(*replay.realigned);
  if (replay.in_clock) json["clock_engine"] = json_of(*replay.in_clock);
  json["counterexample"] = nlohmann::ordered_json::parse(to_json(replay.shown));
  return printable_json(json.dump(2)) + "\n";
}

std::string to_html(const Replay& replay) {
  return to_html(to_json(replay), fmt::format("{} under {}", replay.property, replay.strategy));
}

}  // namespace cacherace::report
