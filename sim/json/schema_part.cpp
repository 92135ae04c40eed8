#include "sim/json/schema_part.hpp"

#include <nlohmann/json.hpp>

#include "sim/core/assert.hpp"

namespace cacherace::json {
namespace {

// Where `text` stands after `from`.
std::size_t found(std::string_view schema, const std::string& text, std::size_t from) {
  const auto at = schema.find(text, from);
  SIM_ASSERT(at != schema.npos);
  return at;
}

}  // namespace

std::string with_part(std::string_view schema, std::string_view name, std::string_view opening,
                      const std::vector<std::string>& lines) {
  const auto definition = found(schema, "\n    " + as_json(name) + ": {\n", 0);
  const auto opened = found(schema, std::string(opening) + "\n", definition);
  const auto line = schema.rfind('\n', opened) + 1;
  const std::string indent(opened - line, ' ');
  const char closing = opening.ends_with('{') ? '}' : ']';
  const auto closed = found(schema, "\n" + indent + closing, opened);
  std::string part;
  for (const std::string& each : lines) part += (part.empty() ? "\n  " : ",\n  ") + indent + each;
  return std::string(schema.substr(0, opened + opening.size())) + part +
         std::string(schema.substr(closed));
}

std::string as_json(std::string_view text) { return nlohmann::json(text).dump(); }

}  // namespace cacherace::json
