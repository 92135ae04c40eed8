// run: metrics that depend on scenario and seed, and on nothing else.

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.hpp"
#include "tests/cli/validation.hpp"

namespace cacherace::cli_test {
namespace {

using Json = nlohmann::json;

constexpr const char* tiny = "tiny.json";

/// A minute of light traffic under two strategies, which expects `expect`.
class Tiny : public Folder {
 public:
  explicit Tiny(const std::string& expect = "{}") {
    write(tiny, R"({"title": "Tiny", "keys": {"count": 20},
      "strategies": {"cache-aside": {}, "ttl 5s": {"expiry": {"ttl": "5s"}}},
      "traffic": {"duration": "1min", "warmup": "5s",
                  "flows": [{"name": "web", "rate": "50/s", "reads": 0.9}]},
      "expect": )" + expect +
                    "}");
  }
};

std::string json_of(const Folder& folder, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"run", tiny, "--format", "json", "--replicates", "3"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto outcome = run(folder, arguments);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  return outcome.out;
}

}  // namespace

TEST_CASE("a run's JSON is valid and names only metrics of the vocabulary") {
  const Tiny folder;
  const auto text = json_of(folder, {});
  CHECK(faults("result", text) == "");
  const auto listed = run(folder, {"list", "metrics"}).out;
  const auto json = Json::parse(text);
  CHECK(json["complete"] == true);
  REQUIRE(json["results"].size() == 2);
  for (const auto& strategy : json["results"]) {
    CHECK(strategy["replicates"] == 3);
    CHECK(strategy["metrics"].size() > 10);
    for (const auto& [name, value] : strategy["metrics"].items())
      CHECK(listed.find("  " + name + " ") != std::string::npos);
  }
}

TEST_CASE("a run is the same bytes again, for every number of jobs", "[threads]") {
  const Tiny folder;
  const auto first = json_of(folder, {"--jobs", "1"});
  CHECK(json_of(folder, {"--jobs", "1"}) == first);
  CHECK(json_of(folder, {"--jobs", "2"}) == first);
  CHECK(json_of(folder, {}) == first);
}

TEST_CASE("series, distributions and differences are valid JSON, asked for one by one") {
  const Tiny folder;
  const auto plain = Json::parse(json_of(folder, {}));
  CHECK(plain["traffic"]["duration_us"] == 60'000'000);
  CHECK_FALSE(plain["results"][0].contains("series"));
  CHECK_FALSE(plain["results"][1].contains("differences"));
  const auto text = json_of(folder, {"--series", "7s", "--baseline", "cache-aside"});
  CHECK(faults("result", text) == "");
  const auto json = Json::parse(text);
  CHECK(json["baseline"] == "cache-aside");
  CHECK_FALSE(json["results"][0].contains("differences"));
  CHECK(json["results"][1]["differences"]["hit_ratio"]["mean"] < 0);
  for (const auto& strategy : json["results"]) {
    CHECK(strategy["series"]["bucket_us"] == 7'000'000);
    CHECK(strategy["series"]["warmup_us"] == 5'000'000);
    CHECK(strategy["series"]["curves"]["db_qps"]["max"].size() == 9);
    CHECK(strategy["distributions"]["read_us"].back()[1] == 0);
  }
}

TEST_CASE("a baseline is simulated even when it is not chosen; an unknown one is an error") {
  const Tiny folder;
  const auto json =
      Json::parse(json_of(folder, {"--strategy", "ttl 5s", "--baseline", "cache-aside"}));
  CHECK(json["results"].size() == 2);
  const auto outcome = run(folder, {"run", tiny, "--baseline", "cache-asid"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "tiny.json /strategies: there is no strategy \"cache-asid\"; did you mean "
        "\"cache-aside\"?\n");
}

TEST_CASE("a series of too many buckets is refused, with the least width") {
  const Tiny folder;
  const auto outcome = run(folder, {"run", tiny, "--series", "5999us"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("more than 10000 buckets") != std::string::npos);
  CHECK(outcome.err.find("ask for --series 6000us or more") != std::string::npos);
  CHECK(outcome.out.empty());
}

TEST_CASE("another seed gives another digest, and every seed is a valid one") {
  const Tiny folder;
  const auto with_seed = [&](const std::string& seed) {
    const auto text = json_of(folder, {"--seed", seed, "--strategy", "cache-aside"});
    const auto json = Json::parse(text);
    CHECK(std::to_string(json["seed"].get<std::uint64_t>()) == seed);
    CHECK(json["results"].size() == 1);
    return json["results"][0]["digest"].get<std::string>();
  };
  CHECK(with_seed("1") != with_seed("2"));
  CHECK(with_seed("2") == with_seed("2"));
  with_seed("18446744073709551615");
}

TEST_CASE("a metric's expectation decides the exit code") {
  const Tiny met(R"({"*": {"hit_ratio": ">= 0.01"}})");
  CHECK(run(met, {"run", tiny}).exit_code == 0);
  const Tiny unmet(R"({"ttl 5s": {"hit_ratio": ">= 0.999"}})");
  const auto outcome = run(unmet, {"run", tiny});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.err.empty());
  CHECK(outcome.out.find("NOT MET  ttl 5s  hit_ratio  expected >= 99.9 %  found ") !=
        std::string::npos);
  CHECK(run(unmet, {"run", tiny, "--strategy", "cache-aside"}).exit_code == 0);
}

}  // namespace cacherace::cli_test
