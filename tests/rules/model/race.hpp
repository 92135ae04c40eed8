#pragma once
// A race as the oracle knows it, and as a scenario file writes it.
//
// Nothing in this folder looks at how the product models a race. The rules are those of docs/.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace cacherace::rules {

using Time = std::int64_t;  // microseconds
constexpr Time never = -1;

enum class Read { plain, direct, swr, refresh_ahead, xfetch, stale_if_error };
enum class Load { every_reader, single_flight, lock, lease, read_through };
enum class Fill { set, set_then_expire, add, set_if_newer, generation };
enum class Write {
  delete_after,
  delete_before,
  set_after,
  none,
  double_delete,
  in_transaction,
  write_through,
  write_behind,
  bump_version,
  delete_by_keys,
  delete_by_scan,
  cdc
};
enum class Refused { retry, load, give_up };
enum class StoreTtl { fresh, keep, none };

struct Lock {
  Time ttl = never;
  Time wait = 50'000;
  Time give_up = 2'000'000;
  bool checked = true;
};

struct Strategy {
  Read read = Read::plain;
  Time soft = 60'000'000, hard = 300'000'000;  // of stale-while-revalidate
  Time keep = 600'000'000;                     // of stale-if-error
  Time refresh_lock = 10'000'000;
  Load load = Load::every_reader;
  int flight_processes = 1;
  bool forget = false;
  Lock lock;
  Time rate = 10'000'000, token_ttl = 10'000'000;
  Refused refused = Refused::retry;
  Time lease_wait = 50'000, lease_give_up = 2'000'000;
  Time stale = never;
  Fill fill = Fill::set;
  Time tombstones = never;
  Write write = Write::delete_after;
  bool first_before = true, durable_timer = false;  // of a double delete
  Time delay = 1'000'000;
  StoreTtl store_ttl = StoreTtl::fresh;
  bool through_lock = false, cache_first = false;  // of write-through, with `lock`
  bool durable_queue = false, coalesce = true;
  Time interval = 1'000'000;
  int batch = 1000;
  bool seed_one = false;
  Time lag = 100'000;  // of change data capture
  Time ttl = never;
  int jitter = 0;  // percent
  Time negative = never;
  bool bloom = false, hold_off = false, marker = false, local = false;
  Time hold_for = 11'000'000, mark_ttl = 10'000'000, local_ttl = 1'000'000;
  int local_processes = 2;
  bool local_first = false, keep_copies = false;
  Time message = 1'000;

  [[nodiscard]] bool rows_expire() const { return ttl != never || read == Read::swr; }
  [[nodiscard]] int processes() const {
    if (local) return local_processes;
    return load == Load::single_flight ? flight_processes : 1;
  }
};

/// A row, or an aggregate of one.
struct Key {
  int row;
  int aggregate = 0;  // from 1; 0 for the row itself
  bool operator==(const Key&) const = default;
};

enum class Do { read, write, evict, flush, restart };

struct Operation {
  Do what;
  Key key{0};
};

enum class Start { cold, warm, absent };

enum Fault { crash, evict, lose, flush, restart };

/// From the earliest to the latest; `never` as the latest for no upper end.
struct Range {
  Time min = 0, max = 0;
};

struct Race {
  Strategy strategy;
  std::vector<std::vector<Operation>> clients;
  std::vector<Start> rows;      // how each row starts
  std::vector<Key> warm;        // aggregates that are there at the start
  std::array<int, 5> faults{};  // how many of each
  int groups = 0;
  int known = 0;  // aggregates per row that a writer knows, of two
  bool derived = false;
  int replicas = 0;
  // For races that ask for latencies:
  bool timed = false;
  Range cache{200, 1000}, read{5000, 30000}, write{5000, 20000}, replica_lag{0, 0};
  Time pause_max = 0;
  // Names, which change nothing:
  std::string row_names = "abcdefgh";
  std::string client_name = "c";
};

/// "a", "b#1".
std::string name(Key key, const std::string& row_names = "abcdefgh");

/// The whole scenario file, with one strategy called "s".
std::string to_json(const Race& race, const std::string& expect = "");

}  // namespace cacherace::rules
