#include "tests/cli/validation.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "tests/cli/program.hpp"

namespace cacherace::cli_test {

std::string faults(const std::string& schema_name, const std::string& text) {
  const Folder folder;
  const auto printed = run(folder, {"schema", schema_name});
  REQUIRE(printed.exit_code == 0);
  const auto schema_json = nlohmann::json::parse(printed.out);
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_json),
                                          schema);
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return "not JSON: " + text;
  valijson::ValidationResults results;
  valijson::Validator(valijson::Validator::kStrongTypes)
      .validate(schema, valijson::adapters::NlohmannJsonAdapter(json), &results);
  std::string lines;
  for (const auto& error : results) {
    for (const auto& part : error.context) lines += part;
    lines += ": " + error.description + "\n";
  }
  return lines;
}

}  // namespace cacherace::cli_test
