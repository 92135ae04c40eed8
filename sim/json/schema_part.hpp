#pragma once
// The parts of a published schema that are made from a table.

#include <string>
#include <string_view>
#include <vector>

namespace cacherace::json {

/// `schema` with `lines` as the members or elements that its definition `name` opens with
/// `opening`, such as `"properties": {`, in the place of those that are there. Aborts when there is
/// no such place. O(size).
std::string with_part(std::string_view schema, std::string_view name, std::string_view opening,
                      const std::vector<std::string>& lines);

/// `"text"` as JSON.
std::string as_json(std::string_view text);

}  // namespace cacherace::json
