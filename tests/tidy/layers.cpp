#include "tests/tidy/layers.hpp"

#include <algorithm>

namespace cacherace::tidy {

// A layer may include only what stands above it. A room is a layer of its own: who may include
// "report" may not therefore include "report/text".
const std::vector<Layer>& layers() {
  static const std::vector<Layer> table{
      {"core", {}},
      {"json", {"core"}},

      {"script", {"core"}},

      {"scenario", {"core", "script"}},
      {"scenario/decode", {"core", "json", "scenario"}},
      {"scenario/strategies", {"core", "json", "scenario", "scenario/decode"}},
      {"scenario/file", {"core", "json", "scenario", "scenario/decode", "scenario/strategies"}},

      {"world", {"core", "scenario"}},

      {"strategy", {"core", "script", "scenario", "world"}},
      {"strategy/read", {"core", "strategy"}},
      {"strategy/load", {"strategy"}},
      {"strategy/store", {"strategy"}},
      {"strategy/write", {"strategy"}},
      {"strategy/invalidate", {"strategy"}},
      {"strategy/shared", {"strategy"}},

      {"engine", {"core", "script", "strategy", "world"}},
      {"engine/arrivals", {"core", "scenario"}},
      {"engine/clock", {"core", "scenario", "world", "strategy", "engine", "engine/arrivals"}},
      {"engine/race", {"core", "script", "scenario", "world", "strategy", "engine"}},
      {"engine/graph", {"core", "engine/race"}},

      {"search", {"core"}},

      {"judge/property", {"core"}},
      {"judge/statistics", {"core"}},
      {"judge/metric", {"core", "judge/statistics"}},

      {"report", {"core", "json"}},
      {"report/read", {"core", "json", "report"}},
      {"report/text", {"core", "report"}},
      {"report/markdown", {"core", "report", "report/text"}},
      {"report/export", {"core", "report", "report/text"}},
      {"report/print", {"core", "report", "report/text", "report/markdown", "report/export"}},

      {"harness/catalogue", {"core", "scenario/strategies", "report/text"}},
      {"harness/work", {}},
      {"harness/input",
       {"core", "json", "script", "scenario", "scenario/file", "report", "report/text"}},
      {"harness/trace", {"core", "scenario", "engine/arrivals"}},
      {"harness/explore",
       {"core", "script", "scenario", "strategy", "engine/race", "engine/graph", "search",
        "judge/property"}},
      {"harness/counterexample",
       {"core", "scenario", "scenario/file", "strategy", "engine/race", "engine/graph",
        "engine/clock", "search", "judge/property", "report", "report/export", "report/print",
        "harness/explore"}},
      {"harness/search",
       {"core", "scenario", "engine/race", "search", "report", "report/export", "report/print",
        "harness/work", "harness/input", "harness/explore", "harness/counterexample"}},
      {"harness/traffic",
       {"core", "scenario", "engine/arrivals", "engine/clock", "judge/metric", "judge/statistics",
        "report", "harness/work", "harness/input", "harness/trace"}},
      {"harness/fuzz",
       {"core", "scenario", "engine/race", "report", "harness/input", "harness/explore",
        "harness/search"}},
      {"harness/compare",
       {"core", "scenario", "report", "report/text", "harness/catalogue", "harness/input",
        "harness/search", "harness/traffic"}},
      {"harness/bench",
       {"core", "scenario", "world", "strategy", "engine", "engine/arrivals", "engine/clock",
        "engine/race", "judge/metric", "report/print", "harness/input", "harness/explore"}},
      {"harness",
       {"harness/catalogue", "harness/work", "harness/input", "harness/trace", "harness/explore",
        "harness/counterexample", "harness/search", "harness/traffic", "harness/fuzz",
        "harness/compare", "harness/bench"}},

      {"live", {"core"}},
      {"live/replay", {"core", "report", "report/print", "live"}},

      {"drive", {"core", "json", "scenario", "search"}},
      {"drive/wire", {"core"}},
      {"drive/proxy", {"core", "drive", "drive/wire"}},
      {"drive/app", {"core", "drive", "drive/proxy", "live"}},
      {"drive/control", {"core", "search", "drive", "drive/proxy", "drive/app", "live"}},
      {"drive/session",
       {"core", "json", "search", "report", "report/text", "report/export", "drive", "drive/proxy",
        "drive/app", "drive/control", "live"}},

      {"cli/manual", {"core", "report"}},
      {"cli/system", {"core", "harness/work", "harness/input"}},
      {"cli/options",
       {"core", "report", "report/text", "report/print", "harness/catalogue", "harness/input",
        "harness/trace", "harness/counterexample", "harness/search", "cli/manual", "cli/system"}},
      {"cli/command",
       {"core",
        "script",
        "report",
        "report/text",
        "report/read",
        "harness/catalogue",
        "harness/input",
        "harness/trace",
        "harness/counterexample",
        "harness/search",
        "harness/traffic",
        "harness/fuzz",
        "harness/compare",
        "harness/bench",
        "drive",
        "drive/session",
        "live/replay",
        "cli/manual",
        "cli/system",
        "cli/options"}},
      {"cli", {"core", "script", "harness/trace", "cli/system", "cli/options", "cli/command"}},

      // Oracles share no code with the program.
      {"tests/races/oracle", {}},
      {"tests/rules/model", {}},
      {"tests/rules/enumerate", {"tests/rules/model"}},
  };
  return table;
}

bool Layer::may_use(std::string_view other) const {
  return name == other || std::ranges::find(grants, other) != grants.end();
}

std::string Layer::target() const {
  std::string target(name);
  std::ranges::replace(target, '/', '_');
  return target;
}

const Layer* find_layer(std::string_view name) {
  const auto found = std::ranges::find(layers(), name, &Layer::name);
  return found == layers().end() ? nullptr : &*found;
}

const Layer* layer_of_target(std::string_view target) {
  const auto found = std::ranges::find(layers(), target, &Layer::target);
  return found == layers().end() ? nullptr : &*found;
}

}  // namespace cacherace::tidy
