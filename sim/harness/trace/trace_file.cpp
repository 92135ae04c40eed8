#include "sim/harness/trace/trace_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace cacherace::harness {
namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 16;

[[noreturn]] void cannot_read(const std::string& path, const std::string& why,
                              const std::string& fix = "") {
  throw BrokenTrace{
      {{.kind = Problem::Kind::file, .file = path, .pointer = "", .fact = why, .fix = fix}}};
}

}  // namespace

TraceFile::TraceFile(std::string path) : path_(std::move(path)), buffer_(buffer_size) {
  std::error_code error;
  const auto status = std::filesystem::status(path_, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    cannot_read(path_, "is not a regular file, and a trace is read more than once",
                "name a file on disk");
  errno = 0;
  file_.reset(std::fopen(path_.c_str(), "rb"));
  if (!file_)
    cannot_read(path_, fmt::format("cannot be read: {}", std::strerror(errno)),
                "a relative path of a trace starts at the folder of the scenario file");
  std::setvbuf(file_.get(), nullptr, _IONBF, 0);
  size_ = std::filesystem::file_size(path_, error);
  if (error) cannot_read(path_, fmt::format("cannot be read: {}", error.message()));
}

bool TraceFile::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  errno = 0;
  const std::size_t got = std::fread(buffer_.data() + end_, 1, buffer_.size() - end_, file_.get());
  if (std::ferror(file_.get()) != 0)
    cannot_read(path_, fmt::format("cannot be read further than byte {}: {}", offset_ + end_,
                                   std::strerror(errno)));
  end_ += got;
  return got > 0;
}

void TraceFile::consume(std::size_t count) {
  begin_ += count;
  offset_ += count;
}

std::optional<std::string_view> TraceFile::line() {
  std::size_t length = pending().find('\n');
  while (length == std::string_view::npos) {
    const std::size_t searched = end_ - begin_;
    if (searched == buffer_.size()) {
      ++lines_;
      refuse("a line of more than 64 kB", "is it a trace of another format?");
    }
    if (!fill()) break;
    length = pending().find('\n', searched);
  }
  if (pending().empty()) return std::nullopt;
  ++lines_;
  const bool ended = length != std::string_view::npos;
  std::string_view text = pending().substr(0, length);
  consume(text.size() + (ended ? 1 : 0));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string_view TraceFile::ahead(std::size_t count) {
  while (end_ - begin_ < count && fill()) {
  }
  return pending().substr(0, count);
}

std::string_view TraceFile::bytes(std::size_t count) {
  const std::string_view found = ahead(count);
  consume(found.size());
  return found;
}

void TraceFile::refuse(std::string fact, std::string fix) const {
  throw BrokenTrace{{{.kind = Problem::Kind::syntax,
                      .file = path_,
                      .line = lines_,
                      .column = 1,
                      .pointer = "",
                      .fact = std::move(fact),
                      .fix = std::move(fix)}}};
}

}  // namespace cacherace::harness
