#include "tests/races/table/scenario_of.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace cacherace::test {
namespace {

std::string_view word(scenario::KeyStart start) {
  switch (start) {
    case scenario::KeyStart::cold:
      return "cold";
    case scenario::KeyStart::warm:
      return "warm";
    case scenario::KeyStart::absent:
      return "absent";
  }
  return "";
}

std::string clients(const engine::Plan& plan) {
  std::vector<std::string> all;
  for (const auto& script : plan.scripts) {
    std::vector<std::string> operations;
    for (const auto& operation : script.operations)
      operations.push_back("\"" + plan.operation_name(operation) + "\"");
    all.push_back(
        fmt::format(R"({{"name": "{}", "do": [{}]}})", script.client, fmt::join(operations, ", ")));
  }
  return fmt::format("{}", fmt::join(all, ",\n    "));
}

std::string starts(const engine::Plan& plan) {
  std::vector<std::string> all;
  for (Key key = 0; key < plan.keys(); ++key)
    all.push_back(fmt::format(R"("{}": "{}")", plan.key_name(key), word(plan.starts[key])));
  return fmt::format("{}", fmt::join(all, ", "));
}

}  // namespace

std::string scenario_of(const ListedStrategy& listed, const engine::Plan& plan) {
  const bool needs_replicas = listed.slots.find("remote-marker") != std::string_view::npos;
  const auto replicas = std::max<std::uint32_t>(plan.replicas, needs_replicas ? 1 : 0);
  const auto& [crash, evict, lose, flush, cache_restart] = plan.faults;
  return fmt::format(R"({{"strategies": {{"{}": {{{}}}}},
  "database": {{"replicas": {{"count": {}}}}},
  "keys": {{"derived": {{"per_key": {}, "known": {}}}}},
  "race": {{"clients": [
    {}],
    "start": {{{}}},
    "faults": {{"crash": {}, "evict": {}, "lose": {}, "flush": {}, "cache-restart": {}}}}}}}
)",
                     listed.name, listed.slots, replicas, plan.derived, plan.known, clients(plan),
                     starts(plan), crash, evict, lose, flush, cache_restart);
}

}  // namespace cacherace::test
