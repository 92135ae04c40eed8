#pragma once
// What an engine tells while it simulates traffic; metrics are streamed from it.

#include <optional>

#include "sim/core/effect.hpp"

namespace cacherace {

/// Index of a client that is at work; used again once its operation has responded.
using ClientId = std::uint32_t;

/// An operation that has responded.
struct Served {
  ClientId client = 0;
  OperationKind kind = OperationKind::read;
  Key key = 0;
  SimTime invoked{};
  SimTime responded{};
  Duration waited{};    // for another client's load, or for a lock
  bool hit = false;     // a read answered by a cached entry, or by the filter
  bool failed = false;  // it has no answer
  // Of a script.
  bool scripted = false;
  std::optional<Version> read = {};  // what a read returned of its key; none: it says nothing
};

/// A query that the database starts to serve.
struct QueryStart {
  EffectKind kind = EffectKind::db_read;
  SimTime at{};
  Duration waited{};            // for a connection
  std::uint32_t in_flight = 0;  // queries being served, this one included
  std::uint32_t queued = 0;     // queries that wait for a connection, this one not any more
};

/// One effect of one operation or task.
struct Happened {
  ClientId client = 0;
  OperationKind serves = OperationKind::read;
  Task task = Task::none;
  std::uint32_t process = 0;
  SimTime at{};
  SimTime invoked{};  // of the operation
  Effect effect{};
  Reply reply{};
};

/// A command or query that was not answered within its client's timeout.
struct TimedOut {
  ClientId client = 0;
  OperationKind serves = OperationKind::read;
  EffectKind kind = EffectKind::cache_get;
  SimTime at{};
  bool refused = false;  // nobody waited: the server could not be reached
};

/// What the cache server removed or refused by itself, over a stretch of time.
struct ServerStats {
  std::uint64_t expired = 0;  // entries of which no reply tells: by the server's own cycle, or met
                              // by a command that was about another
  std::uint64_t evicted = 0;  // for lack of memory
  std::uint64_t out_of_memory = 0;  // commands refused
  Bytes memory_max = 0;             // the most that all entries took; 0 when it is not counted

  bool operator==(const ServerStats&) const = default;
};

enum class Gone : std::uint8_t { expired, evicted, deleted, flushed };

/// Calls come in the order of virtual time, except that `finished` comes with the operation's last
/// effect and carries the later moment of its reply.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Effects on that key will follow soon: what is known about it may be brought closer.
  virtual void prefetch(Key /*key*/) const {}
  virtual void effect(const Happened& happened) = 0;
  virtual void query_started(const QueryStart& query) = 0;
  /// `in_flight` queries go on being served; another may start at the same moment.
  virtual void query_ended(std::uint32_t /*in_flight*/, SimTime /*at*/) {}
  virtual void query_queued(std::uint32_t queue_length, SimTime at) = 0;
  virtual void query_rejected(SimTime at) = 0;
  /// A command kept the cache server busy.
  virtual void cache_blocked(Duration time, SimTime at) = 0;
  /// A client goes on without an answer.
  virtual void timed_out(const TimedOut& command) = 0;
  /// A value left the cache beside what an effect says: the server evicted or expired it by itself,
  /// or it was on a list that was deleted.
  virtual void value_gone(Key key, Gone how, SimTime at) = 0;
  virtual void finished(const Served& served) = 0;
  /// A background task is done; it lets go of what it held.
  virtual void task_finished(ClientId client) = 0;
};

}  // namespace cacherace
