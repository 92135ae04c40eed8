// What the shipped scenarios come to, side by side with what was approved.

#include <filesystem>

#include "sim/harness/catalogue/catalogue.hpp"
#include "sim/harness/compare/compare.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "tests/formats/laws.hpp"
#include "tests/support/prop.hpp"
#include "tests/support/root.hpp"

namespace cacherace::report {
namespace {

namespace fs = std::filesystem;

const fs::path golden = fs::path("reports") / "golden";

// "scenarios/field/x.json" -> "field/x.md"
fs::path approved_name(std::string_view scenario) {
  return fs::path(scenario).lexically_relative("scenarios").replace_extension(".md");
}

// As tools/approve has the program do it.
Result comparison_of(const harness::ShippedScenario& shipped) {
  const fs::path file = test::root() / shipped.path;  // traces stand beside it
  const auto scenario = harness::load_scenario(shipped.text, file.string());
  REQUIRE(scenario.has_value());
  harness::CompareOptions options;
  options.jobs = 2;
  options.run.replicates = 2;
  return harness::compare(*scenario, options).result;
}

TEST_CASE("each shipped scenario compares as approved, and survives JSON in every format") {
  const auto& all = harness::shipped_scenarios();
  for (std::size_t i = 0; i < all.size(); i += test::fast ? 1 : 12) {  // else too slow
    const auto& shipped = all[i];
    const auto result = comparison_of(shipped);
    check_survives_json(result);
    CAPTURE(shipped.path);
    const bool as_approved =
        render(result, Format::markdown) == test::content_of(golden / approved_name(shipped.path));
    if (!as_approved) FAIL_CHECK("differs from reports/golden; is that meant? see tools/approve");
  }
}

TEST_CASE("nothing is approved that is not shipped") {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(test::root() / golden))
    files += entry.is_regular_file();
  CHECK(files == harness::shipped_scenarios().size());
}

}  // namespace
}  // namespace cacherace::report
