// Strategies: one choice per slot. A choice is written as its name, or as an object with its name
// as the only key and its options as the value.

#include <fmt/format.h>

#include <array>

#include "sim/scenario/decode.hpp"
#include "sim/scenario/decode_values.hpp"
#include "sim/scenario/fields.hpp"

namespace cacherace::scenario {

namespace {

constexpr std::size_t strategies_max = 64;

template <typename Slot>
struct Choice {
  std::string_view name;
  /// Decodes the options; `options` is null when only the name was written, which stands at `at`.
  std::optional<Slot> (*decode)(const Node& at, const Node* options, Collector& problems);
  bool supported;
};

/// A choice without options.
template <typename Slot, typename T>
std::optional<Slot> bare(const Node& /*at*/, const Node* options, Collector& problems) {
  if (options != nullptr) Fields(*options, problems, "{}");
  return T{};
}

/// A choice whose options are not laid down yet: any object will do.
template <typename Slot>
std::optional<Slot> later(const Node& /*at*/, const Node* options, Collector& problems) {
  if (options == nullptr || options->type == Node::Type::object) return Slot{};
  problems.mismatch(*options, "an object with options", "{}");
  return std::nullopt;
}

void needs_options(const Node& at, Collector& problems, std::string_view example) {
  problems.shape(at, fmt::format("{} needs options", in_quotes(at.text)),
                 fmt::format("write {}", example));
}

std::optional<Read> stale_while_revalidate(const Node& at, const Node* options,
                                           Collector& problems) {
  if (options == nullptr) {
    needs_options(at, problems,
                  R"({ "stale-while-revalidate": { "soft": "60s", "hard": "300s" } })");
    return std::nullopt;
  }
  StaleWhileRevalidate out;
  Fields fields(*options, problems, R"({ "soft": "60s", "hard": "300s" })");
  const Node* soft = fields.need("soft", out.soft, positive_duration, R"("60s")");
  const Node* hard = fields.need("hard", out.hard, positive_duration, R"("300s")");
  if (soft != nullptr && hard != nullptr && out.soft > out.hard) {
    problems.meaning(*soft, "\"soft\" is longer than \"hard\"",
                     "an entry is fresh, then stale, "
                     "then gone: soft, then hard");
  }
  return out;
}

std::optional<Load> lock(const Node& at, const Node* options, Collector& problems) {
  constexpr std::string_view example = R"({ "ttl": "5s", "wait": "50ms", "give_up": "2s" })";
  if (options == nullptr) {
    needs_options(at, problems, fmt::format(R"({{ "lock": {} }})", example));
    return std::nullopt;
  }
  Lock out;
  Fields fields(*options, problems, example);
  fields.need("ttl", out.ttl, positive_duration, R"("5s")");
  fields.need("wait", out.wait, positive_duration, R"("50ms")");
  fields.need("give_up", out.give_up, positive_duration, R"("2s")");
  return out;
}

constexpr auto firsts = std::to_array<Spelling<DoubleDelete::First>>(
    {{"before", DoubleDelete::First::before}, {"after", DoubleDelete::First::after}});
constexpr auto timers = std::to_array<Spelling<DoubleDelete::Timer>>(
    {{"process", DoubleDelete::Timer::process}, {"durable", DoubleDelete::Timer::durable}});

std::optional<Write> double_delete(const Node& at, const Node* options, Collector& problems) {
  constexpr std::string_view example = R"({ "first": "before", "delay": "1s" })";
  if (options == nullptr) {
    needs_options(at, problems, fmt::format(R"({{ "double-delete": {} }})", example));
    return std::nullopt;
  }
  DoubleDelete out;
  Fields fields(*options, problems, example);
  fields.read("first", out.first, one_of(firsts, "first delete"));
  fields.need("delay", out.delay, duration, R"("1s")");
  fields.read("timer", out.timer, one_of(timers, "timer"));
  return out;
}

constexpr auto reads = std::to_array<Choice<Read>>({
    {"plain", bare<Read, PlainRead>, true},
    {"stale-while-revalidate", stale_while_revalidate, false},
    {"refresh-ahead", later<Read>, false},
    {"xfetch", later<Read>, false},
    {"stale-if-error", later<Read>, false},
});

constexpr auto loads = std::to_array<Choice<Load>>({
    {"every-reader", bare<Load, EveryReader>, true},
    {"single-flight", bare<Load, SingleFlight>, false},
    {"lock", lock, false},
    {"lease", later<Load>, false},
    {"read-through", later<Load>, false},
});

constexpr auto fills = std::to_array<Choice<Fill>>({
    {"set", bare<Fill, SetFill>, true},
    {"set-then-expire", later<Fill>, false},
    {"add", later<Fill>, false},
    {"set-if-newer", later<Fill>, false},
    {"generation", later<Fill>, false},
    {"lease-set", later<Fill>, false},
});

constexpr auto writes = std::to_array<Choice<Write>>({
    {"delete-after", bare<Write, DeleteAfter>, true},
    {"delete-before", bare<Write, DeleteBefore>, true},
    {"set-after", bare<Write, SetAfter>, true},
    {"none", bare<Write, NoInvalidation>, true},
    {"double-delete", double_delete, false},
    {"delete-in-transaction", later<Write>, false},
    {"write-through", later<Write>, false},
    {"write-behind", later<Write>, false},
    {"bump-version", later<Write>, false},
    {"delete-by-keys", later<Write>, false},
    {"delete-by-scan", later<Write>, false},
    {"cdc", later<Write>, false},
});

struct Guard {};  // decoded and refused; nothing of it is kept

constexpr auto guards = std::to_array<Choice<Guard>>({
    {"bloom-filter", later<Guard>, false},
    {"hold-off", later<Guard>, false},
    {"remote-marker", later<Guard>, false},
    {"local-cache", later<Guard>, false},
});

/// A decoder of one slot; the first supported choice is what an unsupported one gives way to.
template <typename Slot, std::size_t N>
auto slot(const std::array<Choice<Slot>, N>& choices) {
  return [&choices](const Node& node, Collector& problems) -> std::optional<Slot> {
    const bool named = node.type == Node::Type::string;
    if (!named && (node.type != Node::Type::object || node.children.size() != 1)) {
      problems.mismatch(node, "the name of a choice, or an object with one choice and its options",
                        in_quotes(choices[0].name));
      return std::nullopt;
    }
    const Node* options = named ? nullptr : node.children[0];
    const std::string& wanted = named ? node.text : options->key;
    std::array<std::string_view, N> known;
    for (std::size_t i = 0; i < N; ++i) {
      known[i] = choices[i].name;
      if (wanted != known[i]) continue;
      const auto value = choices[i].decode(node, options, problems);
      if (!value || choices[i].supported) return value;
      problems.unsupported(node, fmt::format("{} is not supported yet", in_quotes(wanted)),
                           choices[0].supported
                               ? fmt::format("use {} for now", in_quotes(choices[0].name))
                               : "leave it out for now");
      return std::nullopt;
    }
    if (named) {
      problems.unknown_value(node, "choice", known);
    } else {
      problems.unknown_key(*options, "choice", known);
    }
    return std::nullopt;
  };
}

std::optional<std::vector<Guard>> guard_list(const Node& node, Collector& problems) {
  if (node.type != Node::Type::array) {
    problems.mismatch(node, "an array of guards", R"(["bloom-filter"])");
    return std::nullopt;
  }
  for (const Node* guard : node.children) slot(guards)(*guard, problems);
  return std::vector<Guard>{};
}

std::optional<Expiry> expiry(const Node& node, Collector& problems) {
  constexpr std::string_view example = R"({ "ttl": "60s" })";
  Expiry out;
  if (node.type == Node::Type::string && node.text == "none") return out;
  if (node.type == Node::Type::string) {
    problems.unknown_value(node, "choice", std::array<std::string_view, 1>{"none"});
    return std::nullopt;
  }
  if (node.type != Node::Type::object) {
    problems.mismatch(node, R"("none" or an object)", example);
    return std::nullopt;
  }
  Fields fields(node, problems, example);
  fields.need("ttl", out.ttl, positive_duration, R"("60s")");
  const Node* jitter = fields.read("jitter", out.jitter, share);
  if (jitter != nullptr && out.jitter.billionths > 0) {
    problems.unsupported(*jitter, "\"jitter\" is not supported yet",
                         "leave it out or write 0 for now");
  }
  return out;
}

Strategy strategy(const Node& node, Collector& problems) {
  Strategy out;
  out.name = node.key;
  std::vector<Guard> none;
  Fields fields(node, problems, R"({ "write": "delete-after" })");
  fields.read("read", out.read, slot(reads));
  fields.read("load", out.load, slot(loads));
  fields.read("fill", out.fill, slot(fills));
  fields.read("write", out.write, slot(writes));
  fields.read("expiry", out.expiry, expiry);
  fields.read("guards", none, guard_list);
  return out;
}

}  // namespace

std::optional<std::vector<Strategy>> strategies(const Node& node, Collector& problems) {
  constexpr std::string_view example = R"({ "cache-aside": {} })";
  if (node.type != Node::Type::object || node.children.empty() ||
      node.children.size() > strategies_max) {
    problems.mismatch(node, fmt::format("an object with 1 to {} strategies", strategies_max),
                      example);
    return std::nullopt;
  }
  std::vector<Strategy> out;
  for (const Node* child : node.children) {
    if (child->key.empty() || child->key == "*") {
      problems.add(Problem::Kind::meaning, child->key_place, pointer_to(*child),
                   fmt::format("a strategy cannot be called {}", in_quotes(child->key)),
                   "give it a name that says what it does");
    }
    out.push_back(strategy(*child, problems));
  }
  return out;
}

}  // namespace cacherace::scenario
