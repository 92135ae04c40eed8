#include "tests/formats/outside.hpp"

#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace cacherace::report {

std::optional<std::string> read_by(const std::string& program, const std::string& command,
                                   const std::string& input) {
  if (std::system(("command -v " + program + " >/dev/null 2>&1").c_str()) != 0)
    SKIP("this machine has no " + program);
  std::string file = (std::filesystem::temp_directory_path() / "cacherace-XXXXXX").string();
  const int descriptor = ::mkstemp(file.data());
  REQUIRE(descriptor >= 0);
  ::close(descriptor);
  std::ofstream(file, std::ios::binary) << input;
  std::string line = command;
  line.replace(line.find("{}"), 2, file);
  std::FILE* pipe = ::popen(line.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe))
    output.append(buffer.data(), count);
  const int status = ::pclose(pipe);
  std::filesystem::remove(file);
  if (status != 0) return std::nullopt;
  return output;
}

}  // namespace cacherace::report
