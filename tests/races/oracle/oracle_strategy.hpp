#pragma once
// What the oracle knows of a strategy: one choice in each slot, and their
// options. Durations are whole seconds; under unbounded timing only their order
// matters. 0: there is none.

namespace cacherace::oracle {

enum class Read { plain, direct, stale_while_revalidate, refresh_ahead, xfetch, stale_if_error };
enum class Load { every_reader, single_flight, lock, lease, read_through };
enum class Fill { set, set_then_expire, add, set_if_newer, generation, lease_set };
enum class Write {
  delete_after,
  delete_before,
  set_after,
  none,
  double_delete,
  delete_in_transaction,
  write_through,
  write_behind,
  bump_version,
  cdc
};
enum class Refused { retry, load, give_up };

struct Strategy {
  Read read = Read::plain;
  Load load = Load::every_reader;
  Fill fill = Fill::set;
  Write write = Write::delete_after;

  int soft = 0;  // of stale-while-revalidate, whose `hard` is the TTL; keep of
                 // stale-if-error
  int ttl = 0;
  int jitter = 0;  // seconds to both sides
  int negative = 0;

  int processes = 1;    // of single-flight and of the local cache
  bool forget = false;  // of single-flight
  int lock_ttl = 5;     // of the lock of loads and of writers
  bool checked = true;  // release of these locks
  Refused refused = Refused::retry;
  int lease_rate = 10;
  int lease_stale = 0;
  int tombstones = 0;

  bool first_after = false;  // of double-delete
  bool durable = false;      // timer of double-delete, queue of write-behind
  bool write_lock = false;   // of write-through
  bool cache_first = false;  // of write-through
  bool coalesce = true;      // of write-behind
  bool seed_one = false;     // of bump-version

  int hold_off = 0;
  int local_ttl = 0;  // a local cache, if above 0
  bool local_first = false;
  int replicas = 0;
  int mark_ttl = 0;  // a remote marker, if above 0
};

}  // namespace cacherace::oracle
