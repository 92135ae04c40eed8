#include "sim/harness/input/script_sources.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "sim/core/utf8.hpp"
#include "sim/scenario/script_program.hpp"

namespace cacherace::harness {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t script_bytes_max = 1U << 20U;

// Of a regular file of text that is not too large.
std::optional<std::string> text_of(const fs::path& path) {
  std::error_code trouble;
  if (!fs::is_regular_file(path, trouble) || fs::file_size(path, trouble) > script_bytes_max)
    return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file || first_not_utf8(text)) return std::nullopt;
  return text;
}

}  // namespace

Result<std::string> with_script_sources(const scenario::Scenario& scenario) {
  const fs::path folder = fs::path(scenario.file).parent_path();
  Json json = Json::parse(scenario.json);
  Problems problems;
  for (const auto& strategy : scenario.strategies) {
    if (!strategy.script || !strategy.script->sources.empty()) continue;
    const fs::path beside = fs::path(strategy.script->file).parent_path();
    const auto program = scenario::load_script(*strategy.script, [&](const std::string& file) {
      return text_of(file == strategy.script->file ? folder / file : folder / beside / file);
    });
    if (!program) {
      for (Problem problem : program.error()) {
        problem.file = (folder / problem.file).string();
        if (problem.kind == Problem::Kind::file)
          problem.fact =
              fmt::format("cannot be read as a script: no such file, or no text of at most {} MiB",
                          script_bytes_max >> 20U);
        problems.push_back(std::move(problem));
      }
      continue;
    }
    Json& sources = json["strategies"][strategy.name]["sources"];
    for (const auto& source : program->sources) sources[source.file] = source.text;
  }
  if (!problems.empty()) return problems;
  return json.dump();
}

}  // namespace cacherace::harness
