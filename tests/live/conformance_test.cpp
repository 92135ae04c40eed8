// The simulated cache server against Redis: random commands under one clock that stands still
// between them, every reply and every TTL.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "sim/core/stream.hpp"
#include "sim/live/embedded.hpp"
#include "sim/live/redis.hpp"
#include "sim/world/world.hpp"

namespace cacherace::live {
namespace {

using namespace std::chrono_literals;

/// A Redis server whose clock moves when we say so, and that expires only what it meets.
class ServerWithClock {
 public:
  ServerWithClock() {
    std::ofstream(path_) << std::string(sizeof(std::int64_t), '\0');
    const int file = open(path_.c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(file >= 0);
    void* const mapped =
        mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    REQUIRE(mapped != MAP_FAILED);
    clock_ = static_cast<volatile std::int64_t*>(mapped);
    set(start_of_time);
    setenv("LD_PRELOAD", CACHERACE_MOVED_CLOCK, 1);
    setenv("CACHERACE_TEST_CLOCK", path_.c_str(), 1);
    auto started =
        EmbeddedRedis::start({"--enable-debug-command", "yes", "--save", "", "--appendonly", "no"});
    unsetenv("LD_PRELOAD");
    unsetenv("CACHERACE_TEST_CLOCK");
    if (!started) FAIL(to_text(started.error().front()));
    server_.emplace(*std::move(started));
    auto connection = RedisConnection::open(server_->socket());
    REQUIRE(connection.has_value());
    connection_.emplace(*std::move(connection));
    ask({"DEBUG", "SET-ACTIVE-EXPIRE", "0"});
    ask({"CONFIG", "RESETSTAT"});
  }
  ~ServerWithClock() { std::filesystem::remove(path_); }
  ServerWithClock(const ServerWithClock&) = delete;
  ServerWithClock& operator=(const ServerWithClock&) = delete;

  void set(SimTime now) {
    constexpr std::int64_t epoch = 1'800'000'000'000'000;
    *clock_ =
        epoch + std::chrono::duration_cast<std::chrono::microseconds>(now - start_of_time).count();
  }
  RedisReply ask(const std::vector<std::string>& words) {
    auto reply = connection_->ask(words);
    if (!reply) FAIL(to_text(reply.error().front()));
    if (reply->kind == RedisReply::Kind::error) FAIL(to_text(*reply));
    return *std::move(reply);
  }
  /// A counter of INFO stats.
  long long counter(const std::string& name) {
    const std::string info = ask({"INFO", "stats"}).text;
    const auto at = info.find("\n" + name + ":");
    REQUIRE(at != std::string::npos);
    return std::stoll(info.substr(at + name.size() + 2));
  }

 private:
  std::string path_ =
      std::filesystem::temp_directory_path() / fmt::format("cacherace-clock-{}", getpid());
  volatile std::int64_t* clock_ = nullptr;
  std::optional<EmbeddedRedis> server_;
  std::optional<RedisConnection> connection_;
};

constexpr Key keys = 6;

std::string entry_name(Key key) { return fmt::format("k{}", key); }
std::string lock_name(Key key) { return fmt::format("lock:{}", key); }

std::vector<std::string> with_ttl(std::vector<std::string> words, Duration ttl) {
  if (ttl == Duration::max()) return words;
  words.push_back("PX");
  words.push_back(
      std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(ttl).count()));
  return words;
}

/// The command of a client that does what the effect says, written from Redis's documentation.
std::vector<std::string> command_of(const Effect& effect) {
  const std::string name = entry_name(effect.key);
  switch (effect.kind) {
    case EffectKind::cache_get:
      return {"GET", name};
    case EffectKind::cache_del:
      return {"DEL", name};
    case EffectKind::cache_set_ttl:
      return {"PEXPIRE", name,
              std::to_string(
                  std::chrono::duration_cast<std::chrono::milliseconds>(effect.ttl).count())};
    case EffectKind::cache_lock:
      return with_ttl({"SET", lock_name(effect.key), std::to_string(effect.token), "NX"},
                      effect.ttl);
    case EffectKind::cache_unlock_any:
      return {"DEL", lock_name(effect.key)};
    case EffectKind::cache_unlock:
      return {"EVAL",
              "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) "
              "else return 0 end",
              "1", lock_name(effect.key), std::to_string(effect.token)};
    case EffectKind::cache_set: {
      auto words = with_ttl({"SET", name, std::to_string(effect.version)}, effect.ttl);
      if (effect.keeps_ttl) words.emplace_back("KEEPTTL");
      if (effect.when == When::absent) words.emplace_back("NX");
      if (effect.when == When::present) words.emplace_back("XX");
      return words;
    }
    default:
      FAIL("no command");
      return {};
  }
}

std::string words_of(const std::vector<std::string>& command) {
  std::string text;
  for (const auto& word : command) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// What the simulator's reply looks like to a client of Redis.
RedisReply expected_reply(const Effect& effect, const Reply& reply) {
  using Kind = RedisReply::Kind;
  const RedisReply nothing;
  switch (effect.kind) {
    case EffectKind::cache_get:
      if (!reply.found) return nothing;
      return {.kind = Kind::text, .text = std::to_string(reply.version), .list = {}};
    case EffectKind::cache_set:
    case EffectKind::cache_lock:
      if (!reply.found) return nothing;
      return {.kind = Kind::status, .text = "OK", .list = {}};
    default:
      return {.kind = Kind::integer, .text = "", .integer = reply.found ? 1 : 0, .list = {}};
  }
}

class Draws {
 public:
  explicit Draws(std::uint64_t seed) : words_(seed, 0, Purpose::schedule) {}

  std::uint64_t below(std::uint64_t count) { return words_.below(count); }
  bool one_in(std::uint64_t count) { return below(count) == 0; }
  Duration ttl() {
    return one_in(3) ? Duration::max() : std::chrono::milliseconds(1 + below(one_in(2) ? 5 : 200));
  }
  Effect effect() {
    Effect effect{.key = static_cast<Key>(below(keys))};
    switch (below(9)) {
      case 0:
      case 1:
        effect.kind = EffectKind::cache_get;
        break;
      case 2:
        effect.kind = EffectKind::cache_del;
        break;
      case 3:
        effect.kind = EffectKind::cache_set_ttl;
        effect.ttl = std::chrono::milliseconds(1 + below(100));
        break;
      case 4:
        effect.kind = EffectKind::cache_lock;
        effect.token = static_cast<std::uint32_t>(1 + below(3));
        effect.ttl = ttl();
        break;
      case 5:
        effect.kind = one_in(4) ? EffectKind::cache_unlock_any : EffectKind::cache_unlock;
        effect.token = static_cast<std::uint32_t>(1 + below(3));
        break;
      default:
        effect.kind = EffectKind::cache_set;
        effect.version = static_cast<Version>(1 + below(1000));
        effect.when = one_in(2) ? When::always : one_in(2) ? When::absent : When::present;
        effect.keeps_ttl = one_in(4);
        if (!effect.keeps_ttl) effect.ttl = ttl();
    }
    return effect;
  }

 private:
  Words words_;
};

/// PTTL of a key as Redis says it: -2 where there is none, -1 where it does not expire.
long long left_of(const world::Entry& entry, SimTime now) {
  if (!entry.present()) return -2;
  if (entry.expires_at == never) return -1;
  return std::chrono::duration_cast<std::chrono::milliseconds>(entry.expires_at - now).count();
}

struct Compared {
  std::string disagreement;  // "" where there is none
  long long performed = 0;
  long long stored = 0, refused = 0, hits = 0, misses = 0, expired = 0;
};

/// Performs the same on both. `tamper`: a bug of the simulated server.
Compared compare(
    ServerWithClock& real, std::uint64_t seed, long long count,
    const std::function<void(Effect&)>& tamper = [](Effect&) {}) {
  real.ask({"FLUSHALL"});
  real.ask({"CONFIG", "RESETSTAT"});
  world::World simulated({.rows = keys, .locks = true}, 1);
  Draws draws(seed);
  Compared result;
  SimTime now = start_of_time;
  real.set(now);
  const auto perform = [&](const Effect& effect) {
    const auto command = command_of(effect);
    Effect tampered = effect;
    tamper(tampered);
    const Reply reply = simulated.perform(tampered, 0, now);
    const auto wanted = expected_reply(effect, reply);
    const auto found = real.ask(command);
    ++result.performed;
    result.expired += reply.expired;
    if (effect.kind == EffectKind::cache_get) ++(reply.found ? result.hits : result.misses);
    if (effect.kind == EffectKind::cache_unlock) {
      // Its script looks the lock up, too.
      const bool there =
          reply.found || simulated.cache.peek({world::Space::lock, effect.key}, now).present();
      ++(there ? result.hits : result.misses);
    }
    if (effect.kind == EffectKind::cache_set) ++(reply.found ? result.stored : result.refused);
    if (found != wanted && result.disagreement.empty())
      result.disagreement = fmt::format(
          "seed {}, command {}, {} ms: {} gives {}, the simulator says {}", seed, result.performed,
          (now - start_of_time) / 1ms, words_of(command), to_text(found), to_text(wanted));
  };
  while (result.performed < count && result.disagreement.empty()) {
    if (draws.one_in(2)) {
      now += std::chrono::milliseconds(draws.below(draws.one_in(4) ? 120 : 4));
      real.set(now);
    }
    perform(draws.effect());
    if (result.performed % 64 != 0) continue;
    // Whatever is over goes with the look at it, on both sides.
    for (Key key = 0; key < keys; ++key) {
      perform({.kind = EffectKind::cache_get, .key = key});
      const long long wanted = left_of(simulated.cache.peek(simulated.value_name(key), now), now);
      const long long found = real.ask({"PTTL", entry_name(key)}).integer;
      ++(found == -2 ? result.misses : result.hits);  // for Redis it is a look-up, too
      if (found == wanted || !result.disagreement.empty()) continue;
      result.disagreement = fmt::format("seed {}, after command {}: PTTL {} gives {}, not {}", seed,
                                        result.performed, entry_name(key), found, wanted);
    }
  }
  return result;
}

void check_commands(long long all) {
  ServerWithClock real;
  constexpr long long at_once = 2'000;
  long long stored = 0, refused = 0, expired = 0;
  for (std::uint64_t seed = 1; static_cast<long long>(seed - 1) * at_once < all; ++seed) {
    const auto result = compare(real, seed, at_once);
    if (!result.disagreement.empty()) FAIL(result.disagreement);
    CAPTURE(seed);
    CHECK(real.counter("expired_keys") == result.expired);
    CHECK(real.counter("keyspace_hits") == result.hits);
    CHECK(real.counter("keyspace_misses") == result.misses);
    stored += result.stored;
    refused += result.refused;
    expired += result.expired;
  }
  CHECK(stored > all / 10);
  CHECK(refused > all / 100);
  CHECK(expired > all / 100);
}

TEST_CASE("random commands give the same replies, TTLs and counters as Redis", "[redis]") {
  check_commands(20'000);
}

TEST_CASE("a million of them", "[.][redis-by-hand]") { check_commands(1'000'000); }

TEST_CASE("a bug in the simulated server would be found", "[redis]") {
  ServerWithClock real;
  const auto found = [&](const std::function<void(Effect&)>& bug) {
    return !compare(real, 1, 2'000, bug).disagreement.empty();
  };
  CHECK_FALSE(found([](Effect&) {}));
  CHECK(found([](Effect& effect) {  // SET NX overwrites
    if (effect.when == When::absent) effect.when = When::always;
  }));
  CHECK(found([](Effect& effect) { effect.keeps_ttl = false; }));
  CHECK(found([](Effect& effect) {  // a millisecond too long
    if (effect.ttl != Duration::max()) effect.ttl += 1ms;
  }));
  CHECK(found([](Effect& effect) {  // whoever holds the lock
    if (effect.kind == EffectKind::cache_unlock) effect.kind = EffectKind::cache_unlock_any;
  }));
}

}  // namespace
}  // namespace cacherace::live
