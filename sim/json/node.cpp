#include "sim/json/node.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/json/pointer.hpp"

namespace cacherace::json {

namespace {

void append(std::string& out, const Node& node);

void append_quoted(std::string& out, const std::string& text) {
  out += nlohmann::json(text).dump();
}

// The first of duplicate keys counts.
void append_members(std::string& out, const Node& object) {
  std::set<std::string_view> seen;
  const char* before = "";
  for (const Node* child : object.children) {
    if (!seen.insert(child->key).second) continue;
    out += before;
    append_quoted(out, child->key);
    out += ':';
    append(out, *child);
    before = ",";
  }
}

void append(std::string& out, const Node& node) {
  switch (node.type) {
    case Node::Type::null:
      out += "null";
      return;
    case Node::Type::string:
      return append_quoted(out, node.text);
    case Node::Type::boolean:
    case Node::Type::number:
      out += nlohmann::json::parse(node.text).dump();
      return;
    case Node::Type::array:
      out += '[';
      for (const Node* child : node.children) {
        if (child->index > 0) out += ',';
        append(out, *child);
      }
      out += ']';
      return;
    case Node::Type::object:
      out += '{';
      append_members(out, node);
      out += '}';
  }
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
  const auto tokens = tokens_of(pointer);
  if (!tokens) return nullptr;
  const Node* at = &root;
  for (const auto& token : *tokens) {
    const bool array = at->type == Node::Type::array;
    const auto found =
        std::find_if(at->children.begin(), at->children.end(), [&](const Node* child) {
          return array ? std::to_string(child->index) == token : child->key == token;
        });
    if (found == at->children.end()) return nullptr;
    at = *found;
  }
  return at;
}

std::string pointer_to(const Node& node) {
  return node.parent == nullptr ? "" : pointer_to(*node.parent) + '/' + token_of(node);
}

std::string pointer_to(const Node& parent, std::string_view token) {
  return pointer_to(parent) + '/' + escaped(token);
}

std::string dump(const Node& node) {
  std::string text;
  append(text, node);
  return text;
}

}  // namespace cacherace::json
