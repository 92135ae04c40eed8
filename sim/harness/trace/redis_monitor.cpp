#include "sim/harness/trace/redis_monitor.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace cacherace::harness {
namespace {

enum class Keys : std::uint8_t { first, all, every_other };  // of the arguments

struct Command {
  std::string_view name;
  OperationKind kind;
  Keys keys = Keys::first;
};

constexpr auto commands = std::to_array<Command>({
    {"get", OperationKind::read},
    {"mget", OperationKind::read, Keys::all},
    {"getex", OperationKind::read},
    {"getrange", OperationKind::read},
    {"substr", OperationKind::read},
    {"strlen", OperationKind::read},
    {"exists", OperationKind::read, Keys::all},
    {"hget", OperationKind::read},
    {"hmget", OperationKind::read},
    {"hgetall", OperationKind::read},
    {"hexists", OperationKind::read},
    {"hkeys", OperationKind::read},
    {"hvals", OperationKind::read},
    {"hlen", OperationKind::read},
    {"hstrlen", OperationKind::read},
    {"smembers", OperationKind::read},
    {"sismember", OperationKind::read},
    {"smismember", OperationKind::read},
    {"scard", OperationKind::read},
    {"srandmember", OperationKind::read},
    {"zrange", OperationKind::read},
    {"zrevrange", OperationKind::read},
    {"zrangebyscore", OperationKind::read},
    {"zrevrangebyscore", OperationKind::read},
    {"zscore", OperationKind::read},
    {"zrank", OperationKind::read},
    {"zrevrank", OperationKind::read},
    {"zcard", OperationKind::read},
    {"zcount", OperationKind::read},
    {"lrange", OperationKind::read},
    {"lindex", OperationKind::read},
    {"llen", OperationKind::read},
    {"getbit", OperationKind::read},
    {"bitcount", OperationKind::read},
    {"set", OperationKind::write},
    {"setex", OperationKind::write},
    {"psetex", OperationKind::write},
    {"setnx", OperationKind::write},
    {"getset", OperationKind::write},
    {"getdel", OperationKind::write},
    {"append", OperationKind::write},
    {"setrange", OperationKind::write},
    {"setbit", OperationKind::write},
    {"incr", OperationKind::write},
    {"decr", OperationKind::write},
    {"incrby", OperationKind::write},
    {"decrby", OperationKind::write},
    {"incrbyfloat", OperationKind::write},
    {"mset", OperationKind::write, Keys::every_other},
    {"msetnx", OperationKind::write, Keys::every_other},
    {"del", OperationKind::write, Keys::all},
    {"unlink", OperationKind::write, Keys::all},
    {"hset", OperationKind::write},
    {"hmset", OperationKind::write},
    {"hsetnx", OperationKind::write},
    {"hdel", OperationKind::write},
    {"hincrby", OperationKind::write},
    {"hincrbyfloat", OperationKind::write},
    {"sadd", OperationKind::write},
    {"srem", OperationKind::write},
    {"spop", OperationKind::write},
    {"zadd", OperationKind::write},
    {"zrem", OperationKind::write},
    {"zincrby", OperationKind::write},
    {"lpush", OperationKind::write},
    {"rpush", OperationKind::write},
    {"lpop", OperationKind::write},
    {"rpop", OperationKind::write},
    {"lset", OperationKind::write},
    {"lrem", OperationKind::write},
    {"ltrim", OperationKind::write},
    {"linsert", OperationKind::write},
});

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The character that an escape stands for, which begins after the backslash; moves `line` past it.
std::optional<char> unescaped(std::string_view& line) {
  if (line.empty()) return std::nullopt;
  const char c = line.front();
  line.remove_prefix(1);
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case '"':
    case '\\':
      return c;
    case 'x':
      break;
    default:
      return std::nullopt;
  }
  if (line.size() < 2) return std::nullopt;
  const int high = digit_of(line[0]), low = digit_of(line[1]);
  line.remove_prefix(2);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

// `"word"`; moves `line` past it.
std::optional<std::string> quoted_word(std::string_view& line) {
  if (!line.starts_with('"')) return std::nullopt;
  line.remove_prefix(1);
  std::string word;
  while (!line.empty()) {
    const char c = line.front();
    line.remove_prefix(1);
    if (c == '"') return word;
    if (c != '\\') {
      word += c;
      continue;
    }
    const auto escaped = unescaped(line);
    if (!escaped) return std::nullopt;
    word += *escaped;
  }
  return std::nullopt;
}

// `1339518083.107412`; moves `line` past it.
std::optional<std::uint64_t> second_of(std::string_view& line) {
  std::uint64_t second = 0;
  const char* const end = line.data() + line.size();
  const auto [stop, error] = std::from_chars(line.data(), end, second);
  if (error != std::errc{} || stop == end || *stop != '.') return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(stop - line.data()) + 1);
  const auto digits = std::min(line.find_first_not_of("0123456789"), line.size());
  if (digits == 0) return std::nullopt;
  line.remove_prefix(digits);
  return second;
}

}  // namespace

std::optional<MonitorLine> monitor_line(std::string_view line) {
  MonitorLine out;
  const auto second = second_of(line);
  if (!second || !line.starts_with(" [")) return std::nullopt;
  out.second = *second;
  const auto close = line.find("] ");  // after the database and the client, or "lua"
  if (close == line.npos) return std::nullopt;
  line.remove_prefix(close + 2);
  for (;;) {
    auto word = quoted_word(line);
    if (!word) return std::nullopt;
    out.words.push_back(*std::move(word));
    if (line.empty()) return out;
    if (!line.starts_with(' ')) return std::nullopt;
    line.remove_prefix(1);
  }
}

std::optional<MonitoredAccess> access_of(const MonitorLine& line) {
  std::string name = line.words.front();
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto* const command = std::ranges::find(commands, name, &Command::name);
  if (command == commands.end() || line.words.size() < 2) return std::nullopt;
  MonitoredAccess access{.kind = command->kind, .keys = {}};
  const std::size_t step = command->keys == Keys::every_other ? 2 : 1;
  const std::size_t end = command->keys == Keys::first ? 2 : line.words.size();
  for (std::size_t i = 1; i < end; i += step) access.keys.emplace_back(line.words[i]);
  return access;
}

}  // namespace cacherace::harness
