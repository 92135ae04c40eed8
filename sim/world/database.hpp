#pragma once
// The database: one row per key, with snapshot reads, commits, transactions and replicas.

#include <vector>

#include "sim/core/effect.hpp"
#include "sim/core/large_pages.hpp"

namespace cacherace::world {

/// Replicas apply the commits in their order, each at its own pace. Every call is O(1), amortised.
class Database {
 public:
  /// Every row stands at version 1.
  Database(Key rows, std::uint32_t replicas, bool transactions);

  /// Snapshot of a row. `superseded_at` of the reply says since when a replica's row is old.
  Reply read(Key row) const { return {.found = rows_[row] != 0, .version = rows_[row]}; }
  Reply read_replica(std::uint32_t replica, Key row) const;

  /// Commits the next version of a row, and inserts it when there is none.
  Reply write(Key row, SimTime now) { return commit(row, allot(row), now); }
  /// Takes the next version of a row without writing it.
  Version allot(Key row) { return ++allotted_[row]; }
  /// Commits a version that was taken.
  Reply commit(Key row, Version version, SimTime now);

  /// A transaction on one row: the new version is visible to nobody until it is committed.
  bool locked(Key row) const { return !uncommitted_.empty() && uncommitted_[row] != 0; }
  Reply begin(Key row);
  Reply commit_begun(Key row, SimTime now);
  void roll_back(Key row) { uncommitted_[row] = 0; }
  /// What the transaction that locks the row has written.
  Version uncommitted(Key row) const { return uncommitted_[row]; }

  /// The next commit that a replica has not applied, or nothing.
  bool behind(std::uint32_t replica) const { return applied_[replica] < commits(); }
  Key next_to_apply(std::uint32_t replica) const { return log_[applied_[replica] - first_].row; }
  Reply apply_next(std::uint32_t replica);
  /// How many commits there were, and how many of them a replica has applied.
  std::uint64_t commits() const { return first_ + log_.size(); }
  std::uint64_t applied(std::uint32_t replica) const { return applied_[replica]; }

  Key rows() const { return static_cast<Key>(rows_.size()); }
  std::uint32_t replicas() const { return static_cast<std::uint32_t>(applied_.size()); }
  /// Removes a row before anything has started.
  void start_absent(Key row);

  bool operator==(const Database&) const = default;

 private:
  struct Commit {
    Key row = 0;
    Version version = 0;
    SimTime at;
    bool operator==(const Commit&) const = default;
  };

  using Versions = LargeVector<Version>;  // by row

  Versions rows_;         // 0: no row
  Versions allotted_;     // the last version that was taken
  Versions uncommitted_;  // of the transaction that locks the row; 0: none

  std::vector<Versions> replica_rows_;
  std::vector<std::uint64_t> applied_;  // commits, by replica
  std::vector<Commit> log_;             // those that some replica has not applied
  std::uint64_t first_ = 0;             // number of the log's first commit
};

}  // namespace cacherace::world
