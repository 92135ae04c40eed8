#include "sim/json/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cacherace::json {

Fields::Fields(const Node& node, Collector& problems, std::string_view example)
    : node_(node), problems_(problems) {
  if (!is_object()) problems_.mismatch(node_, "an object", example);
}

Fields::~Fields() {
  if (!is_object()) return;
  for (const Node* member : node_.children) {
    if (std::find(known_.begin(), known_.end(), member->key) == known_.end()) {
      problems_.unknown_key(*member, "key", known_);
    }
  }
}

const Node* Fields::get(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  return is_object() ? node_.find(key) : nullptr;
}

void Fields::missing(std::string_view key, std::string_view example) {
  if (!is_object()) return;
  problems_.shape(node_, fmt::format("{} is missing", in_quotes(key)),
                  fmt::format("add {}: {}", in_quotes(key), example));
}

}  // namespace cacherace::json
