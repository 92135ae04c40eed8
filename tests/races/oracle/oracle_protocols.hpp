#pragma once
// What clients and tasks do, as lists of instructions: one effect each, and
// where to go on.

#include <array>
#include <cstddef>
#include <vector>

#include "tests/races/oracle/oracle_strategy.hpp"

namespace cacherace::oracle {

/// The effects, in the words of the documentation.
enum class Do {
  get,
  lease_get,
  get_version,
  seed_version,
  get_mark,
  set,
  set_ttl,
  add,
  set_if_newer,
  set_if_generation,
  lease_set,
  del,
  lock,
  unlock,
  unlock_any,
  bump,
  mark,
  write_cache,
  clean,
  db_read,
  db_write,
  db_begin,
  db_commit,
  append,
  take,
  wait_load,
  wait_lock,
  wait_lease,
  local_get,
  local_set,
  local_del,
  flight_join,
  flight_wait,
  flight_finish,
  flight_forget,
  evict,
  flush
};

inline constexpr int done = -1;    // with an answer
inline constexpr int failed = -2;  // without one
inline constexpr int same = -3;    // as with `no`

enum class Task { none, second_delete, refresh, flush, cdc, message };
inline constexpr std::size_t tasks = 6;

/// One effect, and where to go on when it found, got or stored something, and
/// when not.
struct Instruction {
  Do effect = Do::get;
  int yes = done;
  int no = same;
  int refused = same;     // of a lease
  int unanswered = same;  // it was lost or comes late
  Task starts = Task::none;
  bool messages = false;  // and it sends one to each other process
};

struct Protocol {
  std::vector<Instruction> code;
  int read = done;
  int write = done;
  int evict = done;
  int flush = done;
  std::array<int, tasks> task{};
};

Protocol protocol(const Strategy& strategy);

}  // namespace cacherace::oracle
