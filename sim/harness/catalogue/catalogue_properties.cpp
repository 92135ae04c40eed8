// The properties of a search, in the order of the vocabulary.

#include "sim/harness/catalogue/catalogue.hpp"

namespace cacherace::harness {

const std::vector<PropertyEntry>& property_entries() {
  static const std::vector<PropertyEntry> all{
      {.name = "no-stale-residue",
       .says = "when every client is done, no cached entry differs from its row",
       .arises = "an execution ends with an entry of a key whose row was committed in it",
       .judged = "after the last step of all clients and tasks; an expiry that is still to come "
                 "does not count"},
      {.name = "heals",
       .says = "once every timer has fired, no cached entry differs from its row",
       .arises = "an execution ends with an entry of a key whose row was committed in it",
       .judged = "after the last step: an entry with a TTL will go, one without a TTL stays"},
      {.name = "staleness",
       .says = "no read returns a version that was superseded for longer than a limit",
       .arises = "a client completes a read of a row that was committed before",
       .judged = "at each completed read, from the commit of the first newer version to the "
                 "read's invocation",
       .limited = true},
      {.name = "read-your-writes",
       .says = "a client's read is never older than its own last commit of that key",
       .arises = "a client completes a read of a key that it wrote in an earlier operation",
       .judged = "at each completed read, from cache or database; what write-behind queued counts "
                 "as committed"},
      {.name = "monotonic-reads",
       .says = "a client's reads of one key never go back to an older version",
       .arises = "a client completes a read of a key that it has read before",
       .judged = "at each completed read, against all earlier ones of the same client"},
      {.name = "linearizable",
       .says = "each operation on a row seems to happen at one moment while it is under way",
       .arises = "a client completes a read of a row that is written in the same execution",
       .judged = "row by row, in the order of the versions; an operation lasts from its first step "
                 "to its last"},
      {.name = "no-dirty-reads",
       .says = "no read returns a version that is not committed when the read returns it",
       .arises = "a client completes a read of a row after a transaction on it began, or a write "
                 "was queued",
       .judged = "at each completed read; what write-behind has queued counts as committed"},
      {.name = "loads-in-flight",
       .says = "no more loads of one key are in flight at once than a limit",
       .arises = "a client or a background task loads a key",
       .judged = "between its client's steps before and after each db.read",
       .limited = true},
      {.name = "mutual-exclusion",
       .says = "no two clients hold the lock of one key at once",
       .arises = "a client, or its background task, asks for a lock that is not free",
       .judged = "from the step that takes the lock to the holder's unlock, end or crash, whether "
                 "or not the TTL ends before"},
      {.name = "no-lost-writes",
       .says = "an acknowledged write, or a later one, is in the database in the end",
       .arises = "a client completes a write with an answer",
       .judged = "after the last step, flushes of a write-behind queue included"},
      {.name = "every-key-expires",
       .says = "in the end no entry and no lock is left without a TTL",
       .arises = "an execution ends with an entry or a lock",
       .judged =
           "after the last step; orphans under an old version of a group count, counters do not"},
      {.name = "wait",
       .says = "no client waits longer than a limit for another one's load, lock or lease",
       .arises = "a client waits for another one",
       .judged = "from the first step that finds the other one at work to the step that goes on",
       .limited = true},
  };
  return all;
}

}  // namespace cacherace::harness
