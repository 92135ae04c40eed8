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

// A reference token of a JSON pointer.
std::string escaped(std::string_view token) {
  std::string text;
  for (const char c : token) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

// The one that leads from its parent to `node`.
std::string token_of(const Node& node) {
  const bool member = node.parent->type == Node::Type::object;
  return member ? escaped(node.key) : std::to_string(node.index);
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [&](const Node* child) { return child->key == name; });
  return found == children.end() ? nullptr : *found;
}

const Node* find_pointer(const Node& root, std::string_view pointer) {
  if (pointer.empty()) return &root;
  for (const Node* child : root.children) {
    const std::string token = "/" + token_of(*child);
    if (pointer == token) return child;
    if (pointer.starts_with(token + "/")) return find_pointer(*child, pointer.substr(token.size()));
  }
  return nullptr;
}

std::string pointer_to(const Node& node) {
  return node.parent == nullptr ? "" : pointer_to(*node.parent) + '/' + token_of(node);
}

std::string pointer_to(const Node& parent, std::string_view token) {
  return pointer_to(parent) + '/' + escaped(token);
}

std::string dump(const Node& node) { return to_json(node).dump(); }

}  // namespace cacherace::json
