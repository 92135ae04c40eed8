#include "sim/harness/traffic/traffic_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/duration_text.hpp"
#include "sim/harness/input/selection.hpp"

namespace cacherace::harness {
namespace {

std::string says(const scenario::Flush&) { return "flush"; }
std::string says(const scenario::CacheRestart&) { return "cache restart"; }
std::string says(const scenario::KeysCommand& keys) { return "KEYS " + keys.pattern; }
std::string says(const scenario::SetTtl& change) {
  return "TTL set to " + duration_text(change.ttl);
}
std::string says(const scenario::ChangeKeyFormat&) { return "key format changed"; }
std::string says(const scenario::Bypass& bypass) {
  const double percent = static_cast<double>(bypass.share.billionths) / 1e7;
  return fmt::format("{:g} % of the reads bypass the cache", percent);
}
std::string says(const scenario::InvalidateGroup& group) {
  return fmt::format("group {} invalidated", group.group);
}

double seconds(Duration duration) { return static_cast<double>(duration.count()) / 1e9; }

}  // namespace

report::Traffic describe_traffic(const scenario::Scenario& scenario, std::uint32_t replicates) {
  const auto& traffic = scenario.traffic;
  report::Traffic result{.says = {}, .duration = traffic.duration, .warmup = traffic.warmup};
  result.says =
      fmt::format("traffic of {:g} s, measured after {:g} s · {} key{} · {} replicate{}",
                  seconds(traffic.duration), seconds(traffic.warmup), scenario.keys.count,
                  scenario.keys.count == 1 ? "" : "s", replicates, replicates == 1 ? "" : "s");
  for (const auto& incident : traffic.incidents)  // at the same moment, in the file's order
    result.incidents.insert(
        std::upper_bound(result.incidents.begin(), result.incidents.end(), incident,
                         [](const auto& a, const auto& b) { return a.at < b.at; }),
        {.at = incident.at,
         .says = std::visit([](const auto& deed) { return says(deed); }, incident.deed)});
  return result;
}

std::vector<std::string> traffic_notes(const scenario::Scenario& scenario) {
  if (describes(scenario, "traffic")) return {};
  return {"the scenario describes no traffic: this is the default traffic"};
}

}  // namespace cacherace::harness
