#pragma once
// Trace files for tests.

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace cacherace::harness {

/// A temporary folder; gone when the test is over.
class TraceFolder {
 public:
  TraceFolder() {
    static int count = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("cacherace-traces-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(folder_);
  }
  ~TraceFolder() { std::filesystem::remove_all(folder_); }
  TraceFolder(const TraceFolder&) = delete;
  TraceFolder& operator=(const TraceFolder&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }

 private:
  std::filesystem::path folder_;
};

/// A record of oracleGeneral that is not asked for again.
inline std::string binary_record(std::uint32_t second, std::uint64_t key, std::uint32_t size) {
  std::string bytes;
  const auto append = [&](std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  };
  append(second, 4);
  append(key, 8);
  append(size, 4);
  append(~std::uint64_t{0}, 8);
  return bytes;
}

}  // namespace cacherace::harness
