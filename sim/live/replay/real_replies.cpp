#include "sim/live/replay/real_replies.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/core/utf8.hpp"

namespace cacherace::live {
namespace {

using Kind = RedisReply::Kind;

bool is(const RealReply& reply, long long number) {
  return reply.redis.kind == Kind::integer && reply.redis.integer == number;
}

std::string unread(const RealReply& reply) { return "answered " + to_text(reply.redis); }

bool is_version(const std::string& value) {
  return !value.empty() && value.front() >= '0' && value.front() <= '9';
}

// "2" of "2 soft".
std::string version_in(const std::string& value) { return value.substr(0, value.find(' ')); }

// Of the value of an entry, or of none.
std::string found_text(const RedisReply& value, const LiveStep& step) {
  if (value.kind == Kind::nothing) return "miss";
  if (value.kind != Kind::text) return "answered " + to_text(value);
  if (!is_version(value.text)) return "miss";  // what a delete left
  const bool soft = step.is_early || value.text.find(" soft") != value.text.npos;
  return fmt::format("{}hit {}", soft ? "soft " : "", version_text(version_in(value.text)));
}

// The one field of the one row that there should be.
std::string field(const RealReply& reply) {
  const auto& rows = reply.postgres.rows;
  return rows.empty() || rows[0].empty() ? "" : rows[0][0].value_or("");
}

}  // namespace

std::string version_text(const std::string& version) {
  return version == "0" ? "no row" : "v" + version;
}

std::string read_get(const RealReply& reply, const LiveStep& step) {
  return found_text(reply.redis, step);
}

std::string read_get_with_generation(const RealReply& reply, const LiveStep& step) {
  if (reply.redis.list.size() != 2) return unread(reply);
  const RedisReply& there = reply.redis.list[1];
  const std::string generation = there.kind == Kind::nothing ? "0" : there.text;
  const std::string found = found_text(reply.redis.list[0], step);
  if (generation == step.arg("generation")) return found;
  return fmt::format("{}, generation {} and not {}", found, generation, step.arg("generation"));
}

std::string read_lease_get(const RealReply& reply, const LiveStep& step) {
  const auto& list = reply.redis.list;
  if (list.size() == 1) return printable(list[0].text);  // "refused"
  if (list.size() != 2) return unread(reply);
  if (list[0].text == "token") return "token " + printable(list[1].text);
  if (list[0].text == "stale") return "stale " + version_text(version_in(list[1].text));
  LiveStep hard = step;
  hard.is_early = false;
  const std::string found = found_text(list[1], hard);
  return found.starts_with("soft ") ? found.substr(5) : found;
}

std::string read_set(const RealReply& reply, const LiveStep& step) {
  const bool stored = reply.redis.kind == Kind::status || is(reply, 1);
  if (!stored && reply.redis.kind != Kind::nothing && !is(reply, 0)) return unread(reply);
  return fmt::format("{} {}", stored ? "stored" : "refused", version_text(step.arg("version")));
}

// DEL does not tell what it deletes.
std::string read_del(const RealReply& reply, const LiveStep& step) {
  if (is(reply, 0)) return "no entry";
  if (!is(reply, 1)) return unread(reply);
  return step.result.starts_with("deleted ") ? step.result : "deleted";
}

std::string read_delete_script(const RealReply& reply, const LiveStep&) {
  const auto& list = reply.redis.list;
  if (list.size() != 2) return unread(reply);
  if (list[0].text == "newer") return "newer stays";
  if (list[1].kind == Kind::nothing) return "no entry";
  return "deleted " + version_text(version_in(list[1].text));
}

std::string read_done(const RealReply& reply, const LiveStep&) {
  return is(reply, 1) ? "done" : is(reply, 0) ? "no entry" : unread(reply);
}

std::string read_lock(const RealReply& reply, const LiveStep&) {
  if (reply.redis.kind == Kind::nothing) return "held";
  return reply.redis.kind == Kind::status ? "locked" : unread(reply);
}

std::string read_unlock(const RealReply& reply, const LiveStep&) {
  return is(reply, 1) ? "unlocked" : is(reply, 0) ? "not its own" : unread(reply);
}

std::string read_get_version(const RealReply& reply, const LiveStep&) {
  if (reply.redis.kind == Kind::nothing) return "miss";
  return reply.redis.kind == Kind::text ? "version " + printable(reply.redis.text) : unread(reply);
}

std::string read_seed_version(const RealReply& reply, const LiveStep& step) {
  if (reply.redis.kind == Kind::nothing) return "version " + step.arg("seed");
  return read_get_version(reply, step);
}

std::string read_bump_version(const RealReply& reply, const LiveStep&) {
  if (reply.redis.kind != Kind::integer) return unread(reply);
  return fmt::format("version {}", reply.redis.integer);
}

std::string read_mark(const RealReply& reply, const LiveStep&) {
  return reply.redis.kind == Kind::status ? "marked" : unread(reply);
}

std::string read_get_mark(const RealReply& reply, const LiveStep&) {
  return is(reply, 1) ? "marked" : is(reply, 0) ? "not marked" : unread(reply);
}

std::string read_listed(const RealReply& reply, const LiveStep& step) {
  std::vector<std::string> found;
  for (const std::string& key : step.names("among"))
    if (std::ranges::any_of(reply.redis.list,
                            [&](const auto& listed) { return listed.text == real_key(key); }))
      found.push_back(key);
  std::vector<std::string> wanted = step.names("keys");
  std::ranges::sort(found);
  std::ranges::sort(wanted);
  if (found == wanted) return found.empty() ? "none" : "listed";
  return fmt::format("listed {}", printable(fmt::format("{}", fmt::join(found, ", "))));
}

// The file counts what was listed, and DEL what it deletes of it.
std::string read_del_listed(const RealReply& reply, const LiveStep& step) {
  const auto listed = static_cast<long long>(step.names("keys").size());
  if (reply.redis.kind != Kind::integer || reply.redis.integer > listed) return unread(reply);
  return fmt::format("deleted {}", listed);
}

std::string read_cache_write(const RealReply& reply, const LiveStep& step) {
  std::vector<std::string> queue;
  for (const auto& queued : reply.redis.list) queue.push_back(queued.text);
  if (reply.redis.kind != Kind::list || queue != step.names("queue")) return unread(reply);
  return "queued " + version_text(step.arg("version"));
}

std::string read_take(const RealReply& reply, const LiveStep&) {
  if (reply.redis.kind == Kind::nothing) return "empty";
  if (reply.redis.kind != Kind::text) return unread(reply);
  return "took " + printable(reply.redis.text.substr(reply.redis.text.rfind(' ') + 1));
}

std::string read_gone(const RealReply& reply, const LiveStep& step) {
  return is(reply, 1) ? step.result : is(reply, 0) ? "no entry" : unread(reply);
}

std::string read_flush(const RealReply& reply, const LiveStep&) {
  return reply.redis.kind == Kind::integer ? "emptied" : unread(reply);
}

std::string read_row(const RealReply& reply, const LiveStep&) {
  return reply.postgres.rows.empty() ? "no row" : "row v" + field(reply);
}

std::string read_write(const RealReply& reply, const LiveStep&) {
  return "committed v" + field(reply);
}

std::string read_begin(const RealReply& reply, const LiveStep&) { return "began v" + field(reply); }

std::string read_commit(const RealReply& reply, const LiveStep& step) {
  if (reply.postgres.tag == "COMMIT") return "committed " + version_text(step.arg("version"));
  return "answered " + reply.postgres.tag;
}

}  // namespace cacherace::live
