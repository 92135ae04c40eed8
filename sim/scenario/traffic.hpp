#pragma once
// The traffic of a scenario: what run simulates.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sim/scenario/parties.hpp"

namespace cacherace::scenario {

using namespace std::chrono_literals;

struct PoissonArrivals {};
struct ConstantArrivals {};
struct BurstyArrivals {  // nothing arrives in off phases; the rate holds on average over both
  Duration on{}, off{};
  enum class Phases { fixed, exponential } phases = Phases::fixed;
};
struct DiurnalArrivals {  // the rate swings as a cosine, from trough to peak and back
  Duration period = 24h;
  Decimal peak{2 * Decimal::one};  // over the mean rate
};
using Arrivals = std::variant<PoissonArrivals, ConstantArrivals, BurstyArrivals, DiurnalArrivals>;

struct OpenLoop {
  Rate rate;
  Arrivals arrivals;
};
struct ClosedLoop {
  std::uint32_t clients = 0;
  Latency think = Constant{0ms};
};
struct Trace {
  std::string path;  // a relative one starts at the scenario file's folder
  enum class Format { twitter, oracle_general, redis_monitor, plain } format = Format::plain;
  enum class Rows { distinct, hashed } rows = Rows::distinct;  // how its keys become rows
  std::vector<std::string> fold;  // patterns: keys that begin alike are one, "user:*"
  Decimal speed{Decimal::one};    // virtual over recorded time
  OpenLoop pace{.rate = {2000 * Decimal::one}, .arrivals = {}};  // where it records no times
};

enum class FlowKeys { popular, absent, random };

/// An operation of a flow, by its name in the script.
struct FlowPart {
  std::string operation;
  Share share;
  bool is_plain() const { return operation == "read" || operation == "write"; }
};

struct Flow {
  std::string name;
  std::variant<OpenLoop, ClosedLoop, Trace> load;
  Share reads{Decimal::one};  // the rest are writes
  std::vector<FlowPart> mix;  // in place of that; shares add up to 1
  FlowKeys keys = FlowKeys::popular;
  std::optional<Duration> from, to;  // the whole run when left out
};

struct Flush {
  Share share{Decimal::one};  // of the keys: those of one server of a pool, for instance
};
struct CacheRestart {};
struct KeysCommand {
  std::string pattern;
};
struct SetTtl {
  Duration ttl{};  // of the entries that are stored from then on
};
struct ChangeKeyFormat {};
struct Bypass {
  Share share;  // of the reads that go past the cache from then on
};
// Nobody reaches the cache server; its entries stay. Commands are refused, or get no answer.
struct CacheDown {
  bool down = true;
};
struct CacheSilent {
  bool silent = true;
};
struct CacheSlow {
  Duration by{};  // added to the latency of each command
};
struct DatabaseDown {  // every query that arrives is rejected, and those that wait
  bool down = true;
};
struct DatabaseCapacity {
  Share share{Decimal::one};  // of the connections, at least one of them
};
struct Admit {
  Share share{Decimal::one};  // of the operations; the others fail at once
};
struct InvalidateGroup {
  std::uint32_t group = 0;  // below keys.groups
};
using Deed =
    std::variant<Flush, CacheRestart, KeysCommand, SetTtl, ChangeKeyFormat, Bypass, InvalidateGroup,
                 CacheDown, CacheSilent, CacheSlow, DatabaseDown, DatabaseCapacity, Admit>;
struct Incident {
  Duration at{};
  Deed deed;
  std::optional<Duration> lasts;  // none: to the end of the run, or it is over at once
};

/// What ends such a deed; nothing for one that is over at once, or that nothing takes back.
std::optional<Deed> end_of(const Deed& deed);

struct Traffic {
  Duration duration = 1min;
  Duration warmup{};
  Duration peak_window = 1s;  // over which the peak of the database's load is taken
  bool prefill = false;       // every key is cached at the start
  std::vector<Flow> flows{
      {.name = "web", .load = OpenLoop{.rate = {2000 * Decimal::one}}, .reads = {990'000'000}}};
  std::vector<Incident> incidents;  // in the file's order
};

}  // namespace cacherace::scenario
