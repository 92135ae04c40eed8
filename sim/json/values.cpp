#include "sim/json/values.hpp"

#include <charconv>
#include <limits>

namespace cacherace::json {
namespace {

// What was written, in quotes; or the example, where that is null or nothing.
std::string as_text(const Node& node, std::string_view example) {
  const bool is_null = node.type == Node::Type::null;
  return in_quotes(is_null || node.text.empty() ? example : node.text);
}

}  // namespace

std::optional<std::string> text(const Node& node, Collector& problems) {
  if (node.type == Node::Type::string) return node.text;
  problems.mismatch(node, "a text", as_text(node, "text"));
  return std::nullopt;
}

std::optional<std::string> label(const Node& node, Collector& problems) {
  if (node.type == Node::Type::string && !node.text.empty()) return node.text;
  problems.mismatch(node, "a name", as_text(node, "web"));
  return std::nullopt;
}

std::optional<bool> boolean(const Node& node, Collector& problems) {
  if (node.type == Node::Type::boolean) return node.text == "true";
  problems.mismatch(node, "true or false",
                    node.text == "false" || node.text == "0" ? "false" : "true");
  return std::nullopt;
}

std::optional<std::uint64_t> natural(const Node& node, Collector& problems) {
  std::uint64_t value = 0;
  const char* end = node.text.data() + node.text.size();
  const auto [stop, error] = std::from_chars(node.text.data(), end, value);
  if (node.type == Node::Type::number && error == std::errc{} && stop == end) return value;
  problems.mismatch(node, "a whole number", "1");
  return std::nullopt;
}

std::optional<std::uint32_t> natural32(const Node& node, Collector& problems) {
  const auto value = natural_up_to(std::numeric_limits<std::uint32_t>::max())(node, problems);
  return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
}

std::optional<double> real(const Node& node, Collector& problems) {
  double value = 0;
  const char* end = node.text.data() + node.text.size();
  const auto [stop, error] = std::from_chars(node.text.data(), end, value);
  if (node.type == Node::Type::number && error == std::errc{} && stop == end) return value;
  problems.mismatch(node, "a number", "0.5");
  return std::nullopt;
}

}  // namespace cacherace::json
