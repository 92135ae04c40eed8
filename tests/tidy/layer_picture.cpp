#include "tests/tidy/layer_picture.hpp"

#include <algorithm>
#include <vector>

#include "tests/tidy/layers.hpp"

namespace cacherace::tidy {

namespace {

/// The folder of `parent` that a layer is, or is in; "" for one that is elsewhere.
std::string_view folder_of(std::string_view layer, std::string_view parent) {
  if (layer.starts_with("tests/")) return "";
  if (!parent.empty()) {
    if (!layer.starts_with(parent) || layer.substr(parent.size(), 1) != "/") return "";
    layer.remove_prefix(parent.size() + 1);
  }
  return layer.substr(0, layer.find('/'));
}

struct Stair {
  std::string_view folder;
  std::vector<std::string_view> grants;  // of all that is in the folder
};

}  // namespace

std::string layer_picture(std::string_view parent) {
  std::vector<Stair> stairs;
  for (const Layer& layer : layers()) {
    const auto folder = folder_of(layer.name, parent);
    if (folder.empty()) continue;
    if (stairs.empty() || stairs.back().folder != folder) stairs.push_back({folder, {}});
    for (const auto grant : layer.grants) stairs.back().grants.push_back(folder_of(grant, parent));
  }
  std::string text;
  for (std::size_t i = 0; i < stairs.size(); ++i) {
    for (std::size_t below = 0; below < i; ++below) {
      const auto& [name, unused] = stairs[below];
      const bool may = std::ranges::find(stairs[i].grants, name) != stairs[i].grants.end();
      text += (may ? "x" : " ") + std::string(name.size(), ' ');
    }
    text += std::string(stairs[i].folder) + "\n";
  }
  return text;
}

}  // namespace cacherace::tidy
