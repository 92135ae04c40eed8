#include "sim/judge/statistics/statistics.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "sim/core/assert.hpp"

namespace cacherace::judge {
namespace {

double mean_of(const std::vector<double>& sample) {
  double sum = 0;
  for (const double value : sample) sum += value;
  return sum / static_cast<double>(sample.size());
}

}  // namespace

Interval student_interval(const std::vector<double>& sample, double confidence) {
  SIM_ASSERT(sample.size() >= 2);
  const double mean = mean_of(sample);
  const auto n = static_cast<double>(sample.size());
  double squares = 0;
  for (const double value : sample) squares += (value - mean) * (value - mean);
  const boost::math::students_t student(n - 1);
  const double quantile = boost::math::quantile(student, 0.5 + confidence / 2);
  const double half_width = quantile * std::sqrt(squares / (n - 1) / n);
  return {.low = mean - half_width, .high = mean + half_width};
}

Estimate estimate(const std::vector<double>& sample) {
  SIM_ASSERT(!sample.empty());
  Estimate result;
  result.mean = mean_of(sample);
  if (sample.size() > 1) result.ci95 = student_interval(sample, 0.95);
  return result;
}

std::optional<Estimate> paired_difference(const std::vector<std::optional<double>>& treatment,
                                          const std::vector<std::optional<double>>& baseline) {
  SIM_ASSERT(treatment.size() == baseline.size());
  std::vector<double> differences;
  for (std::size_t i = 0; i < treatment.size(); ++i) {
    if (!treatment[i] || !baseline[i]) continue;
    if (std::isinf(*treatment[i]) || std::isinf(*baseline[i])) return std::nullopt;
    differences.push_back(*treatment[i] - *baseline[i]);
  }
  if (differences.empty()) return std::nullopt;
  return estimate(differences);
}

}  // namespace cacherace::judge
