#pragma once
// Holds what the program prints against the schemas that it publishes.

#include <string>

namespace cacherace::cli_test {

/// What `text` does not share with the schema that `cacherace schema NAME` prints; "" when it is
/// valid.
std::string faults(const std::string& schema_name, const std::string& text);

}  // namespace cacherace::cli_test
