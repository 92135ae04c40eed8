#include "tests/support/verdict.hpp"

#include <filesystem>
#include <fstream>

#include "sim/core/digest.hpp"

namespace cacherace::test {
namespace {

namespace fs = std::filesystem;

// The path of a file with this content, the same in every run.
std::string written(const std::string& content) {
  Digest digest;
  digest.add(content);
  const fs::path folder = fs::temp_directory_path() / "cacherace-failed";
  fs::create_directories(folder);
  const fs::path path = folder / (digest.hex() + ".json");
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

}  // namespace

std::string explain(const std::string& wanted, Verdict found, const Evidence& evidence) {
  const auto& [story, scenario, property, saved] = evidence;
  std::string text = "expected: " + wanted + "\nfound:    " + std::string(name(found)) + "\n";
  if (!property.empty()) text += "property: " + property + "\n";
  text += "\n" + story + "\n";
  if (!scenario.empty()) {
    text += "\nThe scenario:\n" + scenario + "\n\ncacherace search " + written(scenario);
    if (!property.empty()) text += " --property " + property;
    text += "\n";
  }
  if (!saved.empty()) text += "cacherace replay " + written(saved) + "\n";
  return text;
}

}  // namespace cacherace::test
