#pragma once
// What the writers of JSON share.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/report/report_result.hpp"

namespace cacherace::report {

/// File names need not be UTF-8: what is not gets a replacement character. `indent`: -1 for one
/// line.
std::string dumped(const nlohmann::ordered_json& json, int indent);

nlohmann::ordered_json microseconds(std::int64_t nanoseconds);

/// An interleaving as it stands in results.
nlohmann::ordered_json json_of(const Counterexample& shown);

}  // namespace cacherace::report
