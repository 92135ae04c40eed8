// The expiry slot: how long entries live.

#include <fmt/format.h>

#include <array>
#include <utility>

#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/strategies/decode_slots.hpp"

namespace cacherace::scenario {

namespace {

// Choices that are known by a name, and written by their options alone.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> named{{
    {"fixed", R"({ "ttl": "60s" })"},
    {"jitter", R"({ "ttl": "60s", "jitter": "10%" })"},
    {"negative", R"({ "negative": "5s" })"},
}};

void unknown_name(const Node& node, Collector& problems) {
  for (const auto& [name, written] : named)
    if (node.text == name)
      return problems.shape(node, fmt::format("{} needs options", in_quotes(name)),
                            fmt::format("write {}", written));
  problems.unknown_value(node, "choice", std::array<std::string_view, 1>{"none"});
}

}  // namespace

std::optional<Expiry> expiry_slot(const Node& node, Collector& problems) {
  constexpr std::string_view example = R"({ "ttl": "60s" })";
  Expiry out;
  if (node.type == Node::Type::string && node.text == "none") return out;
  if (node.type == Node::Type::string) {
    unknown_name(node, problems);
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
