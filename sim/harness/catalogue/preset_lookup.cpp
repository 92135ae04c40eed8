#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/harness/catalogue/presets.hpp"

namespace cacherace::harness {

std::string Preset::title() const {
  const auto scenario = std::ranges::find(files, "scenario.json", &PresetFile::name);
  if (scenario == files.end()) return "";
  const auto json = nlohmann::json::parse(scenario->text, nullptr, false, true);
  return json.is_object() ? json.value("title", "") : "";
}

const Preset* preset(std::string_view name) {
  const auto found = std::ranges::find(presets(), name, &Preset::name);
  return found == presets().end() ? nullptr : &*found;
}

}  // namespace cacherace::harness
