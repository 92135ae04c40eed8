#pragma once
// The picture of the layers in docs/design.md, drawn from the rules.

#include <string>
#include <string_view>

namespace cacherace::tidy {

/// A line for each folder of `parent`, or for each layer under sim/ when it is "": its name at the
/// end, further right than the names before it, and an x below each of those that it may include.
std::string layer_picture(std::string_view parent);

}  // namespace cacherace::tidy
