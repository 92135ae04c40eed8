#pragma once
// A JSON value that knows where it stands in its file.

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::json {

/// Both count from 1; columns count Unicode code points.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;

  auto operator<=>(const Place&) const = default;
};

struct Node {
  enum class Type { null, boolean, number, string, array, object };

  Type type = Type::null;
  Place place;
  const Node* parent = nullptr;  // null for the root
  std::size_t index = 0;         // among the parent's children
  std::string key;               // of a member of an object
  Place key_place;
  std::string text;                   // a string's content, a number's digits, "true" or "false"
  std::vector<const Node*> children;  // in the file's order; the first of duplicate keys counts

  /// The first member called `name`, or null. O(members).
  const Node* find(std::string_view name) const;
};

/// The node that a JSON pointer (RFC 6901) leads to from `root`, or null. O(members on the way).
const Node* find_pointer(const Node& root, std::string_view pointer);

/// JSON pointer (RFC 6901) of `node`; "" for the root. O(its length).
std::string pointer_to(const Node& node);

/// `parent` extended by one reference token, with ~ and / escaped.
std::string pointer_to(const Node& parent, std::string_view token);

/// Owns a tree; moving it keeps every Node where it is.
struct Document {
  std::deque<Node> nodes;

  const Node& root() const { return nodes.front(); }
};

/// The tree as JSON without spacing, members in the file's order, numbers in their shortest form.
std::string dump(const Node& node);

}  // namespace cacherace::json
