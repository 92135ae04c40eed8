#pragma once
// A saved counterexample, ready to be performed.

#include <string_view>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/engine/race/race.hpp"
#include "sim/harness/explore/questions.hpp"
#include "sim/scenario/file/saved_counterexample.hpp"

namespace cacherace::harness {

struct SavedRace {
  scenario::SavedCounterexample saved;
  scenario::Scenario scenario;  // whose strategy it is performed under
  strategy::Strategy strategy;
  Question question;  // with the limit of `scenario`; timed where the saved steps have times
  engine::Plan plan;
  std::vector<engine::Label> schedule;
  std::vector<std::optional<Args>> args;  // of its steps
};

/// Reads the counterexample file `text`, named `file` in messages. With `other`, the strategy of
/// that scenario which has the saved strategy's name takes its place. Problems when the file, or
/// the name, is wrong.
Result<SavedRace> load_saved_race(std::string_view text, std::string_view file,
                                  const scenario::Scenario* other);

}  // namespace cacherace::harness
