#pragma once
// What an engine tells while it simulates traffic; metrics are streamed from it.

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
  bool hit = false;     // a read answered by a cached entry
  bool failed = false;  // the database rejected a query of it
};

/// A query that the database starts to serve.
struct QueryStart {
  EffectKind kind = EffectKind::db_read;
  SimTime at{};
  Duration waited{};            // for a connection
  std::uint32_t in_flight = 0;  // queries being served, this one included
};

/// One effect of one operation.
struct Happened {
  ClientId client = 0;
  OperationKind serves = OperationKind::read;
  SimTime at{};
  SimTime invoked{};  // of the operation
  Effect effect{};
  Reply reply{};
};

/// Calls come in the order of virtual time, except that `finished` comes with the operation's last
/// effect and carries the later moment of its reply.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void effect(const Happened& happened) = 0;
  virtual void query_started(const QueryStart& query) = 0;
  virtual void query_queued(std::uint32_t queue_length, SimTime at) = 0;
  virtual void query_rejected(SimTime at) = 0;
  virtual void finished(const Served& served) = 0;
};

}  // namespace cacherace
