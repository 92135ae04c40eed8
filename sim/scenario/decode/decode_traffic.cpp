// Traffic: what run simulates.

#include <fmt/format.h>

#include <array>

#include "sim/core/duration_text.hpp"
#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/decode/decode_values.hpp"

namespace cacherace::scenario {

namespace {

constexpr std::size_t incidents_max = 1000;

constexpr auto prefills = std::to_array<Spelling<bool>>({{"none", false}, {"all", true}});

template <typename T>
Deed deed_of() {
  return T{};
}

constexpr auto bare_deeds =
    std::to_array<Spelling<Deed (*)()>>({{"flush", deed_of<Flush>},
                                         {"change-key-format", deed_of<ChangeKeyFormat>},
                                         {"cache-restart", deed_of<CacheRestart>}});

// A share of keys, servers or operations that is not nothing.
std::optional<Share> some_share(const Node& node, Collector& problems) {
  const auto some = share(node, problems);
  if (!some || some->billionths > 0) return some;
  problems.meaning(node, "the share must be above 0", "write \"1%\" or more");
  return std::nullopt;
}

std::optional<Incident> incident_with_parameter(const Node& node, Collector& problems) {
  if (node.type != Node::Type::object || node.children.size() != 1) {
    problems.mismatch(node, "the name of an incident, or an object with one incident",
                      R"("flush")");
    return std::nullopt;
  }
  Fields fields(node, problems, "");
  std::optional<Incident> out;
  // An outage states how long it lasts; of the others the parameter is a setting.
  const auto outage = [&](std::string_view name, const Deed& deed) {
    Duration time{};
    if (fields.read(name, time, positive_duration) != nullptr)
      out = Incident{.deed = deed, .lasts = time};
  };
  const auto with = [&](std::string_view name, auto deed, auto member, const auto& decode) {
    if (fields.read(name, deed.*member, decode) != nullptr) out = Incident{.deed = deed};
  };
  with("keys", KeysCommand{}, &KeysCommand::pattern, label);
  with("set-ttl", SetTtl{}, &SetTtl::ttl, positive_duration);
  with("bypass", Bypass{}, &Bypass::share, share);
  with("invalidate-group", InvalidateGroup{}, &InvalidateGroup::group,
       count<std::uint32_t>(0, groups_max));
  with("flush", Flush{}, &Flush::share, some_share);
  outage("cache-down", CacheDown{});
  outage("cache-silent", CacheSilent{});
  with("cache-slow", CacheSlow{}, &CacheSlow::by, positive_duration);
  outage("database-down", DatabaseDown{});
  with("database-capacity", DatabaseCapacity{}, &DatabaseCapacity::share, some_share);
  with("admit", Admit{}, &Admit::share, share);
  return out;
}

std::optional<Incident> what_happens(const Node& node, Collector& problems) {
  if (node.type != Node::Type::string) return incident_with_parameter(node, problems);
  const auto make = one_of(bare_deeds, "incident")(node, problems);
  return make ? std::optional(Incident{.deed = (*make)()}) : std::nullopt;
}

Incident incident(const Node& node, Duration duration_of_run, Collector& problems) {
  Incident out;
  Fields fields(node, problems, R"({ "at": "5min", "do": "flush" })");
  Duration at{};
  const Node* when = fields.need("at", at, duration, R"("5min")");
  if (when != nullptr && at > duration_of_run) {
    problems.meaning(*when, "\"at\" is after the end of the run", "raise \"duration\"");
  }
  const Node* deed = fields.need("do", out, what_happens, R"("flush")");
  out.at = at;
  const bool says_how_long = out.lasts.has_value();
  const Node* lasts = fields.read("for", out.lasts, positive_duration);
  if (lasts == nullptr || deed == nullptr) return out;
  if (says_how_long)
    problems.meaning(*lasts, "the outage itself says how long it lasts", "leave \"for\" out");
  else if (!end_of(out.deed))
    problems.meaning(*lasts, "nothing ends this incident", "leave \"for\" out");
  return out;
}

// An end would end the later one, too.
void check_overlaps(const Node& node, const std::vector<Incident>& incidents, Collector& problems) {
  for (std::size_t i = 0; i < incidents.size(); ++i)
    for (std::size_t j = 0; j < incidents.size(); ++j) {
      const Incident& first = incidents[i];
      const Incident& second = incidents[j];
      const bool in_order = first.at < second.at || (first.at == second.at && i < j);
      if (!in_order || !first.lasts || first.deed.index() != second.deed.index()) continue;
      if (second.at - first.at >= *first.lasts) continue;
      problems.meaning(
          *node.children[j],
          fmt::format("it begins before the same incident of {} has ended", written(first.at)),
          "make one incident of both, or let them follow one another");
    }
}

// A decoder of the incidents of a run that takes `duration`.
auto incidents(Duration duration) {
  return [duration](const Node& node, Collector& problems) -> std::optional<std::vector<Incident>> {
    if (node.type != Node::Type::array || node.children.size() > incidents_max) {
      problems.mismatch(node, fmt::format("an array of at most {} incidents", incidents_max),
                        R"([{ "at": "5min", "do": "flush" }])");
      return std::nullopt;
    }
    std::vector<Incident> out;
    for (const Node* child : node.children) out.push_back(incident(*child, duration, problems));
    check_overlaps(node, out, problems);
    return out;
  };
}

}  // namespace

std::optional<Traffic> traffic(const Node& node, Collector& problems) {
  Traffic out;
  Fields fields(node, problems, R"({ "flows": [{ "name": "web", "rate": "2000/s" }] })");
  fields.read("duration", out.duration, positive_duration);
  const Node* warmup = fields.read("warmup", out.warmup, duration);
  if (warmup != nullptr && out.warmup >= out.duration) {
    problems.meaning(*warmup, "\"warmup\" takes the whole run, so nothing would be measured",
                     "raise \"duration\"");
  }
  const Node* peak_window = fields.read("peak_window", out.peak_window, positive_duration);
  if (peak_window != nullptr && out.warmup < out.duration &&
      out.peak_window > out.duration - out.warmup) {
    problems.meaning(*peak_window, "\"peak_window\" is longer than what is measured",
                     "lower it or raise \"duration\"");
  }
  fields.read("prefill", out.prefill, one_of(prefills, "prefill"));
  fields.read("flows", out.flows, [&](const Node& flow_nodes, Collector& collector) {
    return flows(flow_nodes, out.duration, collector);
  });
  fields.read("incidents", out.incidents, incidents(out.duration));
  return out;
}

}  // namespace cacherace::scenario
