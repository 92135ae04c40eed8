#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "sim/core/utf8.hpp"
#include "sim/drive/footprint.hpp"

namespace cacherace::drive {
namespace {

enum class Kind { session, subscribe, read, write };
enum class Keys { none, first, all, every_second, two, counted, everything };

struct Row {
  std::string_view name;
  Kind kind;
  Keys keys;
};

// What is not listed is taken for a write of everything.
constexpr std::array rows{
    Row{"HELLO", Kind::session, Keys::none},
    Row{"AUTH", Kind::session, Keys::none},
    Row{"PING", Kind::session, Keys::none},
    Row{"ECHO", Kind::session, Keys::none},
    Row{"SELECT", Kind::session, Keys::none},
    Row{"CLIENT", Kind::session, Keys::none},  // but see reaches_others
    Row{"COMMAND", Kind::session, Keys::none},
    Row{"INFO", Kind::session, Keys::none},  // its counters are never twice the same
    Row{"READONLY", Kind::session, Keys::none},
    Row{"QUIT", Kind::session, Keys::none},
    Row{"RESET", Kind::session, Keys::none},
    Row{"ROLE", Kind::session, Keys::none},
    Row{"CONFIG", Kind::session, Keys::none},
    Row{"MULTI", Kind::session, Keys::none},
    Row{"UNWATCH", Kind::session, Keys::none},
    Row{"DISCARD", Kind::session, Keys::none},
    Row{"TIME", Kind::session, Keys::none},
    Row{"SUBSCRIBE", Kind::subscribe, Keys::none},
    Row{"PSUBSCRIBE", Kind::subscribe, Keys::none},
    Row{"SSUBSCRIBE", Kind::subscribe, Keys::none},
    Row{"UNSUBSCRIBE", Kind::subscribe, Keys::none},
    Row{"PUNSUBSCRIBE", Kind::subscribe, Keys::none},
    Row{"SUNSUBSCRIBE", Kind::subscribe, Keys::none},

    Row{"GET", Kind::read, Keys::first},
    Row{"STRLEN", Kind::read, Keys::first},
    Row{"GETRANGE", Kind::read, Keys::first},
    Row{"TTL", Kind::read, Keys::first},
    Row{"PTTL", Kind::read, Keys::first},
    Row{"TYPE", Kind::read, Keys::first},
    Row{"GETBIT", Kind::read, Keys::first},
    Row{"DUMP", Kind::read, Keys::first},
    Row{"MGET", Kind::read, Keys::all},
    Row{"EXISTS", Kind::read, Keys::all},
    Row{"WATCH", Kind::read, Keys::all},
    Row{"HGET", Kind::read, Keys::first},
    Row{"HMGET", Kind::read, Keys::first},
    Row{"HGETALL", Kind::read, Keys::first},
    Row{"HEXISTS", Kind::read, Keys::first},
    Row{"HKEYS", Kind::read, Keys::first},
    Row{"HVALS", Kind::read, Keys::first},
    Row{"HLEN", Kind::read, Keys::first},
    Row{"SMEMBERS", Kind::read, Keys::first},
    Row{"SISMEMBER", Kind::read, Keys::first},
    Row{"SMISMEMBER", Kind::read, Keys::first},
    Row{"SCARD", Kind::read, Keys::first},
    Row{"LRANGE", Kind::read, Keys::first},
    Row{"LLEN", Kind::read, Keys::first},
    Row{"LINDEX", Kind::read, Keys::first},
    Row{"ZRANGE", Kind::read, Keys::first},
    Row{"ZSCORE", Kind::read, Keys::first},
    Row{"ZCARD", Kind::read, Keys::first},
    Row{"KEYS", Kind::read, Keys::everything},
    Row{"SCAN", Kind::read, Keys::everything},
    Row{"DBSIZE", Kind::read, Keys::everything},

    Row{"SET", Kind::write, Keys::first},
    Row{"SETNX", Kind::write, Keys::first},
    Row{"SETEX", Kind::write, Keys::first},
    Row{"PSETEX", Kind::write, Keys::first},
    Row{"GETSET", Kind::write, Keys::first},
    Row{"GETDEL", Kind::write, Keys::first},
    Row{"GETEX", Kind::write, Keys::first},
    Row{"APPEND", Kind::write, Keys::first},
    Row{"SETBIT", Kind::write, Keys::first},
    Row{"INCR", Kind::write, Keys::first},
    Row{"INCRBY", Kind::write, Keys::first},
    Row{"DECR", Kind::write, Keys::first},
    Row{"DECRBY", Kind::write, Keys::first},
    Row{"EXPIRE", Kind::write, Keys::first},
    Row{"PEXPIRE", Kind::write, Keys::first},
    Row{"EXPIREAT", Kind::write, Keys::first},
    Row{"PEXPIREAT", Kind::write, Keys::first},
    Row{"PERSIST", Kind::write, Keys::first},
    Row{"HSET", Kind::write, Keys::first},
    Row{"HMSET", Kind::write, Keys::first},
    Row{"HSETNX", Kind::write, Keys::first},
    Row{"HDEL", Kind::write, Keys::first},
    Row{"HINCRBY", Kind::write, Keys::first},
    Row{"SADD", Kind::write, Keys::first},
    Row{"SREM", Kind::write, Keys::first},
    Row{"LPUSH", Kind::write, Keys::first},
    Row{"RPUSH", Kind::write, Keys::first},
    Row{"LPOP", Kind::write, Keys::first},
    Row{"RPOP", Kind::write, Keys::first},
    Row{"ZADD", Kind::write, Keys::first},
    Row{"ZREM", Kind::write, Keys::first},
    Row{"DEL", Kind::write, Keys::all},
    Row{"UNLINK", Kind::write, Keys::all},
    Row{"MSET", Kind::write, Keys::every_second},
    Row{"MSETNX", Kind::write, Keys::every_second},
    Row{"RENAME", Kind::write, Keys::two},
    Row{"RENAMENX", Kind::write, Keys::two},
    Row{"EVAL", Kind::write, Keys::counted},
    Row{"EVALSHA", Kind::write, Keys::counted},
    Row{"FCALL", Kind::write, Keys::counted},
    Row{"EVAL_RO", Kind::read, Keys::counted},
    Row{"EVALSHA_RO", Kind::read, Keys::counted},
    Row{"FLUSHALL", Kind::write, Keys::everything},
    Row{"FLUSHDB", Kind::write, Keys::everything},
};

const search::Touch all_keys{"redis", "", true};
// Whoever listens to two channels sees in which order they were published to.
const search::Touch all_channels{"redis channels", "", true};
const search::Touch all_scripts{"redis scripts", "", true};

std::string in_upper(std::string word) {
  for (char& c : word)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return word;
}

// Whether the command, which the table calls one of the session, is more than that.
bool reaches_others(const std::string& command, const std::string& part) {
  if (command == "CLIENT")
    return part == "KILL" || part == "PAUSE" || part == "UNPAUSE" || part == "UNBLOCK";
  return command == "CONFIG" && part != "GET" && part != "HELP";
}

// Of commands that are about no keys.
std::optional<std::vector<search::Touch>> touches_beside_keys(
    const std::vector<std::string>& words) {
  const std::string& command = words.front();
  const std::string part = words.size() > 1 ? in_upper(words[1]) : "";
  if (command == "PUBLISH" || command == "SPUBLISH") return {{all_channels}};
  if (command == "SCRIPT" && (part == "LOAD" || part == "FLUSH")) return {{all_scripts}};
  if (command == "SCRIPT" && part == "EXISTS") return {{{"redis scripts", "", false}}};
  if (command == "INFO" && part == "KEYSPACE") return {{{"redis", "", false}}};
  const bool is_known =
      std::ranges::find(rows, std::string_view(command), &Row::name) != rows.end();
  if (!is_known || reaches_others(command, part)) return {{all_keys, all_channels, all_scripts}};
  return std::nullopt;
}

std::vector<std::string> keys_of(const std::vector<std::string>& words, Keys keys) {
  std::vector<std::string> out;
  switch (keys) {
    case Keys::first:
      if (words.size() > 1) out.push_back(words[1]);
      break;
    case Keys::all:
      out.assign(words.begin() + 1, words.end());
      break;
    case Keys::every_second:
      for (std::size_t i = 1; i < words.size(); i += 2) out.push_back(words[i]);
      break;
    case Keys::two:
      for (std::size_t i = 1; i < std::min<std::size_t>(words.size(), 3); ++i)
        out.push_back(words[i]);
      break;
    case Keys::counted: {
      std::size_t count = 0;
      if (words.size() > 2)
        std::from_chars(words[2].data(), words[2].data() + words[2].size(), count);
      for (std::size_t i = 3; i < words.size() && out.size() < count; ++i) out.push_back(words[i]);
      break;
    }
    case Keys::none:
    case Keys::everything:
      break;
  }
  return out;
}

}  // namespace

RedisMeaning meaning_of(const std::vector<std::string>& words) {
  RedisMeaning out;
  if (words.empty()) {
    out.passes = true;
    return out;
  }
  // A script is the same whether it is sent or named.
  const bool is_script = words.front().starts_with("EVALSHA");
  out.label = is_script ? "EVAL" + words.front().substr(7) : printable(words.front());
  const auto row = std::ranges::find(rows, std::string_view(words.front()), &Row::name);
  if (auto touches = touches_beside_keys(words)) {
    if (words.size() > 1) out.label += " " + printable(words[1]);
    out.touches = *std::move(touches);
    return out;
  }
  out.passes = row->kind == Kind::session || row->kind == Kind::subscribe;
  out.subscribes = row->kind == Kind::subscribe;
  if (out.passes) return out;
  out.keys = keys_of(words, row->keys);
  for (const std::string& key : out.keys) out.label += " " + printable(key);
  const bool writes = row->kind == Kind::write;
  if (row->keys == Keys::everything || row->keys == Keys::counted || out.keys.empty())
    out.touches.push_back({"redis", "", writes});
  else
    for (const std::string& key : out.keys) out.touches.push_back({"redis", key, writes});
  if (row->keys == Keys::counted) {  // a script may touch more keys than it is given, and publish
    if (writes) out.touches.push_back(all_channels);
    out.touches.push_back(
        {"redis scripts", "", row->name.starts_with("EVAL") && !row->name.starts_with("EVALSHA")});
  }
  return out;
}

}  // namespace cacherace::drive
