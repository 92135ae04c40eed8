#pragma once
// The plain search once more, written from the documentation alone: it shares no code with the
// program, so what both get wrong in the same way was misunderstood, not mistyped.

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <vector>

namespace cacherace::oracle {

inline constexpr std::size_t clients_max = 3;
inline constexpr std::size_t operations_max = 2;  // of one client
inline constexpr std::size_t keys_max = 2;

struct Operation {
  bool writes = false;
  std::size_t key = 0;
};
enum class Start { cold, warm, absent };
enum class Write { delete_after, delete_before, set_after, none };

struct Race {
  std::vector<std::vector<Operation>> clients;
  std::vector<Start> starts;  // by key
  Write write = Write::delete_after;
  bool ttl = false;
};

/// In how many schedules the situation arose that a property is about, and in how many the property
/// is violated.
struct Judged {
  std::uint64_t arose = 0;
  std::uint64_t violating = 0;

  bool operator==(const Judged&) const = default;
};

struct Counts {
  std::uint64_t schedules = 0;
  std::uint64_t transitions = 0;  // steps performed, a common beginning once
  Judged no_stale_residue, read_your_writes, monotonic_reads;

  bool operator==(const Counts&) const = default;
};

/// Performs every schedule of a race within the bounds above; nothing if there are more of them
/// than `schedules_max`.
std::optional<Counts> explore(const Race& race, std::uint64_t schedules_max);

/// As a scenario, ready for `cacherace search --count`.
std::ostream& operator<<(std::ostream& out, const Race& race);
std::ostream& operator<<(std::ostream& out, const Counts& counts);

}  // namespace cacherace::oracle
