#include "sim/scenario/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "sim/core/digest.hpp"
#include "sim/scenario/decode.hpp"
#include "sim/scenario/decode_values.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/json_text.hpp"

namespace cacherace::scenario {

namespace {

bool no_time(const Latency& latency) { return longest(latency) == Duration::zero(); }

// A closed loop whose operations can take no time would repeat them for ever at one moment: reads
// that hit, and writes that the database commits or rejects at once.
void check_progress(const Node& root, const Scenario& scenario, Collector& problems) {
  const Node* traffic = root.find("traffic");
  const Node* flows = traffic == nullptr ? nullptr : traffic->find("flows");
  if (flows == nullptr || flows->children.size() != scenario.traffic.flows.size()) return;
  for (std::size_t i = 0; i < scenario.traffic.flows.size(); ++i) {
    const Flow& flow = scenario.traffic.flows[i];
    const auto* closed = std::get_if<ClosedLoop>(&flow.load);
    if (closed == nullptr || !no_time(closed->think)) continue;
    const bool writes = flow.reads.billionths < Decimal::one;
    const char* instant = no_time(scenario.cache.latency)              ? "cache/latency"
                          : writes && no_time(scenario.database.write) ? "database/write"
                                                                       : nullptr;
    if (instant == nullptr) continue;
    problems.meaning(*flows->children[i],
                     fmt::format("time could stand still: \"think\" and \"{}\" take none", instant),
                     "give one of them a latency above 0");
  }
}

}  // namespace

std::optional<Scenario> scenario(const Node& root, Collector& problems) {
  Scenario out;
  std::string schema;
  Fields fields(root, problems, "{}");
  fields.read("$schema", schema, text);
  fields.read("title", out.title, text);
  fields.read("story", out.story, text);
  fields.read("source", out.source, text);
  fields.read("seed", out.seed, count<std::uint64_t>(0, std::numeric_limits<std::uint64_t>::max()));
  fields.read("cache", out.cache, cache_settings);
  fields.read("database", out.database, database_settings);
  fields.read("clients", out.clients, client_settings);
  fields.read("keys", out.keys, key_settings);
  fields.read("strategies", out.strategies, strategies);
  fields.read("race", out.race, race);
  fields.read("traffic", out.traffic, traffic);
  fields.read("expect", out.expectations, expectations);
  if (fields.get("strategies") == nullptr) {
    out.strategies.emplace_back();
    out.strategies.back().name = "cache-aside";
  }
  check_expectations(root, problems);
  check_progress(root, out, problems);
  Digest digest;
  out.json = dump(root);
  digest.add(out.json);
  out.digest = digest.hex();
  return out;
}

Result<Scenario> load(std::string_view text, std::string_view file) {
  Collector problems(file);
  const auto document = parse_json(text, problems);
  if (!document) return problems.take();
  auto decoded = scenario(document->root(), problems);
  if (!problems.empty()) return problems.take();
  decoded->file = file;
  return *std::move(decoded);
}

}  // namespace cacherace::scenario
