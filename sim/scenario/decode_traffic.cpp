// Traffic: what run simulates.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/scenario/decode.hpp"
#include "sim/scenario/decode_values.hpp"

namespace cacherace::scenario {

namespace {

constexpr std::size_t flows_max = 64;
constexpr std::size_t incidents_max = 1000;
constexpr std::uint32_t flow_clients_max = 1'000'000;

constexpr auto arrival_names = std::to_array<Spelling<Arrivals>>(
    {{"poisson", Arrivals::poisson}, {"constant", Arrivals::constant}});

constexpr auto trace_formats =
    std::to_array<Spelling<Trace::Format>>({{"twitter", Trace::Format::twitter},
                                            {"oracleGeneral", Trace::Format::oracle_general},
                                            {"plain", Trace::Format::plain}});

constexpr auto flow_keys = std::to_array<Spelling<FlowKeys>>(
    {{"popular", FlowKeys::popular}, {"absent", FlowKeys::absent}, {"random", FlowKeys::random}});

constexpr auto prefills = std::to_array<Spelling<bool>>({{"none", false}, {"all", true}});

template <typename T>
Deed deed_of() {
  return T{};
}

constexpr auto bare_deeds =
    std::to_array<Spelling<Deed (*)()>>({{"flush", deed_of<Flush>},
                                         {"change-key-format", deed_of<ChangeKeyFormat>},
                                         {"cache-restart", deed_of<CacheRestart>}});

// What a flow sends: "rate", "clients" or "trace" decides, each with its companion.
void flow_load(Fields& fields, const Node& node, Flow& out, Collector& problems) {
  OpenLoop open;
  ClosedLoop closed;
  Trace trace;
  const Node* by_rate = fields.get("rate");
  const Node* by_clients = fields.get("clients");
  const Node* by_trace = fields.get("trace");
  const int given = (by_rate != nullptr) + (by_clients != nullptr) + (by_trace != nullptr);
  if (given != 1 && fields.is_object()) {
    problems.shape(node, R"(expected "rate", "clients" or "trace", one of the three)",
                   R"(add "rate": "2000/s")");
  }
  const auto companion = [&](std::string_view key, std::string_view of, const Node* master) {
    const Node* at = fields.get(key);
    if (at == nullptr || master != nullptr) return;
    problems.add(Problem::Kind::shape, at->key_place, pointer_to(*at),
                 fmt::format("{} goes with {}, which is missing", in_quotes(key), in_quotes(of)),
                 "");
  };
  companion("arrivals", "rate", by_rate);
  companion("think", "clients", by_clients);
  companion("format", "trace", by_trace);
  fields.read("rate", open.rate, rate);
  fields.read("arrivals", open.arrivals, one_of(arrival_names, "kind of arrivals"));
  fields.read("clients", closed.clients, count<std::uint32_t>(1, flow_clients_max));
  fields.read("think", closed.think, latency);
  const Node* replayed = fields.read("trace", trace.path, label);
  fields.read("format", trace.format, one_of(trace_formats, "trace format"));
  if (replayed != nullptr) {
    problems.unsupported(*replayed, "\"trace\" is not supported yet", "use \"rate\" for now");
  }
  if (by_rate != nullptr) out.load = open;
  if (by_clients != nullptr) out.load = closed;
  if (by_trace != nullptr) out.load = trace;
}

void check_window(const Flow& flow, const Node* from, const Node* to, Duration duration,
                  Collector& problems) {
  if (to != nullptr && *flow.to > duration) {
    problems.meaning(*to, "\"to\" is after the end of the run",
                     "raise \"duration\" or leave it out");
  }
  if (from != nullptr && *flow.from >= duration) {
    problems.meaning(*from, "\"from\" is not before the end of the run", "raise \"duration\"");
  }
  if (from != nullptr && to != nullptr && *flow.from >= *flow.to) {
    problems.meaning(*to, "\"to\" is not after \"from\"", "");
  }
}

Flow flow(const Node& node, Duration duration_of_run, Collector& problems) {
  Flow out;
  Fields fields(node, problems, R"({ "name": "web", "rate": "2000/s" })");
  fields.need("name", out.name, label, R"("web")");
  flow_load(fields, node, out, problems);
  fields.read("reads", out.reads, share);
  fields.read("keys", out.keys, one_of(flow_keys, "kind of keys"));
  const Node* from = fields.read("from", out.from, duration);
  const Node* to = fields.read("to", out.to, duration);
  check_window(out, from, to, duration_of_run, problems);
  return out;
}

// A decoder of flows of a run that takes `duration`.
auto flows(Duration duration) {
  return [duration](const Node& node, Collector& problems) -> std::optional<std::vector<Flow>> {
    if (node.type != Node::Type::array || node.children.empty() ||
        node.children.size() > flows_max) {
      problems.mismatch(node, fmt::format("an array of 1 to {} flows", flows_max),
                        R"([{ "name": "web", "rate": "2000/s" }])");
      return std::nullopt;
    }
    std::vector<Flow> out;
    for (const Node* child : node.children) {
      Flow decoded = flow(*child, duration, problems);
      const bool taken = std::any_of(out.begin(), out.end(), [&](const Flow& other) {
        return !decoded.name.empty() && other.name == decoded.name;
      });
      if (taken) {
        problems.meaning(*child->find("name"),
                         fmt::format("two flows are called {}", in_quotes(decoded.name)),
                         "give each its own name");
      }
      out.push_back(std::move(decoded));
    }
    return out;
  };
}

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
    problems.meaning(*warmup, "\"warmup\" takes the whole run; nothing would be measured",
                     "raise \"duration\"");
  }
  fields.read("prefill", out.prefill, one_of(prefills, "prefill"));
  fields.read("flows", out.flows, flows(out.duration));
  fields.read("incidents", out.incidents, incidents(out.duration));
  return out;
}

}  // namespace cacherace::scenario
