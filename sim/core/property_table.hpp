#pragma once
// The properties of a search, a row each. What states a name, a meaning or a limit of a property
// takes it from here; how it is judged is stated twice in sim/judge, as a function of the history
// and as a monitor, each of which checks the other.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/core/measure.hpp"

namespace cacherace {

/// In the order in which they are shown.
enum class PropertyId : std::uint8_t {
  no_stale_residue,
  heals,
  staleness,
  read_your_writes,
  monotonic_reads,
  linearizable,
  no_dirty_reads,
  loads_in_flight,
  mutual_exclusion,
  no_lost_writes,
  every_key_expires,
  wait,
  assertions,
  last = assertions
};

struct PropertyRow {
  PropertyId id;
  std::string_view name;    // in JSON, scenarios and commands
  std::string_view says;    // without a capital and a full stop, like the next
  std::string_view arises;  // what must happen for the property to say anything
  std::string_view judged;
  std::optional<Unit> limit = {};  // of one that measures: what its limit is counted in
};

inline constexpr auto property_rows = std::to_array<PropertyRow>({
    {.id = PropertyId::no_stale_residue,
     .name = "no-stale-residue",
     .says = "when every client is done, no cached entry differs from its row",
     .arises = "an execution ends with an entry of a key whose row was committed in it",
     .judged = "after the last step of all clients and tasks; an expiry that is still to come "
               "does not count"},
    {.id = PropertyId::heals,
     .name = "heals",
     .says = "once every timer has fired, no cached entry differs from its row",
     .arises = "an execution ends with an entry of a key whose row was committed in it",
     .judged = "after the last step: an entry with a TTL will go, one without a TTL stays"},
    {.id = PropertyId::staleness,
     .name = "staleness",
     .says = "no read returns a version that was superseded for longer than a limit",
     .arises = "a client completes a read of a row that was committed before",
     .judged = "at each completed read, from the commit of the first newer version to the "
               "read's invocation",
     .limit = Unit::microseconds},
    {.id = PropertyId::read_your_writes,
     .name = "read-your-writes",
     .says = "a client's read is never older than its own last commit of that key",
     .arises = "a client completes a read of a key that it wrote in an earlier operation",
     .judged = "at each completed read, from cache or database; what write-behind queued counts "
               "as committed"},
    {.id = PropertyId::monotonic_reads,
     .name = "monotonic-reads",
     .says = "a client's reads of one key never go back to an older version",
     .arises = "a client completes a read of a key that it has read before",
     .judged = "at each completed read, against all earlier ones of the same client"},
    {.id = PropertyId::linearizable,
     .name = "linearizable",
     .says = "each operation on a row seems to happen at one moment while it is under way",
     .arises = "a client completes a read of a row that is written in the same execution",
     .judged = "row by row, in the order of the versions; an operation lasts from its first step "
               "to its last"},
    {.id = PropertyId::no_dirty_reads,
     .name = "no-dirty-reads",
     .says = "no read returns a version that is not committed when the read returns it",
     .arises = "a client completes a read of a row after a transaction on it began, or a write "
               "was queued",
     .judged = "at each completed read; what write-behind has queued counts as committed"},
    {.id = PropertyId::loads_in_flight,
     .name = "loads-in-flight",
     .says = "no more loads of one key are in flight at once than a limit",
     .arises = "a client or a background task loads a key",
     .judged = "between its client's steps before and after each db.read",
     .limit = Unit::count},
    {.id = PropertyId::mutual_exclusion,
     .name = "mutual-exclusion",
     .says = "no two clients hold the lock of one key at once",
     .arises = "a client, or its background task, asks for a lock that is not free",
     .judged = "from the step that takes the lock to the holder's unlock, end or crash, whether "
               "or not the TTL ends before"},
    {.id = PropertyId::no_lost_writes,
     .name = "no-lost-writes",
     .says = "an acknowledged write, or a later one, is in the database in the end",
     .arises = "a client completes a write with an answer",
     .judged = "after the last step, flushes of a write-behind queue included"},
    {.id = PropertyId::every_key_expires,
     .name = "every-key-expires",
     .says = "in the end no entry and no lock is left without a TTL",
     .arises = "an execution ends with an entry or a lock",
     .judged =
         "after the last step; orphans under an old version of a group count, counters do not"},
    {.id = PropertyId::wait,
     .name = "wait",
     .says = "no operation waits longer than a limit for another one's load, lock or lease",
     .arises = "a client waits for another one",
     .judged = "from the first step that finds the other one at work to the step that goes on",
     .limit = Unit::microseconds},
    {.id = PropertyId::assertions,
     .name = "assertions",
     .says = "no assertion of a script is broken",
     .arises = "a client runs a script",
     .judged = "between an answer and the script's next question, where its assert stands"},
});

inline constexpr std::size_t property_count = property_rows.size();

constexpr const PropertyRow& row(PropertyId property) {
  return property_rows[static_cast<std::size_t>(property)];
}

constexpr std::string_view name(PropertyId property) { return row(property).name; }

inline constexpr auto property_names = [] {
  std::array<std::string_view, property_count> names;
  for (std::size_t i = 0; i < property_count; ++i) names[i] = property_rows[i].name;
  return names;
}();

constexpr std::optional<PropertyId> property_named(std::string_view name) {
  for (const PropertyRow& row : property_rows)
    if (row.name == name) return row.id;
  return std::nullopt;
}

static_assert(property_count == static_cast<std::size_t>(PropertyId::last) + 1);
static_assert(
    [] {
      for (std::size_t i = 0; i < property_count; ++i)
        if (property_rows[i].id != static_cast<PropertyId>(i)) return false;
      return true;
    }(),
    "the rows stand in the order of the enum");

}  // namespace cacherace
