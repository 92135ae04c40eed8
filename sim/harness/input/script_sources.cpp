#include "sim/harness/input/script_sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "sim/core/utf8.hpp"
#include "sim/json/collector.hpp"
#include "sim/json/nearest.hpp"
#include "sim/json/node.hpp"
#include "sim/json/parse.hpp"
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

// The place in the scenario, and the file that was looked for.
Problem missing(const scenario::Scenario& scenario, const scenario::Strategy& strategy,
                const fs::path& path, const json::Node& root) {
  std::error_code trouble;
  Problem problem{.kind = Problem::Kind::file, .file = scenario.file, .fact = "", .fix = ""};
  const json::Node* strategies = root.find("strategies");
  const json::Node* own = strategies == nullptr ? nullptr : strategies->find(strategy.name);
  if (const json::Node* at = own == nullptr ? nullptr : own->find("script")) {
    problem.line = at->place.line;
    problem.column = at->place.column;
    problem.pointer = json::pointer_to(*at);
  }
  if (!fs::exists(path, trouble))
    problem.fact = fmt::format("there is no file {}", path.string());
  else if (!fs::is_regular_file(path, trouble))
    problem.fact = fmt::format("{} is no file", path.string());
  else
    problem.fact = fmt::format("{} cannot be read, or is no text of at most {} MiB", path.string(),
                               script_bytes_max >> 20U);
  problem.fix = "name a Lua file; a relative name starts at the folder of the scenario";
  return problem;
}

}  // namespace

namespace {

// Operations that the scenario names, each with where.
struct Named {
  std::string operation;
  const json::Node* at;
};

std::vector<Named> named_operations(const scenario::Scenario& scenario, const json::Node& root) {
  std::vector<Named> all;
  using Kind = scenario::Operation::Kind;
  if (const auto* clients = json::find_pointer(root, "/race/clients"))
    for (std::size_t i = 0; i < scenario.race.clients.size(); ++i) {
      const auto& operations = scenario.race.clients[i].operations;
      const auto& nodes = clients->children[i]->find("do")->children;
      for (std::size_t j = 0; j < operations.size(); ++j) {
        const auto kind = operations[j].kind;
        if (kind == Kind::read) all.push_back({"read", nodes[j]});
        if (kind == Kind::write) all.push_back({"write", nodes[j]});
        if (kind == Kind::call) all.push_back({operations[j].function, nodes[j]});
      }
    }
  if (const auto* flows = json::find_pointer(root, "/traffic/flows"))
    for (std::size_t i = 0; i < scenario.traffic.flows.size(); ++i) {
      const auto& mix = scenario.traffic.flows[i].mix;
      for (std::size_t j = 0; j < mix.size(); ++j)
        all.push_back({mix[j].operation, flows->children[i]->find("mix")->children[j]});
    }
  return all;
}

void check_operations(const scenario::Scenario& scenario, const scenario::Strategy& strategy,
                      const script::Program& program, const json::Node& root,
                      json::Collector& problems) {
  std::vector<std::string_view> known;
  for (const auto& operation : program.operations) known.push_back(operation.name);
  std::vector<std::string> said;
  for (const auto& [operation, at] : named_operations(scenario, root)) {
    if (program.operation(operation) != nullptr) continue;
    if (std::ranges::find(said, operation) != said.end()) continue;
    said.push_back(operation);
    const auto meant = json::nearest(operation, known);
    problems.meaning(
        *at,
        fmt::format("the script of strategy {}, {}, has no operation {}",
                    json::in_quotes(strategy.name), strategy.script->file,
                    json::in_quotes(operation)),
        meant
            ? fmt::format("did you mean {}?", json::in_quotes(*meant))
            : fmt::format("an operation is a global function: function {}(key) … end", operation));
  }
}

}  // namespace

Result<std::string> with_script_sources(const scenario::Scenario& scenario, std::string_view text) {
  const fs::path folder = fs::path(scenario.file).parent_path();
  json::Collector found(scenario.file);
  const auto document = json::parse(text, found);
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
        if (problem.kind == Problem::Kind::file)
          problem = missing(scenario, strategy, folder / problem.file, document->root());
        problems.push_back(std::move(problem));
      }
      continue;
    }
    check_operations(scenario, strategy, *program, document->root(), found);
    Json& sources = json["strategies"][strategy.name]["sources"];
    for (const auto& source : program->sources) sources[source.file] = source.text;
  }
  for (Problem& problem : found.take()) problems.push_back(std::move(problem));
  if (!problems.empty()) return problems;
  return json.dump();
}

}  // namespace cacherace::harness
