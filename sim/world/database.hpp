#pragma once
// The database: one row per key, with snapshot reads and commits.

#include <vector>

#include "sim/core/effect.hpp"

namespace cacherace::world {

class Database {
 public:
  /// Every row stands at version 1.
  explicit Database(Key keys) : rows_(keys, 1) {}

  /// Snapshot of a row. O(1).
  Reply read(Key key) const { return {.found = rows_[key] != 0, .version = rows_[key]}; }
  /// Commits the next version of a row; inserts it when there is none. O(1).
  Reply write(Key key) { return {.found = true, .version = ++rows_[key]}; }
  Key keys() const { return static_cast<Key>(rows_.size()); }
  /// Removes a row before anything has started.
  void start_absent(Key key) { rows_[key] = 0; }

  bool operator==(const Database&) const = default;

 private:
  std::vector<Version> rows_;  // version by key; 0: no row
};

}  // namespace cacherace::world
