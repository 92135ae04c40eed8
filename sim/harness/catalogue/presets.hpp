#pragma once
// What `cacherace init` writes: scenarios with scripts that do what well-known libraries do.

#include <string>
#include <string_view>
#include <vector>

namespace cacherace::harness {

struct PresetFile {
  std::string_view name;
  std::string_view text;
};

/// A folder that runs as it is: scenario.json, the scripts that it names, README.md.
struct Preset {
  std::string_view name;
  std::vector<PresetFile> files;

  /// The title of its scenario.
  std::string title() const;
};

/// By name.
const std::vector<Preset>& presets();
/// The preset of that name, or nullptr.
const Preset* preset(std::string_view name);

}  // namespace cacherace::harness
