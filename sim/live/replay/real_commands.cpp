#include "sim/live/replay/real_commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/core/assert.hpp"
#include "sim/core/utf8.hpp"
#include "sim/live/replay/real_replies.hpp"
#include "sim/live/replay/real_scripts.hpp"

namespace cacherace::live {
namespace {

using enum EffectKind;
constexpr auto redis = Server::redis;
constexpr auto postgres = Server::postgres;

bool shows_generation(const LiveStep& step) { return step.has("generation"); }
bool leaves_something(const LiveStep& step) {
  return step.arg("leaves") != "nothing" || step.has("voids_lease") || step.has("keeps_stale_for");
}
bool uses_queue(const LiveStep& step) { return step.uses_queue; }
bool is_flushed(const LiveStep& step) { return !step.queued.empty(); }
bool in_the_process(const LiveStep& step) { return !step.uses_queue; }

RealCommand own(EffectKind kind, std::string_view where = "") {
  return {.kind = kind, .where = where};
}

RealCommand at_redis(EffectKind kind, std::string_view command, auto read,
                     std::string_view script = "") {
  return {.kind = kind, .server = redis, .command = command, .script = script, .read = read};
}

RealCommand set(When when, std::string_view command, std::string_view script = "") {
  auto row = at_redis(cache_set, command, read_set, script);
  row.when = when;
  return row;
}

RealCommand at_postgres(EffectKind kind, std::string_view command, auto read) {
  return {.kind = kind, .server = postgres, .command = command, .read = read};
}

RealCommand only(std::string_view where, bool (*applies)(const LiveStep&), RealCommand row) {
  row.where = where;
  row.applies = applies;
  return row;
}

constexpr std::string_view next_version =
    "INSERT INTO cacherace.rows AS r VALUES ({row}, 1) "
    "ON CONFLICT (name) DO UPDATE SET version = r.version + 1 RETURNING version";

std::vector<RealCommand> redis_rows() {
  const auto in_queue = "where writes wait in the cache";
  return {
      only("where deletes begin new generations", shows_generation,
           at_redis(cache_get, "MGET {entry} {generation}", read_get_with_generation)),
      at_redis(cache_get, "GET {entry}", read_get),
      set(When::always, "SET {entry} {version} {ttl}"),
      set(When::absent, "SET {entry} {version} NX {ttl}"),
      set(When::present, "SET {entry} {version} XX {ttl}"),
      set(When::newer, "EVAL {script} 1 {entry} {version} {ttl}", "set-if-newer"),
      set(When::not_held, "EVAL {script} 1 {entry} {version} {ttl}", "set-unless-held"),
      set(When::same_generation,
          "EVAL {script} 2 {entry} {generation} {generation-seen} {version} {ttl}",
          "set-if-generation"),
      set(When::leased, "EVAL {script} 2 {entry} {lease} {token} {version} {ttl}", "lease-set"),
      only("that leaves something, or voids a lease", leaves_something,
           at_redis(cache_del,
                    "EVAL {script} 4 {entry} {lease} {stale} {generation} {leaves} {version} "
                    "{voids} {stale-for} {ttl}",
                    read_delete_script, "delete")),
      at_redis(cache_del, "DEL {entry}", read_del),
      at_redis(cache_set_ttl, "PEXPIRE {entry} {ttl-ms}", read_done),
      at_redis(cache_lease_get, "EVAL {script} 3 {entry} {lease} {stale} {token} {open} {lease-ms}",
               read_lease_get, "lease-get"),
      at_redis(cache_lock, "SET {lock} {token} NX {ttl}", read_lock),
      at_redis(cache_unlock, "EVAL {script} 1 {lock} {token}", read_unlock, "unlock"),
      at_redis(cache_unlock_any, "DEL {lock}", read_unlock),
      at_redis(cache_get_version, "GET {entry}", read_get_version),
      at_redis(cache_seed_version, "SET {entry} {seed} NX GET", read_seed_version),
      at_redis(cache_bump_version, "EVAL {script} 1 {entry} {seed}", read_bump_version,
               "bump-version"),
      at_redis(cache_mark, "SET {marker} 1 {ttl}", read_mark),
      at_redis(cache_get_mark, "EXISTS {marker}", read_get_mark),
      at_redis(cache_keys, "KEYS {all}", read_listed),
      at_redis(cache_scan, "SCAN {cursor} MATCH {all} COUNT {count}", read_listed),
      at_redis(cache_del_listed, "DEL {keys}", read_del_listed),
      at_redis(cache_write, "EVAL {script} 2 {entry} {queue} {queued} {replaces} {dirty} {ttl}",
               read_cache_write, "write-and-queue"),
      at_redis(cache_clean, "EVAL {script} 2 {entry} {queue} {queued} {version}", read_done,
               "clean"),
      only(in_queue, uses_queue, at_redis(queue_take, "LINDEX {queue} 0", read_take)),
      only(in_queue, uses_queue,
           at_redis(cache_expire, "EVAL {script} 2 {entry} {queue} {name}", read_gone,
                    "remove-with-queued")),
      at_redis(cache_expire, "DEL {entry}", read_gone),
      at_redis(cache_soften, "EVAL {script} 1 {entry} {flag}", read_gone, "soften"),
      only(in_queue, uses_queue,
           at_redis(cache_evict, "EVAL {script} 2 {entry} {queue} {name}", read_gone,
                    "remove-with-queued")),
      at_redis(cache_evict, "DEL {entry}", read_gone),
      at_redis(cache_flush, "EVAL {script} 0 {all}", read_flush, "flush"),
      at_redis(cache_restart, "EVAL {script} 0 {all}", read_flush, "flush"),
  };
}

std::vector<RealCommand> other_rows() {
  return {
      at_postgres(db_read, "SELECT version FROM cacherace.rows WHERE name = {row}", read_row),
      only("of a queued write", is_flushed,
           at_postgres(db_write,
                       "INSERT INTO cacherace.rows VALUES ({row}, {queued-version}) ON CONFLICT "
                       "(name) DO UPDATE SET version = excluded.version RETURNING version",
                       read_write)),
      at_postgres(db_write, next_version, read_write),
      at_postgres(db_begin,
                  "BEGIN; INSERT INTO cacherace.rows AS r VALUES ({row}, 1) "
                  "ON CONFLICT (name) DO UPDATE SET version = r.version + 1 RETURNING version",
                  read_begin),
      at_postgres(db_commit, "COMMIT", read_commit),
      own(queue_append),
      only("where the queue is durable", in_the_process, own(queue_take)),
      own(flight_join),
      own(flight_wait),
      own(flight_finish),
      own(flight_forget),
      own(local_get),
      own(local_set),
      own(local_del),
      own(filter_check),
      own(filter_add),
      own(wait),
  };
}

// TTLs are a thousand times as long: an entry goes when the file says so, however slow we are.
std::string milliseconds(const std::string& written) {
  constexpr std::int64_t ms_max = 100'000'000'000'000;
  std::int64_t count = 0;
  const auto [end, fault] = std::from_chars(written.data(), written.data() + written.size(), count);
  if (fault != std::errc{}) return std::to_string(ms_max);
  const std::string_view unit(end, static_cast<std::size_t>(written.data() + written.size() - end));
  // Of a unit, times 1000.
  const std::int64_t ms = unit == "s" ? 1'000'000 : unit == "ms" ? 1'000 : 1;
  if (unit == "ns") count /= 1000;
  return std::to_string(count >= ms_max / ms ? ms_max : std::max<std::int64_t>(1, count * ms));
}

std::vector<std::string> ttl_words(const LiveStep& step) {
  const std::string ttl = step.arg("ttl");
  if (ttl == "keep") return {"KEEPTTL"};
  if (ttl.empty() || ttl == "none") return {};
  return {"PX", milliseconds(ttl)};
}

std::string seed_of(const LiveStep& step) {
  const std::string seed = step.arg("seed");
  return seed.empty() || seed == "unused" ? "1" : seed;
}

// The words that a placeholder is.
std::vector<std::string> words_of(std::string_view what, const RealCommand& row,
                                  const LiveStep& step) {
  const std::string prefix(key_prefix);
  for (const auto helper : helper_keys)
    if (what == helper && what != "queue" && what != "version")
      return {fmt::format("{}{}:{}", prefix, helper, step.entry)};
  if (what == "script") return {std::string(script_text(row.script))};
  if (what == "entry") return {real_key(step.entry)};
  if (what == "queue") return {prefix + "queue"};
  if (what == "name") return {step.entry};
  if (what == "all") return {prefix + "*"};
  if (what == "ttl") return ttl_words(step);
  if (what == "ttl-ms") return {milliseconds(step.arg("ttl"))};
  if (what == "lease-ms") return {milliseconds(step.arg("lease_ttl"))};
  if (what == "open") return {step.arg("lease_rate") == "0s" ? " open" : ""};
  if (what == "generation-seen") return {step.arg("generation")};
  if (what == "seed") return {seed_of(step)};
  if (what == "cursor") return {"0"};
  if (what == "voids") return {step.has("voids_lease") ? "true" : "false"};
  if (what == "stale-for")
    return {step.has("keeps_stale_for") ? milliseconds(step.arg("keeps_stale_for")) : ""};
  if (what == "flag") return {step.entry.starts_with("lease:") ? "open" : "soft"};
  if (what == "dirty") return {step.arg("version") + " dirty"};
  if (what == "queued") return {fmt::format("{} v{}", step.entry, step.arg("version"))};
  if (what == "replaces") return {step.replaces_queued ? "true" : "false"};
  if (what == "queued-version") return {step.queued};
  if (what == "row") return {quoted(step.arg("row"))};
  if (what == "keys") {
    auto keys = step.names("keys");
    for (auto& key : keys) key = real_key(key);
    return keys;
  }
  if (what == "version") return {step.has("version") ? step.arg("version") : "0"};
  return {step.arg(std::string(what))};  // "token", "leaves", "count"
}

// As a shell would need it.
std::string shown_word(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_of(" \"'*") == word.npos;
  return plain ? printable(word) : fmt::format("\"{}\"", printable(word));
}

std::string fill_statement(const RealCommand& row, const LiveStep& step) {
  std::string out;
  std::string_view rest = row.command;
  while (!rest.empty()) {
    const auto open = rest.find('{');
    out += rest.substr(0, open);
    if (open == rest.npos) break;
    const auto close = rest.find('}', open);
    out += words_of(rest.substr(open + 1, close - open - 1), row, step).at(0);
    rest.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace

const std::vector<RealCommand>& real_commands() {
  static const std::vector<RealCommand> table = [] {
    auto rows = redis_rows();
    const auto others = other_rows();
    rows.insert(rows.end(), others.begin(), others.end());
    return rows;
  }();
  return table;
}

std::string_view effect_name(const RealCommand& row) {
  return name(Effect{.kind = row.kind, .when = row.when});
}

const RealCommand* find_command(const std::vector<RealCommand>& table, const LiveStep& step) {
  const auto found = std::ranges::find_if(table, [&](const RealCommand& row) {
    return effect_name(row) == step.effect && (row.applies == nullptr || row.applies(step));
  });
  return found == table.end() ? nullptr : &*found;
}

Filled fill(const RealCommand& row, const LiveStep& step) {
  Filled out;
  if (row.server == Server::none) return out;
  if (row.server == Server::postgres) {
    out.words = {fill_statement(row, step)};
    out.shown = printable(out.words[0]);
    return out;
  }
  std::string_view rest = row.command;
  while (!rest.empty()) {
    const auto space = rest.find(' ');
    const std::string_view word = rest.substr(0, space);
    rest.remove_prefix(space == rest.npos ? rest.size() : space + 1);
    const bool is_literal = word.front() != '{';
    const auto words = is_literal ? std::vector{std::string(word)}
                                  : words_of(word.substr(1, word.size() - 2), row, step);
    for (const std::string& each : words)
      out.shown += (out.shown.empty() ? "" : " ") +
                   (word == "{script}" ? fmt::format("<{}>", row.script) : shown_word(each));
    out.words.insert(out.words.end(), words.begin(), words.end());
  }
  return out;
}

std::string real_key(const std::string& entry) { return std::string(key_prefix) + entry; }

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string commands_text() {
  std::string out =
      "What `replay --live` sends for each effect. TTLs are a thousand times as long, and an entry "
      "goes\nwhen the file says so; \"the client's own\" is what its process does by itself.\n\n";
  for (const RealCommand& row : real_commands()) {
    out += std::string(effect_name(row));
    if (!row.where.empty()) out += fmt::format(" ({})", row.where);
    std::string command(row.server == Server::none ? "the client's own" : row.command);
    if (const auto at = command.find("{script}"); at != command.npos)
      command.replace(at, 8, fmt::format("<{}>", row.script));
    out += "\n    " + command + "\n";
  }
  out += "\nThe scripts:\n";
  for (const RealScript& script : real_scripts()) {
    out += fmt::format("\n<{}>\n    ", script.name);
    for (const char c : script.text) out += c == '\n' ? std::string("\n    ") : std::string(1, c);
    out += "\n";
  }
  return out;
}

}  // namespace cacherace::live
