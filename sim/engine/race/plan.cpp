#include "sim/engine/race/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/core/assert.hpp"

namespace cacherace::engine {
namespace {

Key row_of(const std::vector<std::string>& rows, std::string_view name) {
  return static_cast<Key>(std::find(rows.begin(), rows.end(), name) - rows.begin());
}

Planned planned(const scenario::Operation& operation, Key key) {
  using Kind = scenario::Operation::Kind;
  Planned out{.kind = operation.kind, .key = key};
  if (operation.kind != Kind::call) return out;
  out.function = operation.function;
  if (!operation.key.empty()) out.arguments.push_back(operation.key);
  out.arguments.insert(out.arguments.end(), operation.more.begin(), operation.more.end());
  return out;
}

}  // namespace

std::string Plan::key_name(Key key) const {
  const auto count = static_cast<Key>(rows.size());
  const std::string& row = rows[key % count];
  return key < count ? row : fmt::format("{}#{}", row, key / count);
}

std::string Plan::operation_name(const Planned& operation) const {
  using Kind = scenario::Operation::Kind;
  switch (operation.kind) {
    case Kind::read:
      return "read " + key_name(operation.key);
    case Kind::write:
      return "write " + key_name(operation.key);
    case Kind::evict:
      return "evict " + key_name(operation.key);
    case Kind::call: {
      std::string text = operation.function;
      for (const std::string& argument : operation.arguments) text += " " + argument;
      return text;
    }
    case Kind::flush:
      return "flush";
    case Kind::cache_restart:
      return "cache-restart";
  }
  SIM_ASSERT(false);
  return "";
}

Plan plan(const scenario::Scenario& scenario, const std::vector<std::string>& rows) {
  const scenario::Race& race = scenario.race;
  Plan result{.rows = rows,
              .derived = scenario.keys.derived.per_key,
              .known = scenario.keys.derived.known,
              .replicas = scenario.database.replicas.count,
              .faults = race.faults};
  const auto note = [&](const std::string& key) {
    const auto row = scenario::key_name(key).row;
    if (!row.empty() && row_of(result.rows, row) == result.rows.size())
      result.rows.emplace_back(row);
  };
  for (const auto& client : race.clients)
    for (const auto& operation : client.operations) note(operation.key);
  for (const auto& [key, start] : race.start.keys) note(key);
  if (result.rows.empty()) result.rows.emplace_back("user:7");  // clients that are all mishaps
  result.groups =
      std::clamp(scenario.keys.groups, 1U, static_cast<std::uint32_t>(result.rows.size()));
  const auto key_of = [&](const std::string& name) {
    const auto [row, aggregate] = scenario::key_name(name);
    const auto count = static_cast<Key>(result.rows.size());
    return row.empty() ? Key{0} : row_of(result.rows, row) + aggregate * count;
  };
  for (const auto& client : race.clients) {
    Script script;
    for (const auto& operation : client.operations)
      script.operations.push_back(planned(operation, key_of(operation.key)));
    for (std::uint32_t i = 1; i <= client.count; ++i) {
      script.client = fmt::format("{}-{}", client.name, i);
      result.scripts.push_back(script);
    }
  }
  result.starts.assign(result.keys(), race.start.all);
  if (race.start.all == scenario::KeyStart::absent)  // of aggregates only the rows can be absent
    std::fill(result.starts.begin() + static_cast<std::ptrdiff_t>(result.rows.size()),
              result.starts.end(), scenario::KeyStart::cold);
  for (const auto& [key, start] : race.start.keys) result.starts[key_of(key)] = start;
  return result;
}

}  // namespace cacherace::engine
