#pragma once
// A trace as bytes: read once from start to end, never held whole.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/harness/trace/broken_run.hpp"

namespace cacherace::harness {

/// Thrown where a trace cannot be read on.
struct BrokenTrace : BrokenRun {};

/// A regular file behind a buffer of fixed size. Every function throws BrokenTrace when the file
/// cannot be read.
class TraceFile {
 public:
  explicit TraceFile(std::string path);

  /// The next line without its end, be it "\n" or "\r\n"; nothing at the end of the file. Valid
  /// until the next call. A line of more than 64 kB is an error.
  std::optional<std::string_view> line();

  /// The next `count` bytes, fewer only at the end of the file. Valid until the next call.
  std::string_view bytes(std::size_t count);

  /// What bytes() would return, which is then still there to be read.
  std::string_view ahead(std::size_t count);

  const std::string& path() const { return path_; }
  std::uint64_t size() const { return size_; }      // of the whole file
  std::uint64_t lines() const { return lines_; }    // read so far
  std::uint64_t offset() const { return offset_; }  // of the next byte

  [[noreturn]] void refuse(std::string fact, std::string fix) const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string_view pending() const { return {buffer_.data() + begin_, end_ - begin_}; }
  bool fill();
  void consume(std::size_t count);

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // what is not read yet
  std::uint64_t size_ = 0, lines_ = 0, offset_ = 0;
};

}  // namespace cacherace::harness
