// A strategy that is a script.

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/strategies/decode_slots.hpp"

namespace cacherace::scenario {

namespace {

using script::Setting;

constexpr std::string_view example = R"({ "script": "cache.lua", "with": { "ttl": "60s" } })";

std::optional<Setting> setting(const Node& node, Collector& problems);

std::optional<std::int64_t> integer(const Node& node, Collector& problems) {
  constexpr std::int64_t max = 1'000'000'000'000;
  const bool negative = node.text.starts_with('-');
  const std::string digits = node.text.substr(negative ? 1 : 0);
  const bool whole =
      !digits.empty() && digits.size() <= 13 &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  const std::int64_t value = whole ? std::stoll(digits) : max + 1;
  if (value <= max) return negative ? -value : value;
  problems.mismatch(
      node, "a whole number up to 10^12, a text, a truth value, or a list or object of them",
      R"("60s")");
  return std::nullopt;
}

bool add_children(const Node& node, Setting& out, Collector& problems) {
  bool all = true;
  for (const Node* child : node.children) {
    auto item = setting(*child, problems);
    all &= item.has_value();
    if (!item) continue;
    item->name = child->key;
    out.items.push_back(*std::move(item));
  }
  return all;
}

std::optional<Setting> setting(const Node& node, Collector& problems) {
  Setting out;
  switch (node.type) {
    case Node::Type::boolean:
      out.kind = Setting::Kind::boolean;
      out.boolean = node.text == "true";
      return out;
    case Node::Type::number: {
      const auto value = integer(node, problems);
      if (!value) return std::nullopt;
      out.kind = Setting::Kind::integer;
      out.integer = *value;
      return out;
    }
    case Node::Type::string:
      out.kind = Setting::Kind::text;
      out.text = node.text;
      return out;
    case Node::Type::array:
      out.kind = Setting::Kind::list;
      return add_children(node, out, problems) ? std::optional(out) : std::nullopt;
    case Node::Type::object:
      return add_children(node, out, problems) ? std::optional(out) : std::nullopt;
    case Node::Type::null:
      break;
  }
  problems.mismatch(node, "a setting that is something", R"("60s")");
  return std::nullopt;
}

std::optional<Setting> settings(const Node& node, Collector& problems) {
  if (node.type == Node::Type::object) return setting(node, problems);
  problems.mismatch(node, "an object of settings", R"({ "ttl": "60s" })");
  return std::nullopt;
}

std::optional<std::string> file_name(const Node& node, Collector& problems) {
  if (node.type == Node::Type::string && !node.text.empty()) return node.text;
  problems.mismatch(node, "the name of a Lua file", R"("cache.lua")");
  return std::nullopt;
}

std::optional<std::vector<ScriptSource>> sources(const Node& node, Collector& problems) {
  const bool texts = node.type == Node::Type::object &&
                     std::all_of(node.children.begin(), node.children.end(),
                                 [](const Node* each) { return each->type == Node::Type::string; });
  if (!texts) {
    problems.mismatch(node, "an object with the text of each file", R"({ "cache.lua": "…" })");
    return std::nullopt;
  }
  std::vector<ScriptSource> out;
  for (const Node* child : node.children) out.push_back({.file = child->key, .text = child->text});
  return out;
}

}  // namespace

std::optional<Strategy> scripted_strategy(const Node& node, Collector& problems) {
  constexpr std::uint32_t script_processes_max = 64;
  Strategy out;
  out.name = node.key;
  Script& script = out.script.emplace();
  Fields fields(node, problems, example);
  fields.need("script", script.file, file_name, R"("cache.lua")");
  fields.read("with", script.settings, settings);
  fields.read("sources", script.sources, sources);
  fields.read("processes", script.processes, count<std::uint32_t>(1, script_processes_max));
  fields.read("message", script.message, latency);
  fields.read("read", out.read, read_slot);
  fields.read("load", out.load, load_slot);
  fields.read("fill", out.fill, fill_slot);
  fields.read("write", out.write, write_slot);
  fields.read("expiry", out.expiry, expiry_slot);
  fields.read("guards", out.guards, guards_slot);
  for (const std::string_view slot : {"read", "load", "fill", "write", "expiry", "guards"}) {
    const Node* written = fields.get(slot);
    if (written == nullptr) continue;
    problems.add(Problem::Kind::meaning, written->key_place, pointer_to(*written),
                 fmt::format("a strategy that is a script has no \"{}\"", slot),
                 "leave it out; the script says what is done");
  }
  return out;
}

}  // namespace cacherace::scenario
