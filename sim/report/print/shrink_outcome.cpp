#include "sim/report/print/shrink_outcome.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/core/utf8.hpp"
#include "sim/report/escape.hpp"
#include "sim/report/export/json.hpp"
#include "sim/report/text/color.hpp"
#include "sim/report/words.hpp"

namespace cacherace::report {
namespace {

std::string size_text(const Size& size) {
  std::string text = counted(size.clients, "client") + ", " + counted(size.operations, "operation");
  if (size.faults > 0) text += ", " + counted(size.faults, "fault");
  return text + ", " + counted(size.steps, "step") + ", " +
         counted(size.context_switches, "context switch", "es");
}

nlohmann::ordered_json json_of(const Size& size) {
  return {{"clients", size.clients},
          {"operations", size.operations},
          {"faults", size.faults},
          {"steps", size.steps},
          {"context_switches", size.context_switches}};
}

std::string sizes(const Shrunk& shrunk) {
  return fmt::format("  before: {}\n  after:  {}{}\n\n", size_text(shrunk.before),
                     shrunk.before == shrunk.after ? "the same" : size_text(shrunk.after),
                     shrunk.shown.minimal ? "" : " (a smaller one may exist)");
}

}  // namespace

std::string to_text(const Shrunk& shrunk, const TextStyle& style) {
  std::string text = fmt::format("{}\n{} under {}\n", title_text(shrunk.title), shrunk.property,
                                 printable(shrunk.strategy));
  if (!shrunk.complete) text += "incomplete: interrupted before the end\n";
  text += "\n";
  if (shrunk.divergence) text += "  " + divergence_text(*shrunk.divergence) + "\n\n";
  if (!shrunk.violated) {
    text += shrunk.realigned ? to_text(*shrunk.realigned, shrunk.property, style)
                             : interleaving(shrunk.shown, style);
    return text + paint("\n  nothing to shrink\n", Color::yellow, style);
  }
  text += sizes(shrunk) + interleaving(shrunk.shown, style) +
          faults_sentence(shrunk.shown, shrunk.measures_time);
  if (!shrunk.shown.saved.empty())
    text += "\n  replay it: cacherace replay " + quoted_for_shell(shrunk.shown.saved) + "\n";
  return text;
}

std::string to_json(const Shrunk& shrunk) {
  nlohmann::ordered_json json{{"cacherace", version},        {"kind", "shrink"},
                              {"strategy", shrunk.strategy}, {"property", shrunk.property},
                              {"complete", shrunk.complete}, {"violated", shrunk.violated}};
  if (shrunk.divergence)
    json["divergence"] = {{"step", shrunk.divergence->step}, {"says", shrunk.divergence->says}};
  json["before"] = json_of(shrunk.before);
  if (shrunk.violated) json["after"] = json_of(shrunk.after);
  json["counterexample"] = nlohmann::ordered_json::parse(to_json(shrunk.shown));
  return printable_json(json.dump(2)) + "\n";
}

}  // namespace cacherace::report
