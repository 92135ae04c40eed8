#pragma once
// What is going to be done in a race, whatever the strategy.

#include <string>
#include <vector>

#include "sim/core/effect.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::engine {

/// An operation that a client is going to perform, or the mishap that it stands for.
struct Planned {
  scenario::Operation::Kind kind = scenario::Operation::Kind::read;
  Key key = 0;
  // Of a script's function other than read and write.
  std::string function = {};
  std::vector<std::string> arguments = {};

  bool operator==(const Planned&) const = default;
};

/// One client of a race and its operations, in order.
struct Script {
  std::string client;
  std::vector<Planned> operations;

  bool operator==(const Script&) const = default;
};

/// A race without a strategy: who does what, how each row starts, and what may go wrong.
struct Plan {
  std::vector<std::string> rows;           // by name
  std::uint32_t derived = 0;               // cached aggregates of each row: `name#1` and so on
  std::uint32_t known = 0;                 // of them, how many a writer knows
  std::vector<scenario::KeyStart> starts;  // by key
  std::vector<Script> scripts;
  std::uint32_t replicas = 0;
  std::uint32_t groups = 1;  // row r, by its place in `rows`, belongs to group r % groups
  scenario::Faults faults{};

  Key keys() const { return static_cast<Key>(rows.size()) * (1 + derived); }
  std::string key_name(Key key) const;
  /// As in a scenario: `read user:7`, `flush`.
  std::string operation_name(const Planned& operation) const;
};

/// Spells out the clients of a scenario's race: `reader` with count 2 becomes reader-1 and
/// reader-2. Rows are numbered as they are first named: those of `rows` first, then by the clients,
/// then by the start.
Plan plan(const scenario::Scenario& scenario, const std::vector<std::string>& rows = {});

}  // namespace cacherace::engine
