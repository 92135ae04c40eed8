#include "sim/report/print/bench_outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/report/text/color.hpp"
#include "sim/report/text/table.hpp"

namespace cacherace::report {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

std::string rate(double per_second) {
  return with_commas(static_cast<std::uint64_t>(std::llround(per_second)));
}

// Four significant digits: there is no more in a measurement.
Json number(double value) { return std::strtod(fmt::format("{:.4g}", value).c_str(), nullptr); }

std::string table(Row heading, const std::vector<Row>& rows, std::size_t texts) {
  std::vector<Align> columns(heading.size(), Align::right);
  std::fill_n(columns.begin(), texts, Align::left);
  Table table(std::move(columns));
  table.add(std::move(heading));
  for (const Row& row : rows) table.add(row);
  return table.render("  ") + "\n";
}

std::string traffic_text(const Bench& bench) {
  std::vector<Row> rows;
  for (const auto& traffic : bench.traffic)
    rows.push_back({traffic.name, rate(traffic.operations_per_s), rate(traffic.effects_per_s),
                    rate(traffic.peer_operations_per_s), fmt::format("{:.2f}", traffic.ratio),
                    traffic.says});
  Table table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::left});
  table.add({"traffic", "operations/s", "effects/s", "peer operations/s", "ratio", ""});
  for (auto& row : rows) table.add(std::move(row));
  return table.render("  ") + "\n";
}

std::string agenda_text(const Bench& bench) {
  std::vector<Row> rows;
  for (const auto& agenda : bench.agenda)
    rows.push_back({with_commas(agenda.pending), fmt::format("{:.1f}", agenda.ns_per_event),
                    fmt::format("{:.1f}", agenda.peer_ns_per_event),
                    fmt::format("{:.2f}", agenda.ratio)});
  return table({"pending moments", "ns/event", "peer ns/event", "ratio"}, rows, 0);
}

std::string search_text(const Bench& bench) {
  std::vector<Row> rows;
  for (const auto& search : bench.search)
    rows.push_back({search.race, search.symmetry ? "yes" : "no", with_commas(search.states),
                    rate(search.states_per_s)});
  return table({"search", "symmetry", "states", "states/s"}, rows, 2);
}

}  // namespace

std::string to_text(const Bench& bench, const TextStyle& style) {
  std::string text = fmt::format("Speed of cacherace {} on this machine: {}, medians\n\n", version,
                                 counted(bench.rounds, "round"));
  if (!bench.traffic.empty()) text += traffic_text(bench);
  if (!bench.agenda.empty()) text += agenda_text(bench);
  if (!bench.search.empty()) text += search_text(bench);
  text +=
      "  peer: the same effects in the same order, by std::priority_queue and std::function.\n"
      "  Times differ from run to run; compare ratios.\n";
  if (!bench.complete) text += paint("\n  interrupted: incomplete\n", Color::yellow, style);
  return text;
}

std::string to_json(const Bench& bench) {
  Json traffic = Json::array(), agenda = Json::array(), search = Json::array();
  for (const auto& one : bench.traffic)
    traffic.push_back({{"name", one.name},
                       {"description", one.says},
                       {"operations", one.operations},
                       {"effects", one.effects},
                       {"operations_per_s", number(one.operations_per_s)},
                       {"effects_per_s", number(one.effects_per_s)},
                       {"peer_operations_per_s", number(one.peer_operations_per_s)},
                       {"ratio", number(one.ratio)}});
  for (const auto& one : bench.agenda)
    agenda.push_back({{"pending", one.pending},
                      {"ns_per_event", number(one.ns_per_event)},
                      {"peer_ns_per_event", number(one.peer_ns_per_event)},
                      {"ratio", number(one.ratio)}});
  for (const auto& one : bench.search)
    search.push_back({{"race", one.race},
                      {"symmetry", one.symmetry},
                      {"states", one.states},
                      {"states_per_s", number(one.states_per_s)}});
  const Json json{{"cacherace", version},   {"kind", "bench"},    {"complete", bench.complete},
                  {"rounds", bench.rounds}, {"traffic", traffic}, {"agenda", agenda},
                  {"search", search}};
  return json.dump(2) + "\n";
}

}  // namespace cacherace::report
