#pragma once
// A scenario file as a typed value. What each key means is documented with the format
// (docs/scenario.md); here stand its shapes, units and defaults.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/core/units.hpp"
#include "sim/core/verdict.hpp"

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

// ---- strategies: one choice per slot -----------------------------------------------------------

struct PlainRead {};
struct StaleWhileRevalidate {
  Duration soft{}, hard{};
};
using Read = std::variant<PlainRead, StaleWhileRevalidate>;

struct EveryReader {};
struct SingleFlight {};
struct Lock {
  Duration ttl{}, wait{}, give_up{};
};
using Load = std::variant<EveryReader, SingleFlight, Lock>;

struct SetFill {};
using Fill = std::variant<SetFill>;

struct NoInvalidation {};
struct DeleteAfter {};
struct DeleteBefore {};
struct DoubleDelete {
  enum class First { before, after } first = First::before;
  enum class Timer { process, durable } timer = Timer::process;
  Duration delay{};
};
struct SetAfter {};
using Write = std::variant<DeleteAfter, DeleteBefore, SetAfter, NoInvalidation, DoubleDelete>;

struct Expiry {
  std::optional<Duration> ttl;  // none: entries never expire
  Share jitter;
};

/// Every slot's default is the baseline: cache-aside with delete-after and no expiry.
struct Strategy {
  std::string name;
  Read read;
  Load load;
  Fill fill;
  Write write;
  Expiry expiry;
};

// ---- race: what search explores ----------------------------------------------------------------

struct Operation {
  enum class Kind : std::uint8_t { read, write } kind = Kind::read;
  std::string key;
  bool operator==(const Operation&) const = default;
};

struct RaceClient {
  std::string name;
  std::uint32_t count = 1;
  std::vector<Operation> operations;
};

enum class KeyStart : std::uint8_t { cold, warm, absent };

constexpr std::string_view name(KeyStart start) {
  switch (start) {
    case KeyStart::cold:
      return "cold";
    case KeyStart::warm:
      return "warm";
    case KeyStart::absent:
      return "absent";
  }
  return "";
}

struct Start {
  KeyStart all = KeyStart::cold;
  std::vector<std::pair<std::string, KeyStart>> keys;  // exceptions, by key
};

enum class Timing { unbounded, latencies };

struct Faults {
  std::uint32_t crash = 0, evict = 0, lose = 0, flush = 0, cache_restart = 0;
};

struct Race {
  std::vector<RaceClient> clients{
      {.name = "reader", .operations = {{Operation::Kind::read, "user:7"}}},
      {.name = "writer", .operations = {{Operation::Kind::write, "user:7"}}}};
  Start start;
  Timing timing = Timing::unbounded;
  Duration pause_max{};
  Faults faults;
};

// ---- traffic: what run simulates ---------------------------------------------------------------

enum class Arrivals { poisson, constant };

struct OpenLoop {
  Rate rate;
  Arrivals arrivals = Arrivals::poisson;
};
struct ClosedLoop {
  std::uint32_t clients = 0;
  Latency think = Constant{0ms};
};
struct Trace {
  std::string path;
  enum class Format { twitter, oracle_general, plain } format = Format::plain;
};

enum class FlowKeys { popular, absent, random };

struct Flow {
  std::string name;
  std::variant<OpenLoop, ClosedLoop, Trace> load;
  Share reads{Decimal::one};  // the rest are writes
  FlowKeys keys = FlowKeys::popular;
  std::optional<Duration> from, to;  // the whole run when left out
};

struct Traffic {
  Duration duration = 1min;
  Duration warmup{};
  bool prefill = false;  // every key is cached at the start
  std::vector<Flow> flows{
      {.name = "web", .load = OpenLoop{.rate = {2000 * Decimal::one}}, .reads = {990'000'000}}};
};

// ---- expectations ------------------------------------------------------------------------------

using cacherace::Verdict;

struct Limit {
  enum class Comparison { less, at_most, equal, at_least, greater } comparison{};
  double value = 0;  // in the unit of the metric; microseconds for durations
};

struct Expectation {
  std::string strategy;  // "*" for all
  std::string name;      // of a property or a metric
  bool is_property = false;
  std::variant<Verdict, Limit> wanted;
};

// ---- the whole ---------------------------------------------------------------------------------

struct Scenario {
  std::string file;    // as the user named it
  std::string json;    // the file's content without comments and spacing, keys in the file's order
  std::string digest;  // of `json`
  std::string title;
  std::string story;
  std::string source;
  std::uint64_t seed = 1;
  CacheSettings cache;
  DatabaseSettings database;
  ClientSettings clients;
  KeySettings keys;
  std::vector<Strategy> strategies;  // in the file's order; never empty
  Race race;
  Traffic traffic;
  std::vector<Expectation> expectations;
};

}  // namespace cacherace::scenario
