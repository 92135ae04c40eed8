#pragma once
// Scenario files, for those who run them.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/core/units.hpp"
#include "sim/json/parse.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// A scenario file is no larger.
inline constexpr std::size_t scenario_bytes_max = json::text_bytes_max;

/// Decodes the text of a scenario file; `file` is its name in messages. Every problem at once.
Result<scenario::Scenario> load_scenario(std::string_view text, std::string_view file);

/// The JSON schema (draft-07) of scenario files.
std::string_view scenario_schema();

/// A duration or a size as scenario files write them: "1.5s", "2gb". Nothing when it is none.
std::optional<Duration> duration_of(std::string_view text);
std::optional<Bytes> size_of(std::string_view text);

/// One as it is written, for a message about `text`: with its number, if it has one ("5min" for
/// "5m"), or else just any.
std::string duration_like(std::string_view text);
std::string size_like(std::string_view text);

/// The one of `known` that `text` is probably meant to be, or "".
std::string nearest_name(std::string_view text, const std::vector<std::string>& known);

/// `did you mean "x" or "y"?` for the few of `known` that contain `text`, or else for the nearest;
/// `otherwise` when there is none. Capitals and small letters are alike.
std::string did_you_mean(std::string_view text, const std::vector<std::string>& known,
                         std::string otherwise);

}  // namespace cacherace::harness
