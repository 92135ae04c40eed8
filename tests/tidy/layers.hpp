#pragma once
// The layers of the design, each a folder, and what each may include.

#include <string>
#include <string_view>
#include <vector>

namespace cacherace::tidy {

struct Layer {
  std::string_view name;                 // its folder, as layer_of gives it: "harness/trace"
  std::vector<std::string_view> grants;  // what it may include besides itself

  bool may_use(std::string_view other) const;
  /// What CMake calls it: "harness_trace".
  std::string target() const;
};

/// All of them, from left to right: a layer may include only what stands before it.
const std::vector<Layer>& layers();

/// Nullptr when there is no such layer.
const Layer* find_layer(std::string_view name);
const Layer* layer_of_target(std::string_view target);

}  // namespace cacherace::tidy
