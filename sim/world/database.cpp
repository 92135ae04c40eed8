#include "sim/world/database.hpp"

#include <algorithm>
#include <utility>

#include "sim/core/assert.hpp"

namespace cacherace::world {

Database::Database(Key rows, std::uint32_t replicas, bool transactions)
    : rows_(rows, 1),
      allotted_(rows, 1),
      uncommitted_(transactions ? rows : 0),
      replica_rows_(replicas, rows_),
      applied_(replicas) {}

void Database::start_absent(Key row) {
  rows_[row] = 0;
  allotted_[row] = 0;
  for (auto& copy : replica_rows_) copy[row] = 0;
}

Reply Database::read_replica(std::uint32_t replica, Key row) const {
  const Version version = replica_rows_[replica][row];
  Reply reply{.found = version != 0, .version = version};
  if (version == rows_[row]) return reply;
  const auto newer =
      std::find_if(log_.begin() + static_cast<std::ptrdiff_t>(applied_[replica] - first_),
                   log_.end(), [&](const Commit& commit) { return commit.row == row; });
  SIM_ASSERT(newer != log_.end());
  reply.superseded_at = newer->at;
  return reply;
}

Reply Database::commit(Key row, Version version, SimTime now) {
  rows_[row] = version;
  if (!applied_.empty()) log_.push_back({.row = row, .version = version, .at = now});
  return {.found = true, .version = version};
}

Reply Database::begin(Key row) {
  SIM_ASSERT(!locked(row));
  return {.found = true, .version = uncommitted_[row] = allot(row)};
}

Reply Database::commit_begun(Key row, SimTime now) {
  SIM_ASSERT(locked(row));
  return commit(row, std::exchange(uncommitted_[row], 0), now);
}

Reply Database::apply_next(std::uint32_t replica) {
  SIM_ASSERT(behind(replica));
  const Commit next = log_[applied_[replica]++ - first_];
  replica_rows_[replica][next.row] = next.version;
  const auto done =
      static_cast<std::ptrdiff_t>(*std::min_element(applied_.begin(), applied_.end()) - first_);
  log_.erase(log_.begin(), log_.begin() + done);
  first_ += static_cast<std::uint64_t>(done);
  return {.found = true, .version = next.version};
}

}  // namespace cacherace::world
