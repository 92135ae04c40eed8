#pragma once
// The traces of a scenario's flows, opened anew for every run through them.

#include <memory>
#include <string>
#include <vector>

#include "sim/core/result.hpp"
#include "sim/core/stop_point.hpp"
#include "sim/engine/arrivals/request_source.hpp"
#include "sim/scenario/scenario.hpp"

namespace cacherace::harness {

/// The files of the scenario's traces, as they are opened.
std::vector<std::string> trace_paths(const scenario::Scenario& scenario);

/// Opens every trace of the scenario and reads its beginning. Returns what is wrong, by flow.
Problems check_traces(const scenario::Scenario& scenario);

/// The traces of one replicate. Flows whose keys become distinct rows share them: the same key is
/// the same row, and rows are numbered in the order in which the run meets their keys. Memory
/// depends on the keys, not on the requests.
class Traces {
 public:
  /// Opens the files; throws BrokenTrace. `scenario` outlives this. `stop_point` can end what takes
  /// long: counting the requests of one second.
  explicit Traces(const scenario::Scenario& scenario, const StopPoint& stop_point = {});
  ~Traces();
  Traces(const Traces&) = delete;
  Traces& operator=(const Traces&) = delete;

  /// By flow; null for a flow without a trace. They throw BrokenTrace.
  std::vector<engine::RequestSource*> sources() const;

  /// What a reader of the run's result must know: traces that ended before the run did, and keys
  /// that share rows.
  std::vector<std::string> notes() const;

 private:
  class Source;
  class Rows;
  std::unique_ptr<Rows> distinct_;
  std::vector<std::unique_ptr<Source>> sources_;  // by flow
};

}  // namespace cacherace::harness
