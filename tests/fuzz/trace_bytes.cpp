#include "tests/fuzz/trace_bytes.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/trace/trace_file.hpp"
#include "sim/harness/trace/traces.hpp"

namespace cacherace::fuzz {
namespace {

// A file that is nowhere on disk, and has a name all the same.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("trace", MFD_CLOEXEC)) {
    while (!bytes.empty()) {
      const auto written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

// Three keys' worth of rows, or as many as hashes find.
scenario::Scenario replaying(const MemoryFile& file, std::string_view format, bool hashed) {
  std::string flow = R"({"name": "recorded", "trace": ")" + file.path() + R"(", "format": ")";
  flow.append(format).append(format == "plain" ? R"(", "rate": "10/s")" : R"(", "speed": 0.001)");
  if (hashed) flow += R"(, "rows": "hashed")";
  return *harness::load_scenario(
      R"({"keys": {"count": 3}, "traffic": {"duration": "10s", "flows": [)" + flow + "}]}}",
      "x.json");
}

}  // namespace

std::string read_trace_bytes(std::string_view bytes, std::string_view format) {
  const MemoryFile file(bytes);
  for (const bool hashed : {false, true}) {
    const auto scenario = replaying(file, format, hashed);
    const auto problems = harness::check_traces(scenario);
    if (!problems.empty()) return broken_promise_of(problems);
    try {
      const harness::Traces traces(scenario);
      auto* source = traces.sources().front();
      while (source->next()) {
      }
      traces.notes();
    } catch (const harness::BrokenTrace& broken) {
      if (auto says = broken_promise_of({broken.problem}); !says.empty()) return says;
    }
  }
  return "";
}

}  // namespace cacherace::fuzz
