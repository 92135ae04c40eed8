// A fix keeps the number that was written.

#include "sim/scenario/meant.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "sim/scenario/quantity.hpp"
#include "tests/scenario/text_of.hpp"

namespace cacherace::scenario {
namespace {

struct Meant {
  std::string_view written, meant;
};

}  // namespace

TEST_CASE("durations are meant with the unit that their letters are known for") {
  for (const Meant& row : {Meant{"2m", "2min"},
                           {"2 Minutes", "2min"},
                           {"1.5 sec", "1.5s"},
                           {" 10 ms ", "10ms"},
                           {"5MS", "5ms"},
                           {"3µs", "3us"},
                           {"1hr", "1h"},
                           {"60", ""},
                           {"soon", ""},
                           {"", ""},
                           {"2 fortnights", ""}}) {
    CAPTURE(row.written);
    CHECK(meant_duration(row.written) == row.meant);
    if (!row.meant.empty()) CHECK(parse_duration(row.meant).fault == Fault::none);
  }
  CHECK(meant_durations("1m..2 m") == "1min..2min");
  CHECK(meant_durations("5 ms") == "5ms");
  CHECK(meant_durations("1m..never") == "");
}

TEST_CASE("sizes, rates and shares are meant with theirs") {
  for (const Meant& row : {Meant{"64MiB", "64mb"},
                           {"64 M", "64mb"},
                           {"1.5g", "1.5gb"},
                           {"10 bytes", "10b"},
                           {"9", ""}}) {
    CAPTURE(row.written);
    CHECK(meant_size(row.written) == row.meant);
    if (!row.meant.empty()) CHECK(parse_size(row.meant).fault == Fault::none);
  }
  for (const Meant& row : {Meant{"2000", "2000/s"},
                           {"2000 rps", "2000/s"},
                           {"30/minute", "30/min"},
                           {"5 per hour", "5/h"},
                           {"fast", ""}}) {
    CAPTURE(row.written);
    CHECK(meant_rate(row.written) == row.meant);
    if (!row.meant.empty()) CHECK(parse_rate(row.meant).fault == Fault::none);
  }
  CHECK(meant_percentage("5 %") == "5%");
  CHECK(meant_percentage("5 percent") == "5%");
  CHECK(meant_percentage("five") == "");
}

TEST_CASE("problems of a scenario end in what was meant") {
  const auto fix = [](const std::string& scenario) {
    const auto problems = problems_of(scenario);
    return problems.substr(problems.rfind("; ") + 2);
  };
  const auto database = [&](const std::string& value) {
    return fix(R"({"database": {"read": )" + value + "}}");
  };
  CHECK(database(R"("5 ms..1 sec")") == "write \"read\": \"5ms..1s\"\n");
  const auto expect = [&](const std::string& value) {
    return fix(R"({"traffic": {"flows": [{"name": "w", "rate": "1/s"}]},
                   "expect": {"*": {)" +
               value + "}}}");
  };
  CHECK(expect(R"("hit_ratio": "90%")") == "write \"hit_ratio\": \">= 90%\"\n");
  CHECK(expect(R"("hit_ratio": 0.95)") == "write \"hit_ratio\": \">= 0.95\"\n");
  CHECK(expect(R"("db_qps_peak": "=< 7")") == "write \"db_qps_peak\": \"<= 7\"\n");
  CHECK(expect(R"("read_us_p99": "<= 5 sec")") == "write \"read_us_p99\": \"<= 5s\"\n");
  CHECK(fix(R"({"clients": {"pause": {"share": "5 %"}}})") == "write \"share\": \"5%\"\n");
  CHECK(fix(R"({"clients": {"pause": {"share": "0.05"}}})") == "write \"share\": 0.05\n");
  CHECK(fix(R"({"title": 3})") == "write \"title\": \"3\"\n");
  CHECK(fix(R"({"keys": {"count": "500"}})") == "write \"count\": 500\n");
}

}  // namespace cacherace::scenario
