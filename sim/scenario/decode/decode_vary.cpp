// The section "vary": ranges for a property-based search.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/quantity.hpp"
#include "sim/scenario/vary.hpp"

namespace cacherace::scenario {

namespace {

constexpr std::uint32_t count_max = 64;
constexpr std::uint32_t fault_max = 100;

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<CountRange> count_range_from_text(const Node& node, Collector& problems,
                                                CountRange within) {
  const std::size_t dots = node.text.find("..");
  const std::string_view first = std::string_view(node.text).substr(0, dots);
  const std::string_view last =
      dots == std::string::npos ? "" : std::string_view(node.text).substr(dots + 2);
  if (!is_digits(first) || !is_digits(last)) {
    problems.mismatch(node, "a range such as \"1..3\"", R"("1..3")");
    return std::nullopt;
  }
  const auto min = parse_multiple(first, 1), max = parse_multiple(last, 1);
  const bool counts = min.fault == Fault::none && max.fault == Fault::none;
  if (!counts || min.value < within.min || max.value > within.max || min.value > max.value) {
    problems.meaning(node,
                     fmt::format("{} is not a range within {} to {}", in_quotes(node.text),
                                 within.min, within.max),
                     "write the smaller number first, and keep within these");
    return std::nullopt;
  }
  return CountRange{static_cast<std::uint32_t>(min.value), static_cast<std::uint32_t>(max.value)};
}

// A decoder of "1..3", and of 2 for "2..2".
auto count_range(std::uint32_t min, std::uint32_t max) {
  return [min, max](const Node& node, Collector& problems) -> std::optional<CountRange> {
    if (node.type == Node::Type::string) return count_range_from_text(node, problems, {min, max});
    const auto value = count<std::uint32_t>(min, max)(node, problems);
    return value ? std::optional<CountRange>({*value, *value}) : std::nullopt;
  };
}

std::optional<std::pair<Faults, Faults>> fault_ranges(const Node& node, Collector& problems,
                                                      const Faults& own) {
  std::pair<Faults, Faults> out{{}, own};
  Fields fields(node, problems, R"({ "crash": "0..1" })");
  const auto read = [&](std::string_view name, std::uint32_t Faults::* fault) {
    CountRange range{0, own.*fault};
    fields.read(name, range, count_range(0, fault_max));
    out.first.*fault = range.min;
    out.second.*fault = range.max;
  };
  read("crash", &Faults::crash);
  read("evict", &Faults::evict);
  read("lose", &Faults::lose);
  read("flush", &Faults::flush);
  read("cache-restart", &Faults::cache_restart);
  return out;
}

std::optional<DurationRange> varied_range(const Node& node, Collector& problems) {
  if (node.type == Node::Type::string)
    if (const auto range = duration_range(node.text)) return range;
  if (node.type == Node::Type::object) {
    problems.mismatch(node, "a range of durations such as \"1s..60s\"", R"("1s..60s")");
  } else {
    latency(node, problems);  // knows what is wrong with it
  }
  return std::nullopt;
}

std::optional<std::vector<VariedDuration>> durations(const Node& node, Collector& problems) {
  std::vector<VariedDuration> out;
  if (node.type != Node::Type::object) {
    problems.mismatch(node, "an object from JSON pointers to ranges",
                      R"({ "/cache/latency": "200us..5ms" })");
    return std::nullopt;
  }
  for (const Node* child : node.children)
    if (const auto within = varied_range(*child, problems)) out.push_back({child->key, *within});
  return out;
}

bool matters_to_a_race(std::string_view pointer) {
  constexpr std::array<std::string_view, 5> sections{"/cache/", "/database/", "/clients/",
                                                     "/strategies/", "/race/"};
  return std::any_of(sections.begin(), sections.end(),
                     [&](std::string_view section) { return pointer.starts_with(section); });
}

void check_pointer(const Node& root, const Node& varied, Collector& problems) {
  constexpr std::string_view fix =
      "give the JSON pointer of a duration that it states: /strategies/NAME/expiry/ttl";
  const auto report = [&](std::string fact) {
    problems.add(Problem::Kind::meaning, varied.key_place, json::pointer_to(varied),
                 std::move(fact), std::string(fix));
  };
  const Node* place = json::find_pointer(root, varied.key);
  if (!matters_to_a_race(varied.key))
    report(fmt::format("{} is not a place that a race depends on", in_quotes(varied.key)));
  else if (place == nullptr || place->type != Node::Type::string || !duration_range(place->text))
    report(fmt::format("the scenario states no duration at {}", in_quotes(varied.key)));
}

}  // namespace

Vary default_vary(const Race& race) {
  Vary out;
  std::set<std::string_view> rows;
  std::uint32_t clients = 0;
  for (const RaceClient& client : race.clients) {
    clients += client.count;
    out.operations.max = std::max(out.operations.max, std::uint32_t(client.operations.size()));
    for (const Operation& operation : client.operations) rows.insert(key_name(operation.key).row);
  }
  rows.erase("");
  out.clients.max = std::max(out.clients.max, std::min(clients, count_max));
  out.keys.max = std::clamp(std::uint32_t(rows.size()), out.keys.max, count_max);
  out.faults_max = race.faults == Faults{} ? Faults{.crash = 1, .evict = 1} : race.faults;
  return out;
}

std::optional<DurationRange> duration_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto min = parse_duration(text.substr(0, dots));
  const auto max = dots == std::string_view::npos ? min : parse_duration(text.substr(dots + 2));
  if (min.fault != Fault::none || max.fault != Fault::none || min.value > max.value)
    return std::nullopt;
  return DurationRange{min.value, max.value};
}

std::optional<Vary> vary(const Node& node, Collector& problems, const Race& race) {
  Vary out = default_vary(race);
  std::pair<Faults, Faults> faults{out.faults_min, out.faults_max};
  Fields fields(node, problems, R"({ "clients": "1..3" })");
  fields.read("clients", out.clients, count_range(1, count_max));
  fields.read("operations", out.operations, count_range(1, count_max));
  fields.read("keys", out.keys, count_range(1, count_max));
  fields.read("faults", faults, [&](const Node& at, Collector& found) {
    return fault_ranges(at, found, race.faults);
  });
  fields.read("durations", out.durations, durations);
  std::tie(out.faults_min, out.faults_max) = faults;
  return out;
}

void check_vary(const Node& root, Collector& problems) {
  const Node* vary = root.find("vary");
  const Node* varied = vary == nullptr ? nullptr : vary->find("durations");
  if (varied == nullptr || varied->type != Node::Type::object) return;
  for (const Node* child : varied->children) check_pointer(root, *child, problems);
}

}  // namespace cacherace::scenario
