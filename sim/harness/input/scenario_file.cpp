#include "sim/harness/input/scenario_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "sim/harness/input/script_sources.hpp"
#include "sim/json/nearest.hpp"
#include "sim/scenario/file/load.hpp"
#include "sim/scenario/file/scenario_schema.hpp"
#include "sim/scenario/meant.hpp"
#include "sim/scenario/quantity.hpp"

namespace cacherace::harness {

Result<scenario::Scenario> load_scenario(std::string_view text, std::string_view file) {
  auto loaded = scenario::load(text, file);
  const auto lacks_text = [](const scenario::Strategy& strategy) {
    return strategy.script && strategy.script->sources.empty();
  };
  if (!loaded || std::ranges::none_of(loaded->strategies, lacks_text)) return loaded;
  const auto complete = with_script_sources(*loaded, text);
  if (!complete) return complete.error();
  return scenario::load(*complete, file);
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

std::string duration_like(std::string_view text) {
  const auto meant = scenario::meant_duration(text);
  return meant.empty() || meant == text ? "30s" : meant;  // such as 0s
}

std::string size_like(std::string_view text) {
  const auto meant = scenario::meant_size(text);
  return meant.empty() || meant == text ? "512mb" : meant;
}

std::string nearest_name(std::string_view text, const std::vector<std::string>& known) {
  const std::vector<std::string_view> names(known.begin(), known.end());
  return std::string(json::nearest(text, names).value_or(""));
}

std::string did_you_mean(std::string_view text, const std::vector<std::string>& known,
                         std::string otherwise) {
  constexpr std::size_t names_max = 4, part_min = 3;
  std::vector<std::string> meant;
  const auto same_letter = [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  };
  for (const auto& name : known)
    if (text.size() >= part_min && !std::ranges::search(name, text, same_letter).empty())
      meant.push_back(name);
  if (meant.empty() || meant.size() > names_max) meant = {nearest_name(text, known)};
  if (meant.front().empty()) return otherwise;
  return fmt::format("did you mean \"{}\"?", fmt::join(meant, "\" or \""));
}

}  // namespace cacherace::harness
