#pragma once
// The oracle's world: one plain value, copied before every step.

#include <string>
#include <vector>

#include "tests/rules/model/race.hpp"

namespace cacherace::rules {

/// What stands in a cache under a name.
enum class Kind {
  entry,      // a value, or "no row" (version 0)
  tombstone,  // in the place of an entry: the version of a delete
  old_value,  // a deleted value that still answers readers whom a lease refuses
  lock,
  lease,  // a token was handed out
  generation,
  group,  // the version that is part of the names of a group's keys
  mark,   // remote marker
  hold,   // hold-off
};

struct Item {
  int id = 0;  // told apart from all others that there ever are
  Kind kind = Kind::entry;
  Key key{0};        // of a group: its number, as the row
  int named = 0;     // the version of its group that is part of its name
  int process = -1;  // of a first-level cache; -1 for the shared one
  int value = 0;     // version, generation, version of a group
  int owner = 0;     // of a lock: who took it; of a lease: its token, 0 once it is used or void
  Range ttl{never, never};   // length of its life
  Range soft{never, never};  // until its soft expiry
  int stored = -1;           // a count of stores; -1 at the start: its soft expiry counts from it
  int since = -1;            // the same of what its TTL counts from
  bool softened = false;
  int queued = 0;  // number of the queued write that it carries (write-behind)
};

struct Row {
  int version = 1;    // committed
  int given = 1;      // versions given out
  int first = 1;      // at the start
  int locked_by = 0;  // transaction
  int uncommitted = 0;
};

struct Flight {
  int process = 0;
  Key key{0};
  int leader = 0;    // actor
  bool open = true;  // can be joined
  bool over = false;
  bool failed = false;
  int version = 0;
};

struct Queued {
  int number = 0;
  int row = 0;
  int version = 0;
};

/// The next step of somebody.
enum class At {
  nothing,
  filter_check,
  filter_add,
  local_get,
  local_again,
  local_set,
  local_del,
  get_version,
  seed_version,
  get,
  get_again,
  get_mark,
  read_row,
  fill,
  set_ttl,
  join,
  flight_wait,
  finish,
  forget,
  lock,
  wait,
  unlock,
  mark,
  write_row,
  begin,
  commit,
  del,
  store,
  bump,
  list,
  del_listed,
  append,
  queue_write,
  take,
  clean,
  evict,
  flush,
  restart
};

enum class Task { none, second_delete, propagate, flush, tell, refresh };

struct WriteStep {
  At at;
  Key key{0};
};

/// A client, or a task in its background.
struct Actor {
  int client = 0;
  Task task = Task::none;
  At at = At::nothing;
  bool done = false;
  bool begun = false;  // has taken a step
  bool in_operation = false;
  int operation = 0;  // of the client's list
  int process = 0;
  Key key{0};
  // What it has in hand:
  int named = 0;       // group version
  int value = 0;       // version to store or to answer
  int old_value = -1;  // of an entry past its TTL, in case the load fails
  int generation = 0;
  int token = 0;
  int flight = -1;
  int transaction = 0;
  int written = 0;  // version that it committed, began or queued
  bool fills = true;
  bool asked_before = false;
  bool holds_lock = false;
  bool failed = false;
  bool primary = false;
  bool keeps = true;  // the fill was not refused
  bool past_soft = false;
  std::vector<WriteStep> steps;  // of a write or a delete
  std::size_t next = 0;
  std::vector<int> listed;  // stamps of entries
  std::vector<Key> listed_keys;
  int queued = 0;  // number of what a flush took
  int flushed = 0;
  int order = 0;  // of a propagated commit
};

struct Commit {
  int row = 0;
  int version = 0;
};

struct World {
  const Race* race = nullptr;
  std::vector<Item> cache;
  std::vector<Row> rows;
  std::vector<Commit> log;
  std::vector<std::size_t> applied;  // per replica: how much of the log
  std::vector<std::vector<int>> replica_rows;
  std::vector<Flight> flights;
  std::vector<Queued> queue;
  std::vector<bool> filter;   // rows
  std::vector<Actor> actors;  // the clients first
  std::vector<Actor> late;    // each about to take one step
  std::array<int, 5> faults{};
  bool flushing = false;
  int items = 0, stores = 0, tokens = 0, names = 100, transactions = 0, writes = 0, propagated = 0;
};

enum class Got {
  ok,
  hit,
  soft_hit,
  miss,
  absent,
  row,
  refused,
  held,
  leads,
  joined,
  error,
  no_answer,
  gave_up,
  nothing,
  crashed
};

/// One step, as the judges see it.
struct Event {
  int client = -1;  // -1: the clock, a replica, or a fault
  Task task = Task::none;
  int actor = -1;
  At at = At::nothing;
  Key key{0};
  Got got = Got::ok;
  int version = 0;
  bool late = false;       // a command that comes late
  bool will_come = false;  // its command got no answer, and comes late
  bool begins = false;     // first step of an operation
  bool ends = false;       // last one
  bool answered = false;
  bool crashes = false;  // the client dies
  Do operation = Do::read;
  Key asked{0};  // key of the operation
  int answer = 0;
  int commits = 0;      // version that is committed by this step, of key.row
  int created = 0;      // version that comes into being by this step and is not committed
  bool queued = false;  // the created version was queued
  std::string says;
};

using History = std::vector<Event>;

World start_of(const Race& race);

int group_of(const Race& race, int row);

/// Whether `item` is a value that is found under `name`, in the shared cache (process -1) or
/// another.
Item* find(World& world, Kind kind, Key key, int named = 0, int process = -1);
/// Whether another token may be given after `last`: its rate is over.
inline bool is_leasable(const Item* last) { return last == nullptr || last->softened; }

Item* find_entry(World& world, Key key, int named, int process = -1);
void erase(World& world, const Item* item);

}  // namespace cacherace::rules
