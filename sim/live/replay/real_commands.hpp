#pragma once
// Which effect is which Redis command or SQL statement.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/effect.hpp"
#include "sim/live/postgres.hpp"
#include "sim/live/redis.hpp"
#include "sim/live/replay/live_step.hpp"

namespace cacherace::live {

/// All our keys begin with this, and all our tables are in the schema of that name.
inline constexpr std::string_view key_prefix = "cacherace:";

/// What a key beside an entry begins with, after the prefix: `cacherace:lock:user:7`.
inline constexpr std::array<std::string_view, 7> helper_keys{
    "lock", "lease", "generation", "marker", "stale", "version", "queue"};

enum class Server : std::uint8_t {
  redis,
  postgres,
  none,  // the client's own: its process does it
};

struct RealReply {
  RedisReply redis;
  PostgresReply postgres;  // of rows, the version that the file has for the real one
};

/// A row of the table: what is sent for an effect, and what its reply means.
struct RealCommand {
  EffectKind kind = EffectKind::cache_get;
  When when = When::always;  // of a cache_set
  std::string_view
      where{};  // in words; "" for all steps of this effect that no row before it is for
  bool (*applies)(const LiveStep&) = nullptr;
  Server server = Server::none;
  /// Words with placeholders, such as `GET {entry}`; see `fill`.
  std::string_view command{};
  std::string_view script{};  // the name of the one that `{script}` is
  /// The result as the file has it. What a reply does not tell is taken from the step.
  std::string (*read)(const RealReply&, const LiveStep&) = nullptr;
};

/// At least one row for each effect that a file can have, scripts aside; the first one that applies
/// counts.
const std::vector<RealCommand>& real_commands();

/// As in files: `cache.set-if-newer`.
std::string_view effect_name(const RealCommand& row);

/// The row for a step; null when there is none.
const RealCommand* find_command(const std::vector<RealCommand>& table, const LiveStep& step);

struct Filled {
  std::vector<std::string> words;  // of a Redis command; an SQL statement is one
  std::string shown;               // with the name of a script in place of its text
};
/// The row's command for this step.
Filled fill(const RealCommand& row, const LiveStep& step);

/// The key of an entry, by the name that steps give it.
std::string real_key(const std::string& entry);
/// As an SQL literal.
std::string quoted(const std::string& text);

/// The table as text, with its scripts: what `describe --commands` prints.
std::string commands_text();

}  // namespace cacherace::live
