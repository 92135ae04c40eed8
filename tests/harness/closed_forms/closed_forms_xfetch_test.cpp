// Closed forms of probabilistic early expiry (XFetch). One key with a constant load time of d = 1 s
// is read l times a second, Poisson; each read recomputes early with probability
// e^(-s / (beta d)), where s is the time that is left to the expiry. With a = l beta d and E a
// standard exponential variable, the first of them has a e^(-s / (beta d)) = E left: on average
// s = beta d (ln a + 0.5772), the lead. Until its fill, a time d later, the others go on:
// E (e^(1/beta) - 1) more.

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "tests/harness/closed_forms/closed_form.hpp"

namespace cacherace::harness {
namespace {

struct Beta {
  const char* text;
  double value;
  const char* rate;
  double a;
  const char* ttl;
  double ttl_s;
  int measured_s;
};

const Beta half{"0.5", .5, "60/s", 30, "5200ms", 5.2, 12'000};
const Beta one{"1", 1, "10/s", 10, "9s", 9, 16'000};
const Beta two{"2", 2, "3/s", 6, "17s", 17, 30'000};

// Those forms are of a large a and a long TTL. Here a few of the first recomputations are not done
// before the expiry, from which on everyone recomputes, but no more than everyone; and a few begin
// at once. So take the means from how many there would be between a fill and a time s before the
// expiry, if no other fill came: that of the first is the E.
struct Cycle {
  double recomputed = 0;
  double lead = 0;  // of the first
  double lag = 0;   // of the last after the first
};

Cycle mean_cycle(const Beta& beta) {
  const double rate = beta.a / beta.value;  // of reads
  const auto share = [&](double s) { return std::exp(-s / beta.value); };
  const double at_expiry = beta.a * (1 - share(beta.ttl_s));
  const auto up_to = [&](double s) {
    return s > 0 ? beta.a * (share(s) - share(beta.ttl_s)) : at_expiry - rate * s;
  };
  Cycle mean;
  constexpr int cycles = 20'000, steps = 50;
  for (int i = 0; i < cycles; ++i) {
    const double first = -std::log((i + 0.5) / cycles);
    const double s = first < at_expiry ? -beta.value * std::log(first / beta.a + share(beta.ttl_s))
                                       : (at_expiry - first) / rate;
    mean.recomputed += (1 + up_to(s - 1) - first) / cycles;
    mean.lead += s / cycles;
    for (int step = 0; step < steps; ++step) {  // is there another one later than this?
      const double later = up_to(s - 1) - up_to(s - (step + 0.5) / steps);
      mean.lag += (1 - std::exp(-later)) / steps / cycles;
    }
  }
  return mean;
}

constexpr int warmup_s = 50;

Replicates recomputing(const Beta& beta, const std::string& load, int measured_s) {
  return {fmt::format(R"({{
            "cache": {{"latency": "2ns"}}, "database": {{"read": "1s", "connections": 10000}},
            "keys": {{"count": 1}},
            "strategies": {{"early": {{"read": {{"xfetch": {{"beta": {}}}}}, "load": "{}",
                                     "expiry": {{"ttl": "{}"}}}}}},
            "traffic": {{"duration": "{}s", "warmup": "{}s",
                        "flows": [{{"name": "web", "rate": "{}", "reads": 1}}]}}}})",
                      beta.text, load, beta.ttl, warmup_s + measured_s, warmup_s, beta.rate),
          50};
}

TEST_CASE("XFetch: e^(1/beta) readers recompute, the first of them ahead by beta d (ln a + 0.58)") {
  const Beta beta = GENERATE(half, one, two);
  CAPTURE(beta.text);
  const Cycle mean = mean_cycle(beta);
  const double euler = 0.5772156649;
  CHECK(std::abs(mean.recomputed / std::exp(1 / beta.value) - 1) < 0.02);
  CHECK(std::abs(mean.lead / (beta.value * (std::log(beta.a) + euler)) - 1) < 0.02);
}

TEST_CASE("XFetch: each cycle has as many recomputations as its form says", "[slow]") {
  const Beta beta = GENERATE(half, one, two);
  CAPTURE(beta.text);
  const Cycle mean = mean_cycle(beta);
  // A cycle lasts from the last fill to the last fill.
  const double length = beta.ttl_s + 1 - mean.lead + mean.lag;
  const Replicates runs = recomputing(beta, "every-reader", beta.measured_s);
  const auto recomputed =
      each(runs.of(Metric::loads), [&](double loads) { return loads * length / beta.measured_s; });
  check_within(recomputed, mean.recomputed);
}

TEST_CASE("XFetch with a single flight: the same readers, one load, ahead by the lead", "[slow]") {
  const Beta beta = GENERATE(half, one, two);
  CAPTURE(beta.text);
  const Cycle mean = mean_cycle(beta);
  const int measured_s = beta.measured_s / 2;
  const Replicates runs = recomputing(beta, "single-flight", measured_s);
  const auto leads = each(runs.of(Metric::loads),
                          [&](double loads) { return beta.ttl_s + 1 - measured_s / loads; });
  check_within(leads, mean.lead);
  // The later the first one comes, the more others do.
  check_within(controlled(runs.ratio(Metric::misses, Metric::loads), leads, mean.lead),
               mean.recomputed);
}

TEST_CASE("XFetch of a key that is seldom read: most cycles have no early load") {
  // Nobody recomputes up to a time s before the expiry with probability
  // e^(-a (e^(-s / (beta d)) - e^(-T / (beta d)))); with s = 0, these cycles wait for the first
  // read after it.
  const double l = 0.5, a = 0.5, T = 2;
  const auto untouched = [&](double s) { return std::exp(-a * (std::exp(-s) - std::exp(-T))); };
  double entry = untouched(0) / l;
  constexpr int steps = 1000;
  for (int i = 0; i < steps; ++i) entry += untouched((i + 0.5) * T / steps) * T / steps;
  const Beta rare{"1", 1, "0.5/s", a, "2s", T, 10'000};
  const Replicates runs = recomputing(rare, "single-flight", rare.measured_s);
  check_within(runs.of(Metric::loads), rare.measured_s / (1 + entry));
}

}  // namespace
}  // namespace cacherace::harness
