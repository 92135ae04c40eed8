#pragma once
// What a script asks of the world, and what it comes to between two questions.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/core/units.hpp"
#include "sim/core/value.hpp"

namespace cacherace::script {

/// The primitives; the prelude builds everything else from them. After each, what it is answered
/// with: one value for each word, nil where there is nothing.
enum class Call : std::uint8_t {
  // The cache server.
  cache_get,      // value, true when past its soft expiry
  cache_set,      // true when stored
  cache_del,      // true when there was an entry
  cache_set_ttl,  // true when there is an entry; without a `ttl` it lives for ever (PERSIST)
  cache_ttl,      // milliseconds left; -1 without an expiry, -2 without an entry. In traffic only
  cache_names,    // a list of the names that are there, sorted, all or those of one page; the next
                  // cursor
  cache_watch,    //
  cache_unwatch,  // all names
  cache_flush,    //
  cache_block,  // nothing; the inner requests that follow are one command: EVAL, MULTI/EXEC, MGET,
                // INCR
  cache_exec,   // true when no watched entry has changed; then as cache_block
  block_end,  // nothing: whichever block it was, it is done; inner, and answered with the reply to
              // the block, or not at all where that is lost
  publish,    // to how many processes
  // The database.
  db_read,       // row or nil
  db_write,      // row as it is now; nil when `if_version` is another one
  db_delete,     // true when there was a row
  db_block,      // nothing; the inner requests that follow are one statement
  db_begin,      // nothing: a transaction; what follows up to its end is part of it
  db_commit,     // nothing
  db_roll_back,  // nothing
  // The memory that the threads of a process share; no duration.
  memory_get,     // value
  memory_set,     //
  memory_del,     // true when there was something
  memory_block,   // nothing; the inner requests that follow are one step: update, a flight's join
  memory_await,   // nothing; blocks while there is something under that name
  memory_lock,    // nothing; blocks while somebody holds it
  memory_unlock,  // true when the client held it
  // Nobody.
  choose,  // an integer from 1 to `outcomes`
  sleep,   // nothing; after `after`. Only where no other request follows that could carry `after`
};

/// Under which condition a `cache_set` stores.
enum class Only : std::uint8_t { always, absent, present };

/// One question. A client that has asked one waits, and others may come in between before it takes
/// effect.
struct Request {
  Call call = Call::cache_get;
  bool inner = false;  // at the same moment as the request before it: nobody comes in between
  Only only = Only::always;
  bool keeps_ttl = false;
  bool from_replica = false;
  bool repeatable_read = false;  // db_begin; otherwise read committed
  Value name;   // a text: an entry, a row, a channel, a name in memory; cache_names: a pattern
  Value value;  // what to store, to publish
  std::optional<Duration> ttl;  // none: no expiry
  std::optional<Duration> soft;
  std::optional<Version> if_version;  // db_write
  std::uint32_t outcomes = 0;         // choose
  std::uint64_t cursor = 0;           // cache_names: of the page; 0 starts
  std::uint32_t count = 0;            // cache_names: names looked at for a page; 0: all
  Duration after{};                   // what the client sleeps before it asks
  // For people.
  std::uint32_t file = 0;  // of the program's files
  std::uint32_t line = 0;  // from 1: where the user's own code stands
  std::string shown;       // "cache.incr gen:user:7", as the user wrote it

  bool operator==(const Request&) const = default;
};

/// A function that goes on in the background, with a copy of what it has captured.
using Spawnable = std::uint32_t;  // a number of the tree or the host that made it
struct Spawned {
  Spawnable what = 0;
  bool durable = false;  // lives on when its process crashes
  bool operator==(const Spawned&) const = default;
};

struct BrokenAssertion {
  std::string text;
  std::uint32_t file = 0, line = 0;
  bool operator==(const BrokenAssertion&) const = default;
};

/// What a function came to between an answer and its next question.
struct Turn {
  bool over = false;    // no request: it has returned
  bool failed = false;  // over, because an effect without an answer was not caught
  Request request;
  Value returned;  // when over: the first value
  std::vector<Spawned> spawned;
  std::vector<std::string> notes;
  std::vector<BrokenAssertion> broken;
  std::string block_result;  // what a block that has just ended was answered with, for people: "2",
                             // "hit, miss"
};

}  // namespace cacherace::script
