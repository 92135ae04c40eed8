#pragma once
// Reads the members of one JSON object; whatever nobody asked for is an unknown key.

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/json/collector.hpp"
#include "sim/json/node.hpp"

namespace cacherace::json {

/// A decoder is a function from (const Node&, Collector&) to an optional value; it has reported
/// what is wrong when it returns nothing.
class Fields {
 public:
  /// Reports a node that is no object, showing `example`; it is then read as if it were empty.
  Fields(const Node& node, Collector& problems, std::string_view example);

  /// Reports the unknown keys.
  ~Fields();

  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  bool is_object() const { return node_.type == Node::Type::object; }

  /// The member's value, or null. From now on the key is known. `key` outlives this.
  const Node* get(std::string_view key);

  /// Decodes the member into `out`. Returns its node if it is there and right, else null.
  template <typename T, typename Decode>
  const Node* read(std::string_view key, T& out, Decode&& decode) {
    const Node* member = get(key);
    if (member == nullptr) return nullptr;
    auto value = std::forward<Decode>(decode)(*member, problems_);
    if (!value) return nullptr;
    out = std::move(*value);
    return member;
  }

  /// The same for a member that must be there; reports its absence, showing `example`.
  template <typename T, typename Decode>
  const Node* need(std::string_view key, T& out, Decode&& decode, std::string_view example) {
    if (get(key) == nullptr) missing(key, example);
    return read(key, out, std::forward<Decode>(decode));
  }

  void missing(std::string_view key, std::string_view example);

 private:
  const Node& node_;
  Collector& problems_;
  std::vector<std::string_view> known_;
};

}  // namespace cacherace::json
