#include "sim/scenario/quantity.hpp"

#include <catch2/catch_test_macros.hpp>
#include <ostream>

namespace cacherace::scenario {
namespace {

using namespace std::chrono_literals;

template <typename T>
struct Row {
  std::string_view text;
  T value;
  Fault fault = Fault::none;
};

TEST_CASE("durations are exact in nanoseconds") {
  for (const Row<Duration>& row : {
           Row<Duration>{"0s", 0ns},
           {"7ns", 7ns},
           {"200us", 200us},
           {"5ms", 5ms},
           {"60s", 60s},
           {"10min", 10min},
           {"1h", 1h},
           {"1.5ms", 1500us},
           {"0.000001ms", 1ns},
           {"1.50000000000000000000000s", 1500ms},
           {"0.25h", 15min},
           {"8760h", duration_max},
           {"0.0000001ms", {}, Fault::inexact},
           {"8761h", {}, Fault::too_large},
           {"99999999999999999999999s", {}, Fault::too_large},
           {"", {}, Fault::malformed},
           {"5", {}, Fault::malformed},
           {"ms", {}, Fault::malformed},
           {"5 ms", {}, Fault::malformed},
           {"5MS", {}, Fault::malformed},
           {"-5ms", {}, Fault::malformed},
           {"5.ms", {}, Fault::malformed},
           {".5ms", {}, Fault::malformed},
           {"1e3ms", {}, Fault::malformed},
           {"5ms ", {}, Fault::malformed},
       }) {
    CAPTURE(row.text);
    const auto [value, fault] = parse_duration(row.text);
    CHECK(value == (row.fault == Fault::none ? row.value : value));
    CHECK(fault == row.fault);
  }
}

TEST_CASE("rates are billionths of a second's occurrences") {
  for (const Row<std::int64_t>& row : {
           Row<std::int64_t>{"2000/s", 2000 * Decimal::one},
           {"0.5/s", Decimal::one / 2},
           {"30/min", Decimal::one / 2},
           {"1/min", 16'666'667},
           {"3600/h", Decimal::one},
           {"0/s", 0},
           {"10000001/s", 0, Fault::too_large},
           {"2000", 0, Fault::malformed},
           {"/s", 0, Fault::malformed},
           {"5/ms", 0, Fault::malformed},
       }) {
    CAPTURE(row.text);
    const auto [value, fault] = parse_rate(row.text);
    CHECK(fault == row.fault);
    if (fault == Fault::none) CHECK(value.billionths == row.value);
  }
}

TEST_CASE("sizes are powers of 1024 in any letter case") {
  for (const Row<Bytes>& row : {
           Row<Bytes>{"100b", 100},
           {"1kb", 1024},
           {"64MB", Bytes{64} << 20U},
           {"2Gb", Bytes{2} << 30U},
           {"1.5kb", 1536},
           {"1.3b", 0, Fault::inexact},
           {"1048577gb", 0, Fault::too_large},
           {"1024", 0, Fault::malformed},
           {"1k", 0, Fault::malformed},
       }) {
    CAPTURE(row.text);
    const auto [value, fault] = parse_size(row.text);
    CHECK(fault == row.fault);
    if (fault == Fault::none) CHECK(value == row.value);
  }
}

TEST_CASE("percentages reach from 0 to 100") {
  CHECK(parse_percentage("1%").value.billionths == 10'000'000);
  CHECK(parse_percentage("99.99%").value.billionths == 999'900'000);
  CHECK(parse_percentage("100%").value.billionths == Decimal::one);
  CHECK(parse_percentage("100.1%").fault == Fault::too_large);
  CHECK(parse_percentage("0.00000001%").fault == Fault::inexact);
  CHECK(parse_percentage("1").fault == Fault::malformed);
  CHECK(parse_percentage("%").fault == Fault::malformed);
}

TEST_CASE("JSON numbers become whole multiples without rounding") {
  CHECK(parse_multiple("1e3", 1).value == 1000);
  CHECK(parse_multiple("1.0", 1).value == 1);
  CHECK(parse_multiple("18446744073709551615", 1).value == 18446744073709551615U);
  CHECK(parse_multiple("18446744073709551616", 1).fault == Fault::too_large);
  CHECK(parse_multiple("1e400", 1).fault == Fault::too_large);
  CHECK(parse_multiple("0e400", 1).value == 0);
  CHECK(parse_multiple("0.5", 1).fault == Fault::inexact);
  CHECK(parse_multiple("1E-2", 1000).value == 10);
}

}  // namespace
}  // namespace cacherace::scenario
