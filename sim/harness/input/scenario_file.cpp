#include "sim/harness/input/scenario_file.hpp"

#include "sim/json/nearest.hpp"
#include "sim/scenario/file/load.hpp"
#include "sim/scenario/file/scenario_schema.hpp"
#include "sim/scenario/quantity.hpp"

namespace cacherace::harness {

Result<scenario::Scenario> load_scenario(std::string_view text, std::string_view file) {
  return scenario::load(text, file);
}

std::string_view scenario_schema() { return scenario::scenario_schema(); }

std::optional<Duration> duration_of(std::string_view text) {
  const auto [value, fault] = scenario::parse_duration(text);
  if (fault != scenario::Fault::none) return std::nullopt;
  return value;
}

std::optional<Bytes> size_of(std::string_view text) {
  const auto [value, fault] = scenario::parse_size(text);
  if (fault != scenario::Fault::none) return std::nullopt;
  return value;
}

std::string nearest_name(std::string_view text, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  return std::string(json::nearest(text, names).value_or(""));
}

}  // namespace cacherace::harness
