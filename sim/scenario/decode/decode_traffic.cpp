// Traffic: what run simulates.

#include <fmt/format.h>

#include <array>

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

std::optional<Deed> deed(const Node& node, Collector& problems) {
  if (node.type == Node::Type::string) {
    const auto make = one_of(bare_deeds, "incident")(node, problems);
    return make ? std::optional((*make)()) : std::nullopt;
  }
  if (node.type != Node::Type::object || node.children.size() != 1) {
    problems.mismatch(node, "the name of an incident, or an object with one incident",
                      R"("flush")");
    return std::nullopt;
  }
  KeysCommand keys;
  SetTtl set_ttl;
  Bypass bypass;
  InvalidateGroup invalidate;
  Fields fields(node, problems, "");
  std::optional<Deed> out;
  if (fields.read("keys", keys.pattern, label) != nullptr) out = keys;
  if (fields.read("set-ttl", set_ttl.ttl, positive_duration) != nullptr) out = set_ttl;
  if (fields.read("bypass", bypass.share, share) != nullptr) out = bypass;
  const auto group = count<std::uint32_t>(0, groups_max);
  if (fields.read("invalidate-group", invalidate.group, group) != nullptr) out = invalidate;
  return out;
}

Incident incident(const Node& node, Duration duration_of_run, Collector& problems) {
  Incident out;
  Fields fields(node, problems, R"({ "at": "5min", "do": "flush" })");
  const Node* when = fields.need("at", out.at, duration, R"("5min")");
  if (when != nullptr && out.at > duration_of_run) {
    problems.meaning(*when, "\"at\" is after the end of the run", "raise \"duration\"");
  }
  fields.need("do", out.deed, deed, R"("flush")");
  return out;
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
