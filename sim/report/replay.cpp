#include "sim/report/replay.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/report/color.hpp"
#include "sim/report/json.hpp"
#include "sim/report/table.hpp"

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
  for (const auto& entry : now.cache)
    if (value_in(keys, entry.first) == "-") keys.push_back(entry);
  std::string text;
  for (const auto& [key, version] : keys)
    text += fmt::format("{}{}: cache {}, database {}", text.empty() ? "" : "; ", key,
                        value_in(now.cache, key), value_in(now.database, key));
  std::string pending;
  for (const auto& [client, effect] : now.pending)
    pending += fmt::format("{}{} {}", pending.empty() ? "" : "; ", client, effect);
  return text + (pending.empty() ? " | all done" : " | pending: " + pending);
}

}  // namespace

std::string step_text(const Replay& replay, std::size_t index) {
  const Step& step = replay.shown.steps[index];
  const std::string what =
      fmt::format("{} {} ({}): {}", step.client, step.effect,
                  step.operation.empty() ? "time passes" : step.operation, step.result);
  return fmt::format("  {} {}. {}\n       {}\n", index + 1 == replay.shown.decisive ? "▶" : " ",
                     index + 1, printable(what),
                     printable(standing_text(replay.shown.standings[index])));
}

std::string to_text(const Replay& replay, const TextStyle& style, bool states) {
  std::string text = fmt::format("{}\n{} under {}\n\n", title_text(replay.title), replay.property,
                                 printable(replay.strategy));
  if (states) {
    for (std::size_t i = 0; i < replay.shown.steps.size(); ++i) text += step_text(replay, i);
    if (!replay.shown.says.empty()) text += fmt::format("\n{}", decisive_sentence(replay.shown));
  } else {
    text += interleaving(replay.shown, style);
  }
  text += "\n";
  if (!replay.divergence)
    return text + paint(fmt::format(
                            "  replayed: the same {} steps, the same digest {}, the same finding\n",
                            replay.shown.steps.size(), replay.shown.digest),
                        Color::green, style);
  const std::string place =
      replay.divergence->step > 0 ? fmt::format("step {}: ", replay.divergence->step) : "";
  return text + paint(fmt::format("  diverged: {}{}\n", place, printable(replay.divergence->says)),
                      Color::red, style);
}

std::string to_json(const Replay& replay) {
  nlohmann::ordered_json json{{"cacherace", version},
                              {"kind", "replay"},
                              {"strategy", replay.strategy},
                              {"property", replay.property},
                              {"matches", !replay.divergence.has_value()}};
  if (replay.divergence)
    json["divergence"] = {{"step", replay.divergence->step}, {"says", replay.divergence->says}};
  json["counterexample"] = nlohmann::ordered_json::parse(to_json(replay.shown));
  return json.dump(2) + "\n";
}

}  // namespace cacherace::report
