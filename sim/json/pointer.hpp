#pragma once
// JSON pointers (RFC 6901) as texts.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::json {

/// The reference tokens of a pointer, unescaped; nothing where it is none.
std::optional<std::vector<std::string>> tokens_of(std::string_view pointer);

}  // namespace cacherace::json
