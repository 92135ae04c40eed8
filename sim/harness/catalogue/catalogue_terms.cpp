// The words of the catalogue: slots, failure modes and costs.

#include "sim/harness/catalogue/catalogue.hpp"

namespace cacherace::harness {

const std::vector<Term>& slots() {
  static const std::vector<Term> all{
      {"read", "how a read is answered"},
      {"load", "which client reads the database after a miss"},
      {"fill", "how the loaded version is stored"},
      {"write", "how a write keeps the cache in step"},
      {"expiry", "when entries expire"},
      {"guards", "which filters, marks and caches surround the cache; any number of them"},
  };
  return all;
}

const std::vector<Term>& failure_modes() {
  static const std::vector<Term> all{
      {"commit-to-delete window",
       "between a commit and its invalidation, readers still hit the old version"},
      {"stale repopulate",
       "a reader stores a row that a writer has replaced, and invalidated, since it was loaded"},
      {"write-write inversion",
       "two writers commit in one order and store in the other: the cache keeps the older version"},
      {"refill between delete and commit",
       "a delete precedes its commit; a reader misses, loads the row that is about to be replaced "
       "and stores it"},
      {"lost invalidation",
       "a row is committed, but its invalidation never takes effect: a crash, or a lost message"},
      {"stampede", "many loads of one key at once"},
      {"avalanche", "loads of many keys at once, which expired or were flushed together"},
      {"penetration", "reads of keys without a row miss every time and reach the database"},
      {"lost write", "a write that was answered never reaches the database"},
      {"dirty read", "a read returns a version that is not committed, and may never be"},
      {"replica-lag refill",
       "a reader loads from a replica that is behind, and stores the old version after the "
       "invalidation"},
      {"resurrection after eviction",
       "a guard against old values is evicted or flushed, and an old value comes back"},
      {"lost mutual exclusion",
       "two clients hold one lock: its TTL ended, or another client released it"},
      {"divergence of first and second level",
       "a process's local cache keeps what was deleted from the shared one"},
      {"waiter convoy", "clients wait for another client's load, which is slow or never ends"},
      {"entry without TTL", "an entry that was meant to expire stays for good"},
  };
  return all;
}

const std::vector<Term>& costs() {
  static const std::vector<Term> all{
      {"blocked server",
       "the cache server executes one command at a time; a long one blocks all "
       "others"},
      {"database load", "queries that the database has to serve"},
      {"errors", "operations that fail"},
      {"latency", "time that an operation takes"},
      {"memory", "room in the cache"},
      {"staleness by design", "old answers that the strategy allows, within a stated bound"},
      {"wasted loads", "loads whose result is not needed"},
  };
  return all;
}

}  // namespace cacherace::harness
