// The race: what search explores.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/scenario/decode/decode.hpp"
#include "sim/scenario/decode/decode_values.hpp"

namespace cacherace::scenario {

namespace {

constexpr std::size_t clients_max = 64;       // of one file, and of one "count"
constexpr std::size_t all_clients_max = 256;  // of one race: a state keeps them all
constexpr std::size_t operations_max = 64;    // of one client

constexpr auto key_starts = std::to_array<Spelling<KeyStart>>(
    {{"cold", KeyStart::cold}, {"warm", KeyStart::warm}, {"absent", KeyStart::absent}});

constexpr auto timings = std::to_array<Spelling<Timing>>(
    {{"latencies", Timing::latencies}, {"unbounded", Timing::unbounded}});

bool has_blank(std::string_view text) {
  return text.find_first_of(" \t\n\v\f\r") != std::string_view::npos;
}

// "rename user:7 admin": a function of a script, and texts that it is given.
std::optional<Operation> call(std::string_view written) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto in_name = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= written.size();) {
    const std::size_t end = std::min(written.find(' ', begin), written.size());
    words.emplace_back(written.substr(begin, end - begin));
    if (words.back().empty() || has_blank(words.back())) return std::nullopt;
    begin = end + 1;
  }
  const std::string& name = words.front();
  const bool reserved = name == "read" || name == "write" || name == "evict" || name == "flush";
  if (reserved || !letter(name.front()) || !std::all_of(name.begin(), name.end(), in_name))
    return std::nullopt;
  Operation out{.kind = Operation::Kind::call, .key = words.size() > 1 ? words[1] : ""};
  out.function = name;
  if (words.size() > 2) out.more.assign(words.begin() + 2, words.end());
  return out;
}

std::optional<Operation> operation(const Node& node, Collector& problems) {
  using Kind = Operation::Kind;
  std::string_view written;
  if (node.type == Node::Type::string) written = node.text;
  if (written == "flush") return Operation{.kind = Kind::flush, .key = ""};
  if (written == "cache-restart") return Operation{.kind = Kind::cache_restart, .key = ""};
  for (const auto& [verb, kind] : {std::pair<std::string_view, Kind>{"read ", Kind::read},
                                   {"write ", Kind::write},
                                   {"evict ", Kind::evict}}) {
    if (!written.starts_with(verb)) continue;
    const std::string_view key = written.substr(verb.size());
    if (!key.empty() && !has_blank(key)) return Operation{.kind = kind, .key = std::string(key)};
  }
  if (auto called = call(written)) return called;
  problems.mismatch(node,
                    R"("read", "write" or "evict" and a key, "flush" or "cache-restart", or a )"
                    "function of a script and what it is given",
                    R"("read user:7")");
  return std::nullopt;
}

std::optional<std::vector<Operation>> operations(const Node& node, Collector& problems) {
  if (node.type != Node::Type::array || node.children.empty() ||
      node.children.size() > operations_max) {
    problems.mismatch(node, fmt::format("an array of 1 to {} operations", operations_max),
                      R"(["read user:7"])");
    return std::nullopt;
  }
  std::vector<Operation> out;
  for (const Node* child : node.children) {
    if (auto decoded = operation(*child, problems)) out.push_back(std::move(*decoded));
  }
  return out;
}

RaceClient race_client(const Node& node, Collector& problems) {
  RaceClient out;
  Fields fields(node, problems, R"({ "name": "reader", "do": ["read user:7"] })");
  fields.need("name", out.name, label, R"("reader")");
  fields.read("count", out.count, count<std::uint32_t>(1, clients_max));
  fields.need("do", out.operations, operations, R"(["read user:7"])");
  return out;
}

}  // namespace

std::optional<std::vector<RaceClient>> race_clients(const Node& node, Collector& problems) {
  if (node.type != Node::Type::array || node.children.empty() ||
      node.children.size() > clients_max) {
    problems.mismatch(node, fmt::format("an array of 1 to {} clients", clients_max),
                      R"([{ "name": "reader", "do": ["read user:7"] }])");
    return std::nullopt;
  }
  std::vector<RaceClient> out;
  std::size_t all = 0;
  for (const Node* child : node.children) {
    RaceClient client = race_client(*child, problems);
    all += client.count;
    const bool taken = std::any_of(out.begin(), out.end(), [&](const RaceClient& other) {
      return !client.name.empty() && other.name == client.name;
    });
    if (taken) {
      problems.meaning(*child->find("name"),
                       fmt::format("two clients are called {}", in_quotes(client.name)),
                       "give each its own name, or one of them a \"count\"");
    }
    out.push_back(std::move(client));
  }
  if (all > all_clients_max)
    problems.meaning(node, fmt::format("the race has {} clients, more than a state can keep", all),
                     fmt::format("use at most {}", all_clients_max));
  return out;
}

std::optional<Start> start(const Node& node, Collector& problems) {
  Start out;
  if (node.type == Node::Type::string) {
    const auto all = one_of(key_starts, "start")(node, problems);
    return all ? std::optional<Start>(Start{.all = *all, .keys = {}}) : std::nullopt;
  }
  if (node.type != Node::Type::object) {
    problems.mismatch(node, R"("cold", "warm" or an object such as { "user:7": "absent" })",
                      R"("cold")");
    return std::nullopt;
  }
  for (const Node* child : node.children) {
    if (const auto how = one_of(key_starts, "start")(*child, problems)) {
      out.keys.emplace_back(child->key, *how);
    }
  }
  return out;
}

void check_start(const Node* node, const std::vector<RaceClient>& clients, Collector& problems) {
  if (node == nullptr || node->type != Node::Type::object) return;
  std::vector<std::string_view> touched;  // rows
  for (const RaceClient& client : clients) {
    for (const Operation& operation : client.operations) {
      const std::string_view row = key_name(operation.key).row;
      if (row.empty() || std::find(touched.begin(), touched.end(), row) != touched.end()) continue;
      touched.push_back(row);
    }
  }
  for (const Node* child : node->children) {
    const std::string_view row = key_name(child->key).row;
    if (std::find(touched.begin(), touched.end(), row) != touched.end()) continue;
    problems.add(Problem::Kind::meaning, child->key_place, pointer_to(*child),
                 fmt::format("no client reads or writes {}", in_quotes(child->key)),
                 suggestion(child->key, touched));
  }
}

std::optional<Faults> faults(const Node& node, Collector& problems) {
  const auto budget = count<std::uint32_t>(0, 100);
  Faults out;
  Fields fields(node, problems, R"({ "crash": 1 })");
  fields.read("crash", out.crash, budget);
  fields.read("evict", out.evict, budget);
  fields.read("lose", out.lose, budget);
  fields.read("flush", out.flush, budget);
  fields.read("cache-restart", out.cache_restart, budget);
  return out;
}

std::optional<Race> race(const Node& node, Collector& problems) {
  Race out;
  Fields fields(node, problems, R"({ "clients": [{ "name": "reader", "do": ["read user:7"] }] })");
  const Node* clients = fields.read("clients", out.clients, race_clients);
  const Node* given = fields.read("start", out.start, start);
  fields.read("timing", out.timing, one_of(timings, "timing"));
  fields.read("pause_max", out.pause_max, duration);
  fields.read("faults", out.faults, faults);
  if (clients != nullptr || fields.get("clients") == nullptr)
    check_start(given, out.clients, problems);
  return out;
}

}  // namespace cacherace::scenario
