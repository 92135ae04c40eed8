#pragma once
// Results from the JSON that to_json() makes of them.

#include <cstddef>
#include <string_view>

#include "sim/core/result.hpp"
#include "sim/report/report_result.hpp"

namespace cacherace::report {

/// A result is no larger.
inline constexpr std::size_t result_bytes_max = std::size_t{64} << 20U;

/// The result whose to_json() is `text`, so that every format of it can be made later; `file` is
/// its name in messages. Refuses, with places, what is no result of this version or an earlier one.
/// O(size of `text`).
cacherace::Result<Result> read_result(std::string_view text, std::string_view file);

}  // namespace cacherace::report
