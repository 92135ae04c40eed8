#pragma once
// Closed forms as tests: a form lies within the interval that the simulator gives for its own mean.

#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/traffic/replicate.hpp"
#include "sim/judge/statistics/statistics.hpp"

namespace cacherace::harness {

/// The first strategy of a scenario under `count` seeds, from the scenario's own on.
class Replicates {
 public:
  Replicates(const std::string& text, std::uint32_t count) {
    const auto scenario = load_scenario(text, "test.json");
    if (!scenario) FAIL(to_text(scenario.error().front()));
    const engine::KeySampler sampler(scenario->keys);
    for (std::uint32_t i = 0; i < count; ++i)
      replicates_.push_back(
          *simulate(*scenario, scenario->strategies[0], sampler, {.seed = scenario->seed + i}));
  }

  /// The values of a metric, one of each replicate. Throws where there is none.
  std::vector<double> of(Metric metric) const {
    std::vector<double> values;
    for (const auto& replicate : replicates_) values.push_back(replicate.metrics[metric].value());
    return values;
  }

  std::vector<double> ratio(Metric metric, Metric over) const {
    std::vector<double> values = of(metric);
    const std::vector<double> divisors = of(over);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] /= divisors[i];
    return values;
  }

 private:
  std::vector<Replicate> replicates_;
};

inline std::vector<double> each(std::vector<double> values,
                                const std::function<double(double)>& function) {
  for (double& value : values) value = function(value);
  return values;
}

/// The values less what a control explains of them: a quantity of the same runs whose mean is
/// known. Regression on it leaves the values' mean in place and takes away variance. The slope is
/// the sample's own, which adds to the variance about one part in the number of values: have many.
inline std::vector<double> controlled(std::vector<double> values,
                                      const std::vector<double>& control, double control_mean) {
  const double mean = judge::estimate(values).mean;
  const double seen_mean = judge::estimate(control).mean;
  double together = 0, alone = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    together += (values[i] - mean) * (control[i] - seen_mean);
    alone += (control[i] - seen_mean) * (control[i] - seen_mean);
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] -= together / alone * (control[i] - control_mean);
  return values;
}

/// The form lies within the 99.9 % interval of the values' mean, and that is narrower than 2 % of
/// the form.
inline void check_within(const std::vector<double>& values, double form) {
  const auto interval = judge::student_interval(values, 0.999);
  const double width = (interval.high - interval.low) / form;
  CAPTURE(form, interval.low, interval.high, width);
  CHECK(interval.low <= form);
  CHECK(form <= interval.high);
  CHECK(width < 0.02);
}

}  // namespace cacherace::harness
