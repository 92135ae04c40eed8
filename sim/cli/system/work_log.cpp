#include "sim/cli/system/work_log.hpp"

#include <fmt/format.h>

namespace cacherace::cli {
namespace {

// `1.25 million states/s`; nothing where too little was done to tell.
std::string rate_text(const harness::Work& work, double seconds) {
  constexpr double seconds_least = 0.001;
  if (work.amount == 0 || seconds < seconds_least) return "";
  const double rate = static_cast<double>(work.amount) / seconds;
  return rate < 1e6 ? fmt::format(", {:.0f} {}/s", rate, work.unit)
                    : fmt::format(", {:.2f} million {}/s", rate / 1e6, work.unit);
}

}  // namespace

void WorkLog::loaded(const scenario::Scenario& scenario) {
  if (verbose_)
    progress_.say(fmt::format("{}: read; strategies: {}, keys: {}, seed: {}, digest: {}",
                              scenario.file, scenario.strategies.size(), scenario.keys.count,
                              scenario.seed, scenario.digest));
}

void WorkLog::may_take(Bytes memory) {
  if (verbose_) progress_.say(fmt::format("memory for searches: {} MB", memory >> 20U));
}

harness::Log WorkLog::log() {
  if (!verbose_) return [](const harness::Work&) {};
  return [this](const harness::Work& work) { hear(work); };
}

void WorkLog::hear(const harness::Work& work) {
  const std::scoped_lock lock(mutex_);
  const double now = progress_.seconds();
  if (work.outcome.empty()) {
    began_[work.what] = now;
    return;
  }
  const double seconds = now - began_[work.what];
  progress_.say(fmt::format("{}: {}; {:.3f} s{}", work.what, work.outcome, seconds,
                            rate_text(work, seconds)));
}

}  // namespace cacherace::cli
