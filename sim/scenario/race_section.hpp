#pragma once
// The race of a scenario: what search explores.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/core/units.hpp"

namespace cacherace::scenario {

using namespace std::chrono_literals;

/// What a client does next: a read or a write, or a mishap that it stands for.
struct Operation {
  enum class Kind : std::uint8_t {
    read,
    write,
    evict,
    flush,
    cache_restart,
    call
  } kind = Kind::read;
  std::string key;  // "" where the whole cache is meant; of a call its first argument
  // Of a script's function other than read and write.
  std::string function = {};
  std::vector<std::string> more = {};  // arguments
  bool operator==(const Operation&) const = default;
};

/// What a key of a race names: a row, or one of its derived aggregates, written "user:7#1".
struct KeyName {
  std::string_view row;
  std::uint32_t aggregate = 0;  // from 1; 0: the row itself
};

constexpr KeyName key_name(std::string_view key) {
  constexpr std::uint32_t number_max = 1'000'000;  // larger ones count as this
  const std::size_t hash = key.rfind('#');
  if (hash == std::string_view::npos || hash == 0 || hash + 1 == key.size()) return {.row = key};
  std::uint32_t number = 0;
  for (const char digit : key.substr(hash + 1)) {
    if (digit < '0' || digit > '9') return {.row = key};
    number = number * 10 + static_cast<std::uint32_t>(digit - '0');
    if (number > number_max) number = number_max;
  }
  return {.row = key.substr(0, hash), .aggregate = number};
}

struct RaceClient {
  std::string name;
  std::uint32_t count = 1;
  std::vector<Operation> operations;
};

enum class KeyStart : std::uint8_t { cold, warm, absent };

constexpr std::string_view name(KeyStart start) {
  switch (start) {
    case KeyStart::cold:
      return "cold";
    case KeyStart::warm:
      return "warm";
    case KeyStart::absent:
      return "absent";
  }
  return "";
}

struct Start {
  KeyStart all = KeyStart::cold;
  std::vector<std::pair<std::string, KeyStart>> keys;  // exceptions, by key
};

enum class Timing { unbounded, latencies };

struct Faults {
  std::uint32_t crash = 0, evict = 0, lose = 0, flush = 0, cache_restart = 0;
  bool operator==(const Faults&) const = default;
};

struct Race {
  std::vector<RaceClient> clients{
      {.name = "reader", .operations = {{Operation::Kind::read, "user:7"}}},
      {.name = "writer", .operations = {{Operation::Kind::write, "user:7"}}}};
  Start start;
  Timing timing = Timing::unbounded;
  Duration pause_max{};
  Faults faults;
};

}  // namespace cacherace::scenario
