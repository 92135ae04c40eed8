#include "sim/scenario/file/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "sim/core/digest.hpp"
#include "sim/json/parse.hpp"
#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/decode/decode_values.hpp"

namespace cacherace::scenario {

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
  out.vary = default_vary(out.race);
  fields.read("vary", out.vary,
              [&](const Node& node, Collector& found) { return vary(node, found, out.race); });
  fields.read("traffic", out.traffic, traffic);
  fields.read("expect", out.expectations, expectations);
  fields.read("goal", out.goal, goal);
  if (fields.get("strategies") == nullptr) {
    out.strategies.emplace_back();
    out.strategies.back().name = "cache-aside";
  }
  check_expectations(root, problems);
  check_sections(root, out, problems);
  check_vary(root, problems);
  Digest digest;
  out.json = dump(root);
  digest.add(out.json);
  out.digest = digest.hex();
  return out;
}

Result<Scenario> load(std::string_view text, std::string_view file) {
  Collector problems(file);
  const auto document = json::parse(text, problems);
  if (!document) return problems.take();
  auto decoded = scenario(document->root(), problems);
  if (!problems.empty()) return problems.take();
  decoded->file = file;
  return *std::move(decoded);
}

}  // namespace cacherace::scenario
