#pragma once
// Bytes as a trace that a scenario replays.

#include <string>
#include <string_view>

#include "sim/core/result.hpp"
#include "sim/scenario/traffic.hpp"

namespace cacherace::fuzz {

/// Which promise a problem breaks, or "": each has a place and a fact, and is printable.
std::string broken_promise_of(const Problems& problems);

std::string read_trace_bytes(std::string_view bytes, std::string_view format);

template <scenario::Trace::Format format>
std::string read_trace(std::string_view bytes) {
  using Format = scenario::Trace::Format;
  constexpr std::string_view name = format == Format::twitter         ? "twitter"
                                    : format == Format::plain         ? "plain"
                                    : format == Format::redis_monitor ? "redis-monitor"
                                                                      : "oracleGeneral";
  return read_trace_bytes(bytes, name);
}

}  // namespace cacherace::fuzz
