#include "sim/drive/drive_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/json/fields.hpp"
#include "sim/json/parse.hpp"
#include "sim/json/values.hpp"
#include "sim/scenario/quantity.hpp"

namespace cacherace::drive {
namespace {

using json::Collector;
using json::Fields;
using json::Node;

std::optional<std::chrono::milliseconds> time(const Node& node, Collector& problems) {
  const auto value = json::text(node, problems);
  if (!value) return std::nullopt;
  const auto duration = scenario::parse_duration(*value);
  if (duration.fault != scenario::Fault::none) {
    problems.shape(node, fmt::format("{} is no time", json::in_quotes(*value)),
                   "write a number and a unit, as in \"50ms\"");
    return std::nullopt;
  }
  return std::chrono::ceil<std::chrono::milliseconds>(duration.value);
}

std::optional<AppSection> app(const Node& node, Collector& problems) {
  Fields fields(node, problems, R"({ "command": "node server.js" })");
  AppSection out;
  fields.need("command", out.command, json::label, R"("node server.js")");
  std::uint64_t port = 0;
  fields.read("port", port, json::natural_up_to(65535));
  out.port = static_cast<std::uint16_t>(port);
  if (const Node* ready = fields.read("ready", out.ready, json::label))
    if (!out.ready.starts_with('/'))
      problems.meaning(*ready, "the path has no \"/\" at its beginning", "write \"/health\"");
  fields.read("ready_within", out.ready_within, time);
  fields.read("env", out.env, json::named(json::text));
  fields.read("in_process_cache", out.in_process_cache, json::boolean);
  return out;
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> methods{
    {{"get", "GET"}, {"post", "POST"}, {"put", "PUT"}, {"patch", "PATCH"}, {"delete", "DELETE"}}};

std::optional<RequestSection> request(const Node& node, Collector& problems) {
  Fields fields(node, problems, R"({ "get": "/users/7" })");
  RequestSection out;
  out.name = node.key;
  int ways = 0;
  for (const auto& [key, method] : methods) {
    const Node* path = fields.read(key, out.path, json::label);
    if (path == nullptr) continue;
    ++ways;
    out.method = method;
    if (!out.path.starts_with('/'))
      problems.meaning(*path, "the path has no \"/\" at its beginning", "write \"/users/7\"");
  }
  if (fields.read("exec", out.exec, json::label) != nullptr) ++ways;
  if (fields.is_object() && ways != 1)
    problems.meaning(node,
                     ways == 0 ? "the request does nothing" : "the request does several things",
                     "write exactly one of \"get\", \"post\", \"put\", \"patch\", \"delete\" and "
                     "\"exec\"");
  fields.read("body", out.body, json::text);
  if (const Node* data = fields.get("json")) {
    if (!out.body.empty()) problems.meaning(*data, "there is a \"body\" as well", "leave one out");
    out.body = json::dump(*data);
    out.headers.emplace_back("Content-Type", "application/json");
  }
  std::vector<std::pair<std::string, std::string>> headers;
  fields.read("headers", headers, json::named(json::text));
  out.headers.insert(out.headers.end(), headers.begin(), headers.end());
  for (const auto& [name, value] : out.headers)
    if ((name + value).find_first_of("\r\n") != std::string::npos)
      problems.meaning(node, "a header has more than one line", "leave the end of the line out");
  std::uint64_t count = 1;
  if (const Node* many = fields.read("count", count, json::natural_up_to(16)))
    if (count == 0) problems.meaning(*many, "no request at all", "write 1, or leave it out");
  out.count = static_cast<std::uint32_t>(count);
  fields.read("background_within", out.background_within, time);
  fields.read("after", out.after, json::label);
  return out;
}

struct Reset {
  std::string sql;
  std::vector<std::string> keys;
};
std::optional<Reset> reset(const Node& node, Collector& problems) {
  Fields fields(node, problems, R"({ "sql": "TRUNCATE users" })");
  Reset out;
  fields.read("sql", out.sql, json::text);
  fields.read("keys", out.keys, json::list_of(json::label));
  return out;
}

std::optional<FaultsSection> faults(const Node& node, Collector& problems) {
  Fields fields(node, problems, R"({ "evict": 1 })");
  FaultsSection out;
  for (const auto& [key, value] : {std::pair{"drop", &out.drop}, std::pair{"evict", &out.evict},
                                   std::pair{"flush", &out.flush}, std::pair{"kill", &out.kill},
                                   std::pair{"lose", &out.lose}}) {
    std::uint64_t number = 0;
    fields.read(key, number, json::natural_up_to(3));
    *value = static_cast<std::uint32_t>(number);
  }
  return out;
}

struct Check {
  std::string request, command, property;
};
std::optional<Check> check(const Node& node, Collector& problems) {
  Fields fields(node, problems, R"({ "request": "reader" })");
  Check out;
  fields.read("request", out.request, json::label);
  fields.read("command", out.command, json::label);
  constexpr std::array<std::string_view, 2> known{residue, own_writes};
  if (const Node* node = fields.read("property", out.property, json::label))
    if (std::ranges::find(known, out.property) == known.end())
      problems.unknown_value(*node, "property", known);
  return out;
}

struct Database {
  std::string server = "embedded", schema;
};
std::optional<Database> database(const Node& node, Collector& problems) {
  Database out;
  if (node.type == Node::Type::string) {
    out.server = node.text;
    return out;
  }
  Fields fields(node, problems, R"({ "server": "embedded", "schema": "schema.sql" })");
  fields.read("server", out.server, json::label);
  fields.read("schema", out.schema, json::label);
  return out;
}

constexpr std::array<std::string_view, 6> words{"violated", "exhausted",    "clean-so-far",
                                                "vacuous",  "uncontrolled", "nondeterministic"};

std::optional<std::vector<std::string>> verdicts(const Node& node, Collector& problems) {
  std::vector<std::string> out;
  const auto one = [&](const Node& word) {
    if (word.type != Node::Type::string)
      problems.mismatch(word, "a verdict", R"("exhausted")");
    else if (std::ranges::find(words, word.text) == words.end())
      problems.unknown_value(word, "verdict", words);
    else
      out.push_back(word.text);
  };
  if (node.type == Node::Type::array)
    for (const Node* child : node.children) one(*child);
  else
    one(node);
  if (out.empty()) return std::nullopt;
  return out;
}

void check_names(const Node& root, const DriveFile& file, Collector& problems) {
  const Node* requests = root.find("requests");
  for (const RequestSection& section : file.requests) {
    const Node* node = requests->find(section.name);
    if (!section.after.empty() &&
        (file.request(section.after) == nullptr || section.after == section.name))
      problems.meaning(*node->find("after"), "there is no other request of this name",
                       "name one of \"requests\"");
  }
  for (const RequestSection& section : file.requests) {  // nobody waits for itself
    const RequestSection* at = &section;
    for (std::size_t i = 0; at != nullptr && !at->after.empty() && i <= file.requests.size(); ++i)
      if (at = file.request(at->after); at == &section) {
        problems.meaning(*requests->find(section.name), "the request waits for itself",
                         "leave one \"after\" out");
        break;
      }
  }
  if (!file.check_request.empty() && file.request(file.check_request) == nullptr)
    problems.meaning(*root.find("check"), "there is no request of this name",
                     "name one of \"requests\"");
  const bool has_read = std::ranges::any_of(
      file.requests, [](const RequestSection& section) { return section.is_read(); });
  if (!has_read && file.check_request.empty() && file.check_command.empty())
    problems.meaning(root, "there is no request that reads, so nothing can be checked",
                     "add a request with \"get\", or a \"check\" with a \"command\"");
  if (file.faults.kill > 0)
    for (const RequestSection& section : file.requests)
      if (!section.exec.empty())
        problems.meaning(*requests->find(section.name)->find("exec"),
                         "a command beside an application that is killed is not supported",
                         "make it a request of the application, or leave \"kill\" out");
  std::uint32_t parties = 0;
  for (const RequestSection& section : file.requests) parties += section.count;
  if (parties > 16)
    problems.meaning(*requests, "there are more than 16 requests", "lower the counts");
}

}  // namespace

const RequestSection* DriveFile::request(const std::string& name) const {
  const auto found = std::ranges::find(requests, name, &RequestSection::name);
  return found == requests.end() ? nullptr : &*found;
}

const RequestSection* DriveFile::asked_again() const {
  if (!check_request.empty()) return request(check_request);
  const auto found = std::ranges::find_if(
      requests, [](const RequestSection& section) { return section.is_read(); });
  return found == requests.end() ? nullptr : &*found;
}

const char* DriveFile::property() const {
  if (asked_again() == nullptr) return command_check;
  return judges_answers ? own_writes : residue;
}

Result<DriveFile> read_drive_file(const std::string& text, const std::string& file,
                                  const std::filesystem::path& folder) {
  Collector problems(file);
  const auto document = json::parse(text, problems);
  DriveFile out;
  out.folder = folder;
  out.text = text;
  if (document) {
    const Node& root = document->root();
    Fields fields(root, problems, R"({ "app": { "command": "…" }, "requests": { } })");
    fields.read("title", out.title, json::text);
    fields.need("app", out.app, app, R"({ "command": "node server.js", "ready": "/health" })");
    std::optional<std::string> redis;
    if (fields.read("redis", redis, json::or_null(json::label)) != nullptr) {
      out.has_redis = redis.has_value();
      if (redis) out.redis = *redis;
    }
    std::optional<Database> postgres;
    if (fields.read("postgres", postgres, json::or_null(database)) != nullptr) {
      out.has_postgres = postgres.has_value();
      if (postgres) out.postgres = postgres->server, out.schema = postgres->schema;
    }
    Reset again;
    fields.read("reset", again, reset);
    out.reset_sql = again.sql;
    out.reset_keys = again.keys;
    std::vector<std::pair<std::string, RequestSection>> requests;
    fields.need("requests", requests, json::named(request),
                R"({ "reader": { "get": "/users/7" } })");
    for (auto& [name, section] : requests) out.requests.push_back(std::move(section));
    fields.read("faults", out.faults, faults);
    Check checked;
    fields.read("check", checked, check);
    out.check_request = checked.request;
    out.check_command = checked.command;
    out.judges_answers = checked.property == own_writes;
    fields.read("patience", out.patience, time);
    fields.read("start_within", out.start_within, time);
    std::vector<std::pair<std::string, std::vector<std::string>>> expect;
    fields.read("expect", expect, json::named(verdicts));
    for (auto& [property, wanted] : expect) out.expect.push_back({property, wanted});
    if (const Node* node = root.find("expect"))
      for (const Node* member : node->children)
        if (member->key != residue && member->key != own_writes && member->key != command_check) {
          constexpr std::array<std::string_view, 3> known{residue, own_writes, command_check};
          problems.unknown_key(*member, "property", known);
        }
    if (problems.empty()) check_names(root, out, problems);
    if (problems.empty())
      for (const Expectation& expectation : out.expect)
        if (expectation.property != out.property())
          problems.meaning(*root.find("expect")->find(expectation.property),
                           fmt::format("\"{}\" is not judged here", expectation.property),
                           fmt::format("write \"{}\"", out.property()));
    if (problems.empty() && out.redis != "embedded" && out.reset_keys.empty())
      problems.meaning(root, "the Redis server is not ours, and no keys are named that may go",
                       "add \"reset\": { \"keys\": [\"user:*\"] }");
  }
  if (Problems all = problems.take(); !all.empty()) return all;
  return out;
}

}  // namespace cacherace::drive
