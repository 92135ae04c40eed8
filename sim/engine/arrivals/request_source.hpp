#pragma once
// Recorded requests, as the clock engine asks for them.

#include <cstdint>
#include <optional>

#include "sim/core/effect.hpp"

namespace cacherace::engine {

/// One request of a trace. Traces record whole seconds, so a request has a place among those of its
/// second: it is number `index`, from 0, of `count`. Without times, all are in second 0.
struct Request {
  Key row = 0;
  std::optional<OperationKind> kind;  // nothing where the trace does not say
  std::uint64_t second = 0;           // since the first request
  std::uint64_t index = 0;
  std::uint64_t count = 1;
};

/// The requests of a trace, one after another.
class RequestSource {
 public:
  virtual ~RequestSource() = default;
  /// Nothing when the trace is over. An exception that it throws ends the run.
  virtual std::optional<Request> next() = 0;
};

}  // namespace cacherace::engine
