#include "sim/json/values.hpp"

namespace cacherace::json {

std::optional<std::string> text(const Node& node, Collector& problems) {
  if (node.type == Node::Type::string) return node.text;
  problems.mismatch(node, "a text", R"("text")");
  return std::nullopt;
}

std::optional<std::string> label(const Node& node, Collector& problems) {
  if (node.type == Node::Type::string && !node.text.empty()) return node.text;
  problems.mismatch(node, "a name", R"("web")");
  return std::nullopt;
}

std::optional<bool> boolean(const Node& node, Collector& problems) {
  if (node.type == Node::Type::boolean) return node.text == "true";
  problems.mismatch(node, "true or false", "true");
  return std::nullopt;
}

}  // namespace cacherace::json
