#pragma once
// Properties: pure functions of a history that return evidence.

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/history.hpp"
#include "sim/core/monitor.hpp"
#include "sim/core/property_table.hpp"

namespace cacherace::judge {

/// Why a history violates a property. Steps are indices into `History::steps`.
struct Finding {
  Key key = 0;
  std::size_t decisive = 0;            // the step that made it wrong
  std::optional<std::size_t> earlier;  // what it contradicts: the commit or read before it
  Version kept = 0;                    // the old version that was kept or served
  Version current = 0;                 // what should have been there
};

struct Judgement {
  bool arose =
      false;  // the situation that the property is about came up; never: the verdict is vacuous
  std::optional<Finding> finding;
  std::uint64_t measured = 0;  // the worst value of the history, for a property that measures
};

/// Names that an explanation needs.
struct Names {
  std::vector<std::string> who;  // by step: who takes it
  std::vector<std::string> keys;
};

/// What a monitor has to know of a race beforehand.
struct Rows {
  std::vector<Version> start;  // by row: the version at the start, 0 for no row
  Key keys = 0;                // rows and their aggregates; key k is of row k % rows
  Version newest = 0;          // no row is ever written to a newer version
  // Where time counts.
  bool in_time = false;
  Duration cache_lead{};            // from issue to effect of a cache command, at least
  Duration read_min{}, read_max{};  // from effect to reply of a read of the database
  std::uint32_t losses = 0;         // commands that may come late
  std::vector<Duration> replies;    // the least from a command's effect to its reply, of any

  Key of(Key key) const { return key % static_cast<Key>(start.size()); }
  Key count() const { return static_cast<Key>(start.size()); }
  /// Which of the `replies` a step has.
  std::uint32_t reply_of(const Step& step) const;
};

/// Which versions of a row something holds for, from 0 to the newest: a bit each, in the words of a
/// monitor, row after row.
class VersionSet {
 public:
  VersionSet(std::span<Word> words, const Rows& rows, Key row)
      : words_(words.subspan(std::size_t{row} * words_for(rows), words_for(rows))) {}

  static std::uint32_t words_for(const Rows& rows) { return rows.newest / 32 + 1; }

  void add(Version version) { words_[version / 32] |= Word{1} << version % 32; }
  bool has(Version version) const { return (words_[version / 32] >> version % 32 & 1U) != 0; }
  Version end() const { return static_cast<Version>(words_.size() * 32); }
  void remove(Version version) { words_[version / 32] &= ~(Word{1} << version % 32); }
  /// The first one from `version` on; `end()` for none.
  Version next(Version version) const {
    while (version < end() && !has(version)) ++version;
    return version;
  }
  template <typename Visit>
  void for_each(Visit visit) const {
    for (Version version = next(0); version < end(); version = next(version + 1)) visit(version);
  }

 private:
  std::span<Word> words_;
};

/// Judges complete histories only: those that have their `finals`.
struct Property {
  PropertyId id;
  /// A property that measures finds something if, and only if, it measures more than `limit`; the
  /// others ignore it.
  Judgement (*judge)(const History&, std::uint64_t limit);
  /// The finding in one sentence, with steps counted from 1.
  std::string (*explain)(const History&, const Finding&, const Names&);
  /// The same as a fold over the steps, for searches that keep no history. It finds, over all
  /// executions, a violation, a situation that arises or a worst value exactly where `judge` does.
  std::unique_ptr<Monitor> (*monitor)(const Rows& rows, std::uint64_t limit);
  std::uint64_t limit = 0;  // where none is asked for

  // What its row says.
  std::string_view name = row(id).name;
  bool measures = row(id).limit.has_value();
  bool timed = row(id).limit == Unit::microseconds;  // it measures time, in nanoseconds
};

/// Judges a history of any strategy: a step of a script may be several effects.
Judgement judge_history(const Property& property, const History& history, std::uint64_t limit);

extern const Property no_stale_residue, heals, staleness, read_your_writes, monotonic_reads,
    linearizable, no_dirty_reads, loads_in_flight, mutual_exclusion, no_lost_writes,
    every_key_expires, wait, assertions;

/// All of them, in the order of their rows.
inline constexpr std::array<const Property*, property_count> all_properties{
    &no_stale_residue,  &heals,          &staleness,       &read_your_writes, &monotonic_reads,
    &linearizable,      &no_dirty_reads, &loads_in_flight, &mutual_exclusion, &no_lost_writes,
    &every_key_expires, &wait,           &assertions};

/// The property of that name, or nullptr.
const Property* find_property(std::string_view name);
/// Those that can be judged from the order of steps alone.
std::vector<const Property*> untimed_properties();
/// Those that are judged when nothing is asked for and nothing is expected.
std::vector<const Property*> default_properties();

}  // namespace cacherace::judge
