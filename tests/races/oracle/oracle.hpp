#pragma once
// The plain search once more, written from the documentation alone: it shares
// no code with the program, so what both get wrong in the same way was
// misunderstood, not mistyped.

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string_view>
#include <vector>

#include "tests/races/oracle/oracle_strategy.hpp"

namespace cacherace::oracle {

inline constexpr std::size_t clients_max = 3;
inline constexpr std::size_t operations_max = 2;  // of one client
inline constexpr std::size_t keys_max = 2;

struct Operation {
  enum class Kind { read, write, evict, flush };
  Kind kind = Kind::read;
  std::size_t key = 0;  // means nothing for a flush
};
enum class Start { cold, warm, absent };

/// How often each fault may happen in one schedule.
struct Faults {
  int crash = 0, evict = 0, lose = 0, flush = 0;
};

struct Race {
  Strategy strategy;
  std::vector<std::vector<Operation>> clients;
  std::vector<Start> starts;  // by key
  Faults faults{};
};

/// The properties that are judged, by the names of the documentation.
inline constexpr std::array<std::string_view, 10> properties{
    "no-stale-residue",  "heals",           "read-your-writes", "monotonic-reads",
    "no-dirty-reads",    "loads-in-flight", "mutual-exclusion", "no-lost-writes",
    "every-key-expires", "linearizable"};

/// In how many schedules the situation arose that a property is about, and in
/// how many the property is violated.
struct Judged {
  std::uint64_t arose = 0;
  std::uint64_t violating = 0;

  bool operator==(const Judged&) const = default;
};

struct Counts {
  std::uint64_t schedules = 0;
  std::uint64_t transitions = 0;  // steps performed, a common beginning once
  std::array<Judged, properties.size()> judged{};
  std::uint64_t loads_worst = 0;  // of one key in flight at once

  bool operator==(const Counts&) const = default;
};

/// Performs every schedule of a race within the bounds above; nothing if there
/// are more of them than `schedules_max`.
std::optional<Counts> explore(const Race& race, std::uint64_t schedules_max);

/// As a scenario, ready for `cacherace search --count`.
std::ostream& operator<<(std::ostream& out, const Race& race);
std::ostream& operator<<(std::ostream& out, const Counts& counts);

}  // namespace cacherace::oracle
