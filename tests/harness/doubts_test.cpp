// Figures that mean nothing are told, each for its reason; figures that mean something are not.

#include "sim/harness/traffic/doubts.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sim/harness/traffic/run.hpp"
#include "tests/harness/search/searched.hpp"

namespace cacherace::harness {
namespace {

std::string of_settings(const std::string& strategies, const std::string& traffic,
                        const std::string& database = "{}") {
  const auto scenario = load(R"({"database": )" + database + R"(, "strategies": )" + strategies +
                             R"(, "traffic": )" + traffic + "}");
  std::string all;
  for (const auto& note : doubts_about(scenario)) all += note + "\n";
  return all;
}

std::string of_figures(const std::string& text) {
  const auto scenario = load(text);
  std::string all;
  for (const auto& note : doubts_about(scenario, run(scenario, {.replicates = 1})))
    all += note + "\n";
  return all;
}

bool says(const std::string& notes, const std::string& what) {
  return notes.find(what) != std::string::npos;
}

const std::string web = R"("flows": [{"name": "web", "rate": "100/s"}])";

TEST_CASE("a TTL that no run of this length can see is told") {
  const std::string strategies = R"({"a": {"expiry": {"ttl": "20s"}}, "b": {}})";
  CHECK(of_settings(strategies, R"({"duration": "20s", )" + web + "}").starts_with("\"a\": "));
  CHECK(of_settings(strategies, R"({"duration": "21s", )" + web + "}").empty());
  CHECK(of_settings(R"({"a": {"expiry": {"ttl": "20s", "jitter": "50%"}}})",
                    R"({"duration": "20s", )" + web + "}")
            .empty());
}

TEST_CASE("clients that think for longer than the traffic lasts are told") {
  const auto loop = [](const std::string& think) {
    return of_settings("{\"a\": {}}", R"({"duration": "10s", "flows": [{"name": "web", "clients": 5,
                       "think": ")" + think +
                                          "\"}]}");
  };
  CHECK(says(loop("10s"), "flow \"web\""));
  CHECK(loop("9s").empty());
}

TEST_CASE("a lease whose token dies before the load is done is told") {
  const auto lease = [](const std::string& read) {
    return of_settings(R"({"a": {"load": {"lease": {"rate": "1s", "token_ttl": "1s"}}}})",
                       R"({"duration": "10s", )" + web + "}", R"({"read": ")" + read + "\"}");
  };
  CHECK(says(lease("5ms..1s"), "token of a lease"));
  CHECK(lease("5ms..999ms").empty());
}

TEST_CASE("constant latencies, under which nobody overtakes anybody, are told") {
  const auto writers = [](const std::string& cache, const std::string& reads = "0.9") {
    return doubts_about(load(R"({"cache": {"latency": ")" + cache +
                             R"("}, "database": {"read": "5ms", "write": "5ms"},
                             "traffic": {"duration": "10s", "flows": [
                               {"name": "web", "rate": "100/s", "reads": )" +
                             reads + "}]}}"));
  };
  REQUIRE(writers("1ms").size() == 1);
  CHECK(says(writers("1ms").front(), "all latencies are constant"));
  CHECK(writers("1ms..2ms").empty());
  CHECK(writers("1ms", "1").empty());
}

TEST_CASE("strategies that nothing tells apart, and a cache that nothing leaves, are told") {
  const std::string rest = R"("keys": {"count": 10}, "traffic": {"duration": "10s", "flows":
                              [{"name": "web", "rate": "200/s", "reads": )";
  const std::string strategies =
      R"({"strategies": {"a": {"expiry": {"ttl": "2h"}}, "b": {"expiry": {"ttl": "1h"}},
          "c": {"read": "direct"}}, )";
  const auto only_reads = of_figures(strategies + rest + "1}]}}");
  CHECK(says(only_reads, "\"a\", \"b\": every figure is the same"));
  CHECK(says(only_reads, "\"a\", \"b\": nothing expired"));
  const auto writes = of_figures(R"({"strategies": {"a": {}, "b": {"expiry": {"ttl": "1s"}}}, )" +
                                 rest + "0.9}]}}");
  CHECK(writes.empty());
}

TEST_CASE("a database that is saturated on average is told") {
  const auto served = [](const std::string& rate) {
    return of_figures(R"({"database": {"read": "10ms", "write": "10ms", "connections": 1},
                          "strategies": {"a": {"read": "direct"}}, "traffic": {"duration": "20s",
                          "flows": [{"name": "web", "rate": ")" +
                      rate + "\"}]}}");
  };
  CHECK(says(served("99/s"), "longer for a connection"));
  CHECK(served("20/s").empty());
}

}  // namespace
}  // namespace cacherace::harness
