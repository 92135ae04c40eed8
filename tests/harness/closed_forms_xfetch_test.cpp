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

#include "tests/harness/closed_form.hpp"

namespace cacherace::harness {
namespace {

// a is large enough that the first recomputation is done before the expiry, the TTL long enough
// that none begins at once.
struct Beta {
  const char* text;
  double value;
  const char* rate;
  double a;
  const char* ttl;
  double ttl_s;
  int measured_s;
  double width_max;
};

const Beta half{"0.5", .5, "120/s", 60, "6500ms", 6.5, 1500, .12};
const Beta one{"1", 1, "20/s", 20, "11s", 11, 7500, .05};
const Beta two{"2", 2, "6/s", 12, "22s", 22, 15000, .05};

double lead(const Beta& beta) {
  const double euler = 0.5772156649;
  return beta.value * (std::log(beta.a) + euler);
}

constexpr int warmup_s = 200;

Replicates recomputing(const Beta& beta, const std::string& load, int times = 1) {
  return {fmt::format(R"({{
            "cache": {{"latency": "2ns"}}, "database": {{"read": "1s", "connections": 10000}},
            "keys": {{"count": 1}},
            "strategies": {{"early": {{"read": {{"xfetch": {{"beta": {}}}}}, "load": "{}",
                                     "expiry": {{"ttl": "{}"}}}}}},
            "traffic": {{"duration": "{}s", "warmup": "{}s",
                        "flows": [{{"name": "web", "rate": "{}", "reads": 1}}]}}}})",
                      beta.text, load, beta.ttl, warmup_s + times * beta.measured_s, warmup_s,
                      beta.rate),
          20};
}

// A cycle lasts from the last fill to the last fill. The last recomputation begins
// d tanh(1 / (2 beta)) after the first, on average.
std::vector<double> recomputed_in_each_cycle(const Beta& beta, int times) {
  const double cycle = beta.ttl_s + 1 - lead(beta) + std::tanh(1 / (2 * beta.value));
  return each(recomputing(beta, "every-reader", times).of("loads"),
              [&](double loads) { return loads * cycle / (times * beta.measured_s); });
}

TEST_CASE("XFetch: e^(1/beta) readers recompute in each cycle", "[slow]") {
  const Beta beta = GENERATE(half, one, two);
  CAPTURE(beta.text);
  check_within(recomputed_in_each_cycle(beta, 1), std::exp(1 / beta.value), beta.width_max);
}

TEST_CASE("XFetch with a beta of a half: e^2 readers recompute, to 3 %", "[slow]") {
  check_within(recomputed_in_each_cycle(half, 12), std::exp(2), 0.03);
}

TEST_CASE("XFetch with a single flight: the same readers, one load, ahead by the lead", "[slow]") {
  const Beta beta = GENERATE(half, one, two);
  CAPTURE(beta.text);
  const Replicates runs = recomputing(beta, "single-flight");
  check_within(runs.ratio("misses", "loads"), std::exp(1 / beta.value), beta.width_max);
  const auto leads = each(runs.of("loads"),
                          [&](double loads) { return beta.ttl_s + 1 - beta.measured_s / loads; });
  check_within(leads, lead(beta), 0.03);
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
  const Beta rare{"1", 1, "0.5/s", a, "2s", T, 25000, .02};
  const Replicates runs = recomputing(rare, "single-flight");
  check_within(runs.of("loads"), rare.measured_s / (1 + entry), rare.width_max);
}

}  // namespace
}  // namespace cacherace::harness
