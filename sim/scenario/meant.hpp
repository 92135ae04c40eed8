#pragma once
// What a malformed quantity was meant to be: the number that was written, with a unit that we know.

#include <string>
#include <string_view>

namespace cacherace::scenario {

/// "2min" for "2m" or "2 Minutes"; "" when there is no telling, as there is none for "2" or "soon".
/// What is well-formed stays as it is.
std::string meant_duration(std::string_view text);

/// "5ms..30ms" for "5 ms..30 ms"; and what meant_duration() says of a single one.
std::string meant_durations(std::string_view text);

/// "2000/s" for "2000 req/s", "2000rps" or "2000".
std::string meant_rate(std::string_view text);

/// "64mb" for "64MiB" or "64 M".
std::string meant_size(std::string_view text);

/// "5%" for "5 %", "5 percent" or "5".
std::string meant_percentage(std::string_view text);

}  // namespace cacherace::scenario
