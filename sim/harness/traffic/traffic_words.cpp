#include "sim/harness/traffic/traffic_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/duration_text.hpp"
#include "sim/harness/input/selection.hpp"

namespace cacherace::harness {
namespace {

std::string percent(Share share) {
  return fmt::format("{:g} %", static_cast<double>(share.billionths) / 1e7);
}

std::string says(const scenario::Flush& flush) {
  return flush.share.billionths < Decimal::one ? percent(flush.share) + " of the keys flushed"
                                               : "flush";
}
std::string says(const scenario::CacheRestart&) { return "cache restart"; }
std::string says(const scenario::KeysCommand& keys) { return "KEYS " + keys.pattern; }
std::string says(const scenario::SetTtl& change) {
  return "TTL set to " + duration_text(change.ttl);
}
std::string says(const scenario::ChangeKeyFormat&) { return "key format changed"; }
std::string says(const scenario::Bypass& bypass) {
  return fmt::format("{} of the reads bypass the cache", percent(bypass.share));
}
std::string says(const scenario::InvalidateGroup& group) {
  return fmt::format("group {} invalidated", group.group);
}

std::string says(const scenario::CacheDown&) { return "cache down: commands are refused"; }
std::string says(const scenario::CacheSilent&) { return "cache silent: no command is answered"; }
std::string says(const scenario::CacheSlow& slow) {
  return fmt::format("cache slower by {}", duration_text(slow.by));
}
std::string says(const scenario::DatabaseDown&) { return "database down: queries are rejected"; }
std::string says(const scenario::DatabaseCapacity& capacity) {
  return fmt::format("database with {} of its capacity", percent(capacity.share));
}
std::string says(const scenario::Admit& admit) {
  return fmt::format("{} of the operations let in", percent(admit.share));
}

std::string says(const scenario::Incident& incident) {
  auto text = std::visit([](const auto& deed) { return says(deed); }, incident.deed);
  if (incident.lasts) text += fmt::format(", for {}", duration_text(*incident.lasts));
  return text;
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
        {.at = incident.at, .says = says(incident)});
  return result;
}

std::vector<std::string> traffic_notes(const scenario::Scenario& scenario) {
  if (describes(scenario, "traffic")) return {};
  return {"the scenario describes no traffic: this is the default traffic"};
}

}  // namespace cacherace::harness
