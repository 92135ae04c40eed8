#include "sim/scenario/decode/decode.hpp"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "sim/core/metric_table.hpp"
#include "sim/core/property_table.hpp"
#include "sim/json/parse.hpp"
#include "sim/scenario/decode/decode_values.hpp"
#include "sim/scenario/file/load.hpp"
#include "tests/scenario/full_example.hpp"
#include "tests/scenario/text_of.hpp"

namespace cacherace::scenario {
namespace {

// The section `name` of the full example.
template <typename Decode>
auto section(std::string_view name, Decode decode) {
  Collector problems("full.json");
  const auto document = json::parse(full_example, problems);
  REQUIRE(document);
  auto value = decode(*document->root().find(name), problems);
  REQUIRE(value);
  return *value;
}

Scenario loaded(std::string_view text) {
  auto scenario = load(text, "x.json");
  if (!scenario.has_value()) FAIL(to_text(scenario.error().front()));
  return *scenario;
}

TEST_CASE("the empty scenario is the baseline with every default") {
  const Scenario scenario = loaded("{}");
  CHECK(scenario.file == "x.json");
  CHECK(scenario.json == "{}");
  CHECK(scenario.digest.size() == 16);
  CHECK(scenario.seed == 1);
  CHECK(scenario.cache.latency == Latency(Uniform{200us, 1ms}));
  CHECK(scenario.database.connections == 100);
  REQUIRE(scenario.strategies.size() == 1);
  CHECK(scenario.strategies[0].name == "cache-aside");
  CHECK(std::holds_alternative<DeleteAfter>(scenario.strategies[0].write));
  CHECK_FALSE(scenario.strategies[0].expiry.ttl);
  REQUIRE(scenario.race.clients.size() == 2);
  CHECK(scenario.race.clients[0].operations ==
        std::vector<Operation>{{Operation::Kind::read, "user:7"}});
  CHECK(scenario.race.clients[1].operations ==
        std::vector<Operation>{{Operation::Kind::write, "user:7"}});
  REQUIRE(scenario.traffic.flows.size() == 1);
  CHECK(scenario.traffic.peak_window == 1s);
  CHECK(std::get<OpenLoop>(scenario.traffic.flows[0].load).rate.billionths == 2000 * Decimal::one);
}

TEST_CASE("the seed has 64 bits") {
  CHECK(loaded(R"({"seed": 18446744073709551615})").seed == 18446744073709551615U);
}

TEST_CASE("comments and spacing do not change the digest, values do") {
  const Scenario scenario = loaded("{ \"seed\" : 2 } // two");
  CHECK(scenario.json == R"({"seed":2})");
  CHECK(scenario.digest == loaded(R"({"seed":2})").digest);
  CHECK(scenario.digest != loaded(R"({"seed":3})").digest);
}

TEST_CASE("latencies in each form") {
  const auto read = [](std::string_view latency) {
    const std::string text = std::string(R"({"cache":{"latency":)").append(latency) + "}}";
    return loaded(text).cache.latency;
  };
  CHECK(read(R"("5ms")") == Latency(Constant{5ms}));
  CHECK(read(R"("5ms..30ms")") == Latency(Uniform{5ms, 30ms}));
  CHECK(read(R"({"exponential": "20ms"})") == Latency(Exponential{20ms, {}}));
  CHECK(read(R"({"exponential": "20ms", "max": "1s"})") == Latency(Exponential{20ms, 1s}));
  CHECK(read(R"({"lognormal": {"median": "5ms", "p99": "30ms"}})") ==
        Latency(Lognormal{5ms, 30ms, {}}));
  CHECK(read(R"({"lognormal": {"median": "5ms", "p99": "30ms"}, "max": "1s"})") ==
        Latency(Lognormal{5ms, 30ms, 1s}));
}

TEST_CASE("cache, database, clients and keys decode") {
  const auto cache = section("cache", cache_settings);
  CHECK(cache.latency == Latency(Uniform{200us, 1ms}));
  CHECK(cache.maxmemory == Bytes{64} << 20U);
  CHECK(cache.policy == Eviction::allkeys_lru);
  CHECK(cache.samples == 6);
  CHECK(cache.lfu_log_factor == 1);
  CHECK(cache.lfu_decay_time == 2min);
  CHECK(cache.command == 10us);
  CHECK(cache.per_key == 300ns);
  CHECK_FALSE(cache.active_expiry);

  const auto database = section("database", database_settings);
  CHECK(database.read == Latency(Lognormal{5ms, 30ms, 1s}));
  CHECK(database.write == Latency(Exponential{20ms, 2s}));
  CHECK(database.connections == 7);
  CHECK(database.queue_max == 70);
  CHECK(database.overload == Overload::slow);
  CHECK(database.replicas.count == 1);
  CHECK(database.replicas.lag == Latency(Uniform{0ms, 500ms}));

  const auto clients = section("clients", client_settings);
  CHECK(clients.pause.share.billionths == 1'000'000);
  CHECK(clients.pause.length == Latency(Uniform{0s, 2s}));
  CHECK(clients.timeout == 1s);
  CHECK(clients.retries == 2);
  CHECK(clients.lost.billionths == 1'000'000);
  CHECK(clients.crash.billionths == 100'000);

  const auto keys = section("keys", key_settings);
  CHECK(keys.count == 12);
  const auto& hot = std::get<HotSet>(keys.popularity);
  CHECK(hot.share.billionths == 10'000'000);
  CHECK(hot.of_reads.billionths == 900'000'000);
  CHECK(keys.absent.billionths == 10'000'000);
  CHECK(keys.value == 2048);
  CHECK(keys.groups == 100);
  CHECK(keys.derived.per_key == 2);
  CHECK(keys.derived.known == 1);
}

TEST_CASE("popularity in each form") {
  CHECK(std::holds_alternative<UniformKeys>(
      loaded(R"({"keys":{"popularity":"uniform"}})").keys.popularity));
  const auto zipf = loaded(R"({"keys":{"popularity":{"zipf":1.25}}})").keys.popularity;
  CHECK(std::get<Zipf>(zipf).exponent.billionths == 1'250'000'000);
}

TEST_CASE("the race decodes") {
  const Race decoded = section("race", race);
  using Kind = Operation::Kind;
  REQUIRE(decoded.clients.size() == 3);
  CHECK(decoded.clients[0].name == "reader");
  CHECK(decoded.clients[0].count == 2);
  CHECK(decoded.clients[0].operations ==
        std::vector<Operation>{{Kind::read, "user:7"}, {Kind::read, "user:8#2"}});
  CHECK(decoded.clients[1].count == 1);
  CHECK(decoded.clients[1].operations == std::vector<Operation>{{Kind::write, "user:7"}});
  CHECK(decoded.clients[2].operations == std::vector<Operation>{{Kind::evict, "user:7#1"},
                                                                {Kind::flush, ""},
                                                                {Kind::cache_restart, ""}});
  CHECK(decoded.start.all == KeyStart::cold);
  CHECK(decoded.start.keys ==
        std::vector<std::pair<std::string, KeyStart>>{{"user:7", KeyStart::absent},
                                                      {"user:8", KeyStart::warm},
                                                      {"user:8#1", KeyStart::cold}});
  CHECK(decoded.timing == Timing::latencies);
  CHECK(decoded.pause_max == 2s);
  CHECK(decoded.faults.crash == 1);
  CHECK(decoded.faults.evict == 2);
  CHECK(decoded.faults.lose == 3);
  CHECK(decoded.faults.flush == 4);
  CHECK(decoded.faults.cache_restart == 5);
}

TEST_CASE("the traffic decodes") {
  const Traffic decoded = section("traffic", traffic);
  CHECK(decoded.duration == 10min);
  CHECK(decoded.warmup == 30s);
  CHECK(decoded.peak_window == 100ms);
  CHECK(decoded.prefill);
  REQUIRE(decoded.flows.size() == 7);
  const auto& web = std::get<OpenLoop>(decoded.flows[0].load);
  CHECK(decoded.flows[0].name == "web");
  CHECK(web.rate.billionths == 2000 * Decimal::one);
  CHECK(std::holds_alternative<ConstantArrivals>(web.arrivals));
  CHECK(decoded.flows[0].reads.billionths == 990'000'000);
  CHECK_FALSE(decoded.flows[0].from);
  CHECK(std::get<OpenLoop>(decoded.flows[1].load).rate.billionths == Decimal::one / 2);
  CHECK(decoded.flows[1].keys == FlowKeys::absent);
  CHECK(decoded.flows[1].from == 2min);
  CHECK(decoded.flows[1].to == 4min);
  CHECK(decoded.flows[1].reads.billionths == Decimal::one);
  const auto& jobs = std::get<ClosedLoop>(decoded.flows[2].load);
  CHECK(jobs.clients == 50);
  CHECK(jobs.think == Latency(Constant{100ms}));
  const auto& recorded = std::get<Trace>(decoded.flows[3].load);
  CHECK(decoded.flows[2].keys == FlowKeys::random);
  CHECK(recorded.path == "requests.csv");
  CHECK(recorded.format == Trace::Format::twitter);
  CHECK(recorded.rows == Trace::Rows::distinct);
  CHECK(recorded.speed.billionths == 2'500'000'000);
  const auto& bursts = std::get<OpenLoop>(decoded.flows[4].load);
  const auto& phases = std::get<BurstyArrivals>(bursts.arrivals);
  CHECK(phases.on == 1s);
  CHECK(phases.off == 9s);
  CHECK(phases.phases == BurstyArrivals::Phases::exponential);
  const auto& days = std::get<OpenLoop>(decoded.flows[5].load);
  CHECK(std::get<DiurnalArrivals>(days.arrivals).period == 1h);
  CHECK(std::get<DiurnalArrivals>(days.arrivals).peak.billionths == 1'500'000'000);
  const auto& plain = std::get<Trace>(decoded.flows[6].load);
  CHECK(plain.format == Trace::Format::plain);
  CHECK(plain.rows == Trace::Rows::hashed);
  CHECK(plain.speed.billionths == Decimal::one);
  CHECK(plain.pace.rate.billionths == 7 * Decimal::one);
  CHECK(std::holds_alternative<ConstantArrivals>(plain.pace.arrivals));
}

TEST_CASE("incidents decode, in the file's order") {
  const auto decoded = section("traffic", traffic).incidents;
  REQUIRE(decoded.size() == 7);
  CHECK(decoded[0].at == 5min);
  CHECK(std::holds_alternative<Flush>(decoded[0].deed));
  CHECK(std::get<KeysCommand>(decoded[1].deed).pattern == "user:*");
  CHECK(std::get<SetTtl>(decoded[2].deed).ttl == 1s);
  CHECK(std::holds_alternative<ChangeKeyFormat>(decoded[3].deed));
  CHECK(std::get<Bypass>(decoded[4].deed).share.billionths == 300'000'000);
  CHECK(std::get<InvalidateGroup>(decoded[5].deed).group == 3);
  CHECK(decoded[6].at == 9min);
  CHECK(std::holds_alternative<CacheRestart>(decoded[6].deed));
}

TEST_CASE("a key that ends in # and digits names an aggregate") {
  CHECK(key_name("user:7").row == "user:7");
  CHECK(key_name("user:7").aggregate == 0);
  CHECK(key_name("user:7#12").row == "user:7");
  CHECK(key_name("user:7#12").aggregate == 12);
  CHECK(key_name("a#1#2").row == "a#1");
  CHECK(key_name("k#99999999999999999999").aggregate == 1'000'000);
  for (const std::string_view plain : {"#1", "k#", "k#x", "k#1x", "k#-1", ""}) {
    CAPTURE(plain);
    CHECK(key_name(plain).row == plain);
    CHECK(key_name(plain).aggregate == 0);
  }
}

TEST_CASE("expectations decode, durations in microseconds") {
  const auto decoded = section("expect", expectations);
  REQUIRE(decoded.size() == 10);
  const auto limit = [&](std::size_t i) { return std::get<Limit>(decoded[i].wanted); };
  CHECK(decoded[0].strategy == "cache-aside");
  CHECK(decoded[0].of == Subject(PropertyId::no_stale_residue));
  CHECK(std::get<Verdict>(decoded[0].wanted) == Verdict::violated);
  CHECK(std::get<Verdict>(decoded[1].wanted) == Verdict::proven);
  CHECK(limit(2).value == 1);
  CHECK(limit(3).comparison == Limit::Comparison::at_most);
  CHECK(limit(3).value == 62e6);
  CHECK(decoded[4].of == Subject(Metric::hit_ratio));
  CHECK(limit(4).comparison == Limit::Comparison::at_least);
  CHECK(limit(4).value == 0.9);
  CHECK(limit(5).comparison == Limit::Comparison::less);
  CHECK(limit(5).value == 1500);
  CHECK(std::get<Verdict>(decoded[6].wanted) == Verdict::clean_so_far);
  CHECK(limit(7).value == 5000);
  CHECK(limit(8).comparison == Limit::Comparison::equal);
  CHECK(limit(9).comparison == Limit::Comparison::greater);
}

TEST_CASE("every property and metric can be expected") {
  const auto check = [](std::string_view name, std::string_view wanted) {
    CAPTURE(name);
    const auto text = fmt::format(R"({{"expect": {{"*": {{"{}": "{}"}}}}}})", name, wanted);
    CHECK(load(text, "x.json").has_value());
  };
  for (const auto property : property_names) check(property, "proven");
  for (const MetricRow& metric : metric_rows)
    check(metric.name, metric.unit == Unit::microseconds ? "<= 1s" : "<= 1");
}

}  // namespace
}  // namespace cacherace::scenario
