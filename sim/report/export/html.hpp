#pragma once
// A result as one self-contained HTML page.

#include <string>

namespace cacherace::report {

/// The page that draws `result_json`, a result as to_json() writes it, with `title` as the title of
/// its window. It loads nothing and runs no script but its own, whatever the strings of the result
/// hold. The same arguments give the same bytes. O(size of the template and the result).
std::string to_html(const std::string& result_json, const std::string& title);

}  // namespace cacherace::report
