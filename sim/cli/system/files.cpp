#include "sim/cli/system/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace cacherace::cli {
namespace {

Problems trouble(const std::string& path, std::string fact, std::string fix = "") {
  return {{.kind = Problem::Kind::file,
           .file = path.empty() ? "\"\"" : path,
           .pointer = "",
           .fact = std::move(fact),
           .fix = std::move(fix)}};
}

std::string reason(int error) { return error == 0 ? "unknown error" : std::strerror(error); }

// An open file, closed in the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  /// What went wrong, or 0.
  int close() { return ::close(std::exchange(number_, -1)) == 0 ? 0 : errno; }

 private:
  int number_;
};

// A rename would put a file in the place of a device or pipe.
bool is_written_directly(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored) &&
         !std::filesystem::is_regular_file(path, ignored) &&
         !std::filesystem::is_directory(path, ignored);
}

std::string size_text(std::size_t bytes) { return fmt::format("{} MB", bytes >> 20U); }

// At most a byte more than `bytes_max`; an errno, or 0.
int read_some(int descriptor, std::size_t bytes_max, std::string& content) {
  std::array<char, 1U << 16U> buffer;
  while (content.size() <= bytes_max) {
    const auto wanted = std::min(buffer.size(), bytes_max + 1 - content.size());
    const auto got = ::read(descriptor, buffer.data(), wanted);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return 0;
}

Result<std::string> read_descriptor(int descriptor, const std::string& name, const Readable& as) {
  struct stat status{};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode))
    return trouble(name, "is a directory", "name a file");
  std::string content;
  if (const int error = read_some(descriptor, as.bytes_max, content); error != 0)
    return trouble(name, "cannot be read: " + reason(error));
  if (content.size() <= as.bytes_max) return content;
  return Problems{
      {.kind = Problem::Kind::meaning,
       .file = name,
       .pointer = "",
       .fact = fmt::format("is larger than {}, the limit for {}", size_text(as.bytes_max), as.what),
       .fix = fmt::format("name {}", as.what)}};
}

}  // namespace

Result<std::string> read_file(const std::string& path, const Readable& as) {
  if (path == "-") {
    static bool was_read = false;
    if (std::exchange(was_read, true))
      return Problems{{.kind = Problem::Kind::meaning,
                       .file = "stdin",
                       .pointer = "",
                       .fact = "was already read",
                       .fix = "give - once, and name files for the others"}};
    return read_descriptor(STDIN_FILENO, "stdin", as);
  }
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return trouble(path, "cannot be read: " + reason(errno));
  return read_descriptor(file.number(), path, as);
}

// ---- writing -----------------------------------------------------------------------------------

namespace {

// `path` is a new one in the folder.
Result<void> may_add(const std::filesystem::path& folder, const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0 && errno != ENOENT)  // a name that is too long
    return trouble(path, "cannot be written: " + reason(errno));
  if (::access((folder / ".").c_str(), W_OK | X_OK) != 0)
    return trouble(path, "cannot be written: " + reason(errno));
  return {};
}

// A new file beside `path`, and its name, which is short: that of `path` may be as long as any.
Descriptor open_beside(const std::string& path, std::string& name) {
  constexpr int attempts_max = 100;
  const auto folder = std::filesystem::path(path).parent_path();
  int descriptor = -1;
  for (int i = 0; descriptor < 0 && i < attempts_max; ++i) {
    name = (folder / fmt::format(".cacherace-{}-{}.tmp", ::getpid(), i)).string();
    descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST) break;
  }
  return Descriptor(descriptor);
}

}  // namespace

Result<void> may_write(const std::string& path, bool overwrite) {
  if (is_written_directly(path)) return {};
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return trouble(path, "is a directory", "name a file");
  if (!overwrite && std::filesystem::exists(path, ignored))
    return trouble(path, "already exists", "name another file, or pass --force to overwrite it");
  return may_add(std::filesystem::path(path).parent_path(), path);
}

Result<void> may_make_folder(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return may_add(path, path);
  if (std::filesystem::exists(path, ignored)) return trouble(path, "is a file", "name a folder");
  return may_add(std::filesystem::path(path).parent_path(), path);
}

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directory(path, error);
  if (error) return trouble(path, "cannot be created: " + error.message());
  return {};
}

int write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {  // a pipe that does not block, and is full
      pollfd room{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&room, 1, -1);
      continue;
    }
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Result<void> write_file(const std::string& path, const std::string& content, bool overwrite) {
  if (const auto allowed = may_write(path, overwrite); !allowed) return allowed;
  const auto failed = [&](int error) {
    return trouble(path, "cannot be written: " + reason(error));
  };
  if (is_written_directly(path)) {
    Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (device.number() < 0) return failed(errno);
    if (const int error = write_all(device.number(), content); error != 0) return failed(error);
    return {};
  }
  std::string temporary;
  Descriptor file = open_beside(path, temporary);
  if (file.number() < 0) return failed(errno);
  int error = write_all(file.number(), content);
  if (const int on_close = file.close(); error == 0) error = on_close;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return {};
  ::unlink(temporary.c_str());
  return failed(error);
}

}  // namespace cacherace::cli
