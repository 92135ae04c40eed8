// The flows of traffic: open loops, closed loops and traces.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/decode/decode_form.hpp"
#include "sim/scenario/decode/decode_values.hpp"

namespace cacherace::scenario {

namespace {

constexpr std::size_t flows_max = 64;
constexpr std::uint32_t clients_max = 1'000'000;
constexpr std::int64_t speed_max = 1'000'000;
constexpr Duration phase_min = 1ms;

constexpr auto phase_names = std::to_array<Spelling<BurstyArrivals::Phases>>(
    {{"fixed", BurstyArrivals::Phases::fixed},
     {"exponential", BurstyArrivals::Phases::exponential}});

constexpr auto trace_formats =
    std::to_array<Spelling<Trace::Format>>({{"twitter", Trace::Format::twitter},
                                            {"oracleGeneral", Trace::Format::oracle_general},
                                            {"redis-monitor", Trace::Format::redis_monitor},
                                            {"plain", Trace::Format::plain}});

constexpr auto row_choices = std::to_array<Spelling<Trace::Rows>>(
    {{"distinct", Trace::Rows::distinct}, {"hashed", Trace::Rows::hashed}});

constexpr auto flow_keys = std::to_array<Spelling<FlowKeys>>(
    {{"popular", FlowKeys::popular}, {"absent", FlowKeys::absent}, {"random", FlowKeys::random}});

// ---- arrivals ----------------------------------------------------------------------------------

std::optional<Duration> phase_length(const Node& node, Collector& problems) {
  const auto length = duration(node, problems);
  if (!length || *length >= phase_min) return length;
  problems.meaning(node, "a phase takes at least 1ms",
                   R"(for a steady flow write "arrivals": "poisson")");
  return std::nullopt;
}

Arrivals bursty(Fields& options, Collector& /*problems*/) {
  BurstyArrivals out;
  options.need("on", out.on, phase_length, R"("1s")");
  options.need("off", out.off, phase_length, R"("9s")");
  options.read("phases", out.phases, one_of(phase_names, "kind of phases"));
  return out;
}

// Its course is sampled at whole nanoseconds.
std::optional<Duration> period(const Node& node, Collector& problems) {
  const auto length = duration(node, problems);
  if (!length || *length >= phase_min) return length;
  problems.meaning(node, "a period takes at least 1ms",
                   R"(for a steady flow write "arrivals": "poisson")");
  return std::nullopt;
}

// Above 2 the trough would be below nothing, for peak and trough lie alike around the mean.
std::optional<Decimal> peak(const Node& node, Collector& problems) {
  const auto over_mean = decimal(node, problems, 2);
  if (!over_mean || over_mean->billionths >= Decimal::one) return over_mean;
  problems.meaning(node, "a peak is at least 1, the mean", "write a number from 1 to 2");
  return std::nullopt;
}

Arrivals diurnal(Fields& options, Collector& /*problems*/) {
  DiurnalArrivals out;
  options.read("period", out.period, period);
  options.read("peak", out.peak, peak);
  return out;
}

const auto kinds_of_arrivals = std::to_array<Form<Arrivals>>({
    {"poisson", no_options<Arrivals, PoissonArrivals>},
    {"constant", no_options<Arrivals, ConstantArrivals>},
    {"bursty", bursty, R"({ "on": "1s", "off": "9s" })", true},
    {"diurnal", diurnal, R"({ "period": "24h", "peak": 2 })"},
});

std::optional<Arrivals> arrivals(const Node& node, Collector& problems) {
  return form_of<Arrivals>(kinds_of_arrivals, node, problems);
}

// ---- what a flow sends -------------------------------------------------------------------------

std::optional<Decimal> positive_speed(const Node& node, Collector& problems) {
  const auto speed = decimal(node, problems, speed_max);
  if (!speed || speed->billionths > 0) return speed;
  problems.meaning(node, "the speed must be above 0", "leave it out for the recorded one");
  return std::nullopt;
}

// The system would take it to end there.
std::optional<std::string> file_name(const Node& node, Collector& problems) {
  auto name = label(node, problems);
  if (!name || name->find('\0') == std::string::npos) return name;
  problems.meaning(node, "the name of a file cannot contain \\u0000", "write another name");
  return std::nullopt;
}

// Parts between colons, each a text or a star.
std::optional<std::string> fold_pattern(const Node& node, Collector& problems) {
  auto pattern = label(node, problems);
  if (!pattern) return pattern;
  for (std::size_t from = 0; from <= pattern->size();) {
    const auto to = std::min(pattern->find(':', from), pattern->size());
    const auto part = std::string_view(*pattern).substr(from, to - from);
    if (part.empty() || (part != "*" && part.find('*') != part.npos)) {
      problems.meaning(node, "a pattern has parts between colons, each a text or a single star",
                       R"(write "user:*")");
      return std::nullopt;
    }
    from = to + 1;
  }
  return pattern;
}

// Keys that the chosen kind of flow has no use for.
void check_companions(Fields& fields, Collector& problems) {
  constexpr auto pairs = std::to_array<std::array<std::string_view, 2>>({{"arrivals", "rate"},
                                                                         {"think", "clients"},
                                                                         {"format", "trace"},
                                                                         {"rows", "trace"},
                                                                         {"fold", "trace"},
                                                                         {"speed", "trace"}});
  for (const auto& [key, master] : pairs) {
    const Node* at = fields.get(key);
    if (at == nullptr || fields.get(master) != nullptr) continue;
    problems.add(
        Problem::Kind::shape, at->key_place, pointer_to(*at),
        fmt::format("{} goes with {}, which is missing", in_quotes(key), in_quotes(master)), "");
  }
}

// What the format of a trace says, and so the flow may not.
void check_trace(Fields& fields, const Trace& trace, Collector& problems) {
  const bool timed = trace.format != Trace::Format::plain;
  const auto refuse = [&](std::string_view key, bool wrong, std::string_view fact,
                          std::string_view fix) {
    const Node* at = fields.get(key);
    if (at != nullptr && wrong) problems.meaning(*at, std::string(fact), std::string(fix));
  };
  refuse("rate", timed, "the trace says when its requests arrive",
         R"(leave it out; "speed": 2 replays the trace twice as fast)");
  refuse("speed", !timed, "a plain trace records no times", R"(write "rate" instead)");
  const bool says_what =
      trace.format == Trace::Format::twitter || trace.format == Trace::Format::redis_monitor;
  refuse("reads", says_what, "the trace says which requests are reads", "leave it out");
  refuse("fold", trace.format == Trace::Format::oracle_general, "the trace has numbers as keys",
         "leave it out");
  refuse("mix", trace.format == Trace::Format::twitter, "the trace says what each request is",
         "leave it out");
  refuse("keys", true, "the trace says which keys are asked for", "leave it out");
}

void flow_load(Fields& fields, const Node& node, Flow& out, Collector& problems) {
  OpenLoop open;
  ClosedLoop closed;
  Trace trace;
  const bool by_rate = fields.get("rate") != nullptr;
  const bool by_clients = fields.get("clients") != nullptr;
  const bool by_trace = fields.get("trace") != nullptr;
  if (by_clients == (by_rate || by_trace) && fields.is_object()) {
    problems.shape(node, R"(expected "rate", "clients" or "trace", one of the three)",
                   R"(add "rate": "2000/s")");
  }
  check_companions(fields, problems);
  fields.read("rate", open.rate, rate);
  fields.read("arrivals", open.arrivals, arrivals);
  fields.read("clients", closed.clients, count<std::uint32_t>(1, clients_max));
  fields.read("think", closed.think, latency);
  fields.read("trace", trace.path, file_name);
  fields.read("format", trace.format, one_of(trace_formats, "trace format"));
  fields.read("rows", trace.rows, one_of(row_choices, "mapping from keys to rows"));
  constexpr std::size_t patterns_max = 100;
  const Node* fold = fields.read("fold", trace.fold, json::list_of(fold_pattern));
  if (fold != nullptr && trace.fold.size() > patterns_max)
    problems.mismatch(*fold, fmt::format("an array of at most {} patterns", patterns_max),
                      R"(["user:*"])");
  fields.read("speed", trace.speed, positive_speed);
  if (by_rate) {
    trace.pace = open;
    out.load = open;
  }
  if (by_clients) out.load = closed;
  if (!by_trace) return;
  check_trace(fields, trace, problems);
  out.load = trace;
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
    problems.meaning(*to, "\"to\" is not after \"from\"", "raise \"to\" or lower \"from\"");
  } else if (to != nullptr && *flow.to == Duration::zero()) {
    problems.meaning(*to, "the flow ends before it begins", "raise \"to\" or leave the flow out");
  }
}

// Operations by name and share.
std::optional<std::vector<FlowPart>> mix(const Node& node, Collector& problems) {
  constexpr std::size_t parts_max = 64;
  if (node.type != Node::Type::object || node.children.empty() ||
      node.children.size() > parts_max) {
    problems.mismatch(node,
                      fmt::format("an object of 1 to {} operations and their shares", parts_max),
                      R"({ "read": 0.98, "rename": 0.02 })");
    return std::nullopt;
  }
  std::vector<FlowPart> out;
  std::int64_t sum = 0;
  for (const Node* child : node.children) {
    const auto part = share(*child, problems);
    if (!part) return std::nullopt;
    out.push_back({.operation = child->key, .share = *part});
    sum += part->billionths;
  }
  if (sum == Decimal::one) return out;
  problems.meaning(
      node,
      fmt::format("the shares add up to {:.9g}, not to 1", static_cast<double>(sum) / Decimal::one),
      "change one of them");
  return std::nullopt;
}

Flow flow(const Node& node, Duration duration_of_run, Collector& problems) {
  Flow out;
  Fields fields(node, problems, R"({ "name": "web", "rate": "2000/s" })");
  fields.need("name", out.name, label, R"("web")");
  flow_load(fields, node, out, problems);
  fields.read("reads", out.reads, share);
  if (fields.read("mix", out.mix, mix) != nullptr) {
    if (const Node* reads = fields.get("reads"))
      problems.meaning(*reads, "\"mix\" says how many are reads", "leave one of the two out");
    out.reads = {};
    for (const FlowPart& part : out.mix)
      if (part.operation == "read") out.reads = part.share;
  }
  fields.read("keys", out.keys, one_of(flow_keys, "kind of keys"));
  const Node* from = fields.read("from", out.from, duration);
  const Node* to = fields.read("to", out.to, duration);
  check_window(out, from, to, duration_of_run, problems);
  return out;
}

}  // namespace

std::optional<std::vector<Flow>> flows(const Node& node, Duration duration, Collector& problems) {
  if (node.type != Node::Type::array || node.children.empty() || node.children.size() > flows_max) {
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
}

}  // namespace cacherace::scenario
