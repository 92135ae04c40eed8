#include "tests/cli/validation.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "tests/cli/program.hpp"

namespace cacherace::cli_test {

namespace {

const nlohmann::json& published(const std::string& name) {
  static std::map<std::string, nlohmann::json> known;
  const auto [entry, is_new] = known.try_emplace(name);
  if (is_new) {
    const auto printed = run(Folder(), {"schema", name});
    REQUIRE(printed.exit_code == 0);
    entry->second = nlohmann::json::parse(printed.out);
  }
  return entry->second;
}

}  // namespace

std::string faults(const std::string& schema_name, const std::string& text) {
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(
      valijson::adapters::NlohmannJsonAdapter(published(schema_name)), schema);
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return "not JSON: " + text;
  valijson::ValidationResults results;
  valijson::Validator(valijson::Validator::kStrongTypes)
      .validate(schema, valijson::adapters::NlohmannJsonAdapter(json), &results);
  std::string lines;
  for (const auto& error : results) {
    for (const auto& part : error.context) lines += part;
    lines.append(": ").append(error.description).append("\n");
  }
  return lines;
}

}  // namespace cacherace::cli_test
