#include "sim/drive/session/model_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/json/fields.hpp"
#include "sim/json/parse.hpp"
#include "sim/json/values.hpp"

namespace cacherace::drive {
namespace {

using json::Collector;
using json::Fields;
using json::Node;

constexpr std::size_t model_bytes_max = std::size_t{16} << 20U;

constexpr std::array performable{"cache.", "db.read ", "db.write ", "db.commit", "db.rollback"};

std::optional<ModelOrder::Step> model_step(const Node& node, Collector& problems) {
  Fields fields(node, problems, R"({ "client": "reader-1", "effect": "cache.get user:7" })");
  ModelOrder::Step out;
  std::string operation;
  for (const char* known : {"result", "at_us", "args"}) fields.get(known);
  fields.need("client", out.client, json::text, R"("reader-1")");
  fields.read("operation", operation, json::text);
  const Node* effect = fields.need("effect", out.effect, json::text, R"("cache.get user:7")");
  const bool is_known = std::ranges::any_of(
      performable, [&](const char* begin) { return out.effect.starts_with(begin); });
  if (effect != nullptr && (!is_known || operation.empty()))
    problems.meaning(
        *effect,
        fmt::format("the step \"{}\" is not supported: an application can only be made "
                    "to send its commands in another order",
                    out.effect),
        "search the model without faults and time");
  return out;
}

// Which of the model's words a command is written by.
std::string word_of(const std::string& command) {
  if (command == "SETNX" || command == "SETEX" || command == "PSETEX") return "set";
  if (command == "UNLINK") return "del";
  std::string out = command;
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

Result<ModelOrder> read_model_order(const std::string& text, const std::string& name) {
  Collector problems(name);
  const auto document = json::parse(text, problems, model_bytes_max);
  ModelOrder out;
  if (document) {
    const Node& root = document->root();
    const Node* kind = root.find("kind");
    if (kind == nullptr || kind->text != "counterexample" || root.find("from") != nullptr) {
      problems.meaning(root, "it is no counterexample of a model",
                       "write one with: cacherace search model/scenario.json --save race.json");
      return problems.take();
    }
    if (const Node* start = root.find("start"))
      for (const Node* row : start->children)
        if (row->text != "cold")
          problems.meaning(*row, "a race that begins with a filled cache is not supported",
                           "leave \"start\" out of the model's race, and search again");
    const Node* property = root.find("property");
    if (property != nullptr) out.property = property->text;
    const Node* steps = root.find("steps");
    if (steps == nullptr || steps->children.empty())
      problems.meaning(root, "it has no steps", "save it again");
    else if (auto all = json::list_of(model_step)(*steps, problems))
      out.steps = std::move(*all);
  }
  if (Problems all = problems.take(); !all.empty()) return all;
  return out;
}

std::string model_client(const RequestSection& section, std::size_t index) {
  return fmt::format("{}-{}", section.name, index);
}

std::string model_effect(const ShownStep& step) {
  const auto space = std::min(step.label.find(' '), step.label.size());
  const std::string word = step.label.substr(0, space);
  if (step.store == Store::redis) return "cache." + word_of(word) + step.label.substr(space);
  if (word == "COMMIT" || word == "ROLLBACK") return "db." + word_of(word);
  const bool writes =
      std::ranges::any_of(step.touches, [](const search::Touch& touch) { return touch.writes; });
  return writes ? "db.write" : "db.read";
}

bool is_same_effect(const std::string& effect, const ShownStep& step) {
  const std::string own = model_effect(step);
  // A model names rows as it likes; keys of the cache are the application's.
  return step.store == Store::redis ? own == effect : own == effect.substr(0, effect.find(' '));
}

}  // namespace cacherace::drive
