#pragma once
// The parties of a scenario: cache, database, clients and keys.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/core/units.hpp"

namespace cacherace::scenario {

using namespace std::chrono_literals;

// ---- latencies ---------------------------------------------------------------------------------

struct Constant {
  Duration value{};
  bool operator==(const Constant&) const = default;
};
struct Uniform {  // both ends included
  Duration min{}, max{};
  bool operator==(const Uniform&) const = default;
};
struct Exponential {
  Duration mean{};
  std::optional<Duration> max;  // draws above are cut to it
  bool operator==(const Exponential&) const = default;
};
struct Lognormal {
  Duration median{}, p99{};
  std::optional<Duration> max;
  bool operator==(const Lognormal&) const = default;
};
using Latency = std::variant<Constant, Uniform, Exponential, Lognormal>;

// ---- the parties -------------------------------------------------------------------------------

enum class Eviction {  // the maxmemory policies of Redis 7
  noeviction,
  allkeys_lru,
  allkeys_lfu,
  allkeys_random,
  volatile_lru,
  volatile_lfu,
  volatile_random,
  volatile_ttl,
};

struct CacheSettings {
  Latency latency = Uniform{200us, 1ms};
  std::optional<Bytes> maxmemory;
  Eviction policy = Eviction::noeviction;
  std::uint32_t samples = 5;
  std::uint32_t lfu_log_factor = 10;
  Duration lfu_decay_time = 1min;  // 0: counters never decay
  Duration command{};              // service time of a command; the server executes one at a time
  Duration per_key = 240ns;        // and what KEYS, SCAN, a delete of many and FLUSHALL add per key
  bool active_expiry = true;       // expired entries are also removed by the server's cycle
};

struct Replicas {
  std::uint32_t count = 0;
  Latency lag = Constant{0ms};
};

enum class Overload { reject, slow };

struct DatabaseSettings {
  Latency read = Uniform{5ms, 30ms};
  Latency write = Uniform{5ms, 20ms};
  std::uint32_t connections = 100;
  std::uint32_t queue_max = 1000;
  Overload overload = Overload::reject;
  Replicas replicas;
};

struct Pause {
  Share share;
  Latency length = Constant{0ms};
};

struct ClientSettings {
  Pause pause;
  std::optional<Duration> timeout;
  std::uint32_t retries = 0;  // of a command that timed out
  Share lost;                 // of the messages to and from the cache
  Share crash;                // of the gaps between two effects: there the client dies
};

struct UniformKeys {};
struct Zipf {
  Decimal exponent;
};
struct HotSet {
  Share share;     // of the keys
  Share of_reads;  // of the operations
};
using Popularity = std::variant<Zipf, UniformKeys, HotSet>;

struct Derived {
  std::uint32_t per_key = 0;
  std::uint32_t known = 0;
};

struct KeySettings {
  std::uint64_t count = 10'000;
  Popularity popularity = Zipf{{990'000'000}};
  Share absent;
  Bytes value = 1024;
  std::uint32_t groups = 0;
  Derived derived;
};

}  // namespace cacherace::scenario
