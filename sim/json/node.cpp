#include "sim/json/node.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cacherace::json {

namespace {

nlohmann::ordered_json to_json(const Node& node) {
  using Json = nlohmann::ordered_json;
  switch (node.type) {
    case Node::Type::null:
      return nullptr;
    case Node::Type::string:
      return node.text;
    case Node::Type::boolean:
    case Node::Type::number:
      return Json::parse(node.text);
    case Node::Type::array: {
      Json array = Json::array();
      for (const Node* child : node.children) array.push_back(to_json(*child));
      return array;
    }
    case Node::Type::object:
      break;
  }
  Json object = Json::object();
  for (const Node* child : node.children) object.emplace(child->key, to_json(*child));
  return object;
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [&](const Node* child) { return child->key == name; });
  return found == children.end() ? nullptr : *found;
}

std::string pointer_to(const Node& node) {
  if (node.parent == nullptr) return "";
  const bool member = node.parent->type == Node::Type::object;
  return pointer_to(*node.parent, member ? node.key : std::to_string(node.index));
}

std::string pointer_to(const Node& parent, std::string_view token) {
  std::string pointer = pointer_to(parent) + '/';
  for (const char c : token) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

std::string dump(const Node& node) { return to_json(node).dump(); }

}  // namespace cacherace::json
