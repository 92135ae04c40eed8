#pragma once
// A trace as records.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/effect.hpp"
#include "sim/harness/trace/trace_file.hpp"
#include "sim/scenario/traffic.hpp"

namespace cacherace::harness {

struct TraceRecord {
  std::uint64_t key = 0;              // equal for equal keys: a number, or a digest of a text
  std::uint64_t second = 0;           // as recorded; 0 where none is
  std::optional<OperationKind> kind;  // nothing where none is recorded
};

/// Reads a trace record by record. Every function throws BrokenTrace, with line or byte, for a file
/// that cannot be read, holds no record or is of another format, and for a record that is
/// malformed, cut off, or earlier than the one before.
class TraceReader {
 public:
  /// `fold`: patterns as in scenarios; keys that begin with what one of them matches are the same.
  TraceReader(const std::string& path, scenario::Trace::Format format,
              std::vector<std::string> fold = {});

  /// Nothing when the trace is over. O(size of the record).
  std::optional<TraceRecord> next();

  /// How often commands were left out that are no operations on values, by name: of redis-monitor.
  const std::map<std::string, std::uint64_t>& ignored() const { return ignored_; }

  /// Says that something is wrong with the record that was read last.
  [[noreturn]] void refuse(std::string fact, std::string fix) const;

 private:
  std::optional<TraceRecord> read();
  std::optional<TraceRecord> next_monitored();
  std::uint64_t key_of(std::string_view key) const;
  void check_binary();

  TraceFile file_;
  scenario::Trace::Format format_;
  std::vector<std::string> fold_;
  std::vector<TraceRecord> of_line_;  // of one command, the last first
  std::map<std::string, std::uint64_t> ignored_;
  std::uint64_t last_second_ = 0;
};

}  // namespace cacherace::harness
