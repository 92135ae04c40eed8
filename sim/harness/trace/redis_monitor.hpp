#pragma once
// What `redis-cli MONITOR` prints, line by line.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/effect.hpp"

namespace cacherace::harness {

/// `1339518083.107412 [0 127.0.0.1:60866] "get" "user:7"`: when, and the words of the command.
struct MonitorLine {
  std::uint64_t second = 0;
  std::vector<std::string> words;  // at least one, without their escapes
};

/// Nothing when it is no such line. O(size).
std::optional<MonitorLine> monitor_line(std::string_view line);

/// What a command does to the values of keys.
struct MonitoredAccess {
  OperationKind kind = OperationKind::read;
  std::vector<std::string_view> keys;  // in the words
};

/// Nothing for a command that neither reads nor changes values of keys that it names, or lacks its
/// arguments: PING, EXPIRE, SCAN, EVAL (whose own commands follow), …
std::optional<MonitoredAccess> access_of(const MonitorLine& line);

}  // namespace cacherace::harness
