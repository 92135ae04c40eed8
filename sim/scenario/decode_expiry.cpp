// The expiry slot: how long entries live.

#include <array>

#include "sim/scenario/decode_slots.hpp"
#include "sim/scenario/decode_values.hpp"

namespace cacherace::scenario {

std::optional<Expiry> expiry_slot(const Node& node, Collector& problems) {
  constexpr std::string_view example = R"({ "ttl": "60s" })";
  Expiry out;
  if (node.type == Node::Type::string && node.text == "none") return out;
  if (node.type == Node::Type::string) {
    problems.unknown_value(node, "choice", std::array<std::string_view, 1>{"none"});
    return std::nullopt;
  }
  if (node.type != Node::Type::object || node.children.empty()) {
    problems.mismatch(node, R"("none", or an object with "ttl" or "negative")", example);
    return std::nullopt;
  }
  Fields fields(node, problems, example);
  fields.read("ttl", out.ttl, positive_duration);
  fields.read("jitter", out.jitter, share);
  fields.read("negative", out.negative, positive_duration);
  return out;
}

}  // namespace cacherace::scenario
