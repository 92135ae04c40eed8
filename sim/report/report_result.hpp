#pragma once
// The outcome of a command, as a value: what every writer renders, and nothing else.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/core/args.hpp"
#include "sim/core/metric_table.hpp"
#include "sim/core/units.hpp"
#include "sim/core/verdict.hpp"

namespace cacherace::report {

inline constexpr const char* version = "0.1.0";

/// One step by its names, as in counterexample files.
struct Step {
  std::string client;
  std::string operation;
  std::string effect;
  std::string result;
  std::optional<std::int64_t> at;  // nanoseconds since the first step, where time counts
  std::string local;               // which local cache it touches, "" for none
  /// The number, from 1, of an earlier step that it repeats: a look in vain of a client that waits.
  std::optional<std::size_t> repeats;
  Args args;  // in counterexample files alone
  // Of a script: where it stands, as "cache.lua:7", the text of that line, and what it noted or
  // asserted in vain.
  std::string line;
  std::string code;
  std::vector<std::string> notes;
};

/// What stands where after a step, by names: `user:7` is `v2`, or not there.
struct Standing {
  using Named = std::vector<std::pair<std::string, std::string>>;
  Named cache;  // by key: the version that readers find; those that are there
  std::vector<std::pair<std::string, Named>> locals;  // the same, by local cache
  Named database;                                     // by row: its version; those that exist
  Named pending;                                      // who does what next, or might
  struct Place {
    std::string client, line, code;
    bool operator==(const Place&) const = default;
  };
  std::vector<Place> places;  // of a script: where each client goes on

  bool operator==(const Standing&) const = default;
};

/// The smallest interleaving that was found to violate a property.
struct Counterexample {
  std::vector<std::string> readers;  // parties left of cache and database, by name
  std::vector<std::string>
      writers;                      // parties right of them: clients that only write, and the clock
  std::vector<std::string> locals;  // first-level caches, between the readers and the cache
  std::vector<Step> steps;
  std::vector<Standing> standings;  // after each step; nothing in it after one that repeats another
  std::size_t decisive = 0;         // from 1
  std::string says;
  std::size_t context_switches = 0;
  std::vector<std::pair<std::string, std::uint32_t>> faults;  // among the steps, by name
  bool fewest_faults = false;  // known: no schedule of the race with fewer violates
  bool arises_without = true;  // with fewer, the situation that the property is about still arises
  bool minimal = true;         // no smaller race and no shorter schedule of it violates
  std::string digest;          // of the steps
  std::string saved;           // the file it was saved to, "" for none
};

/// What was visited by a search that recognises states.
struct States {
  std::uint64_t states = 0;
  std::optional<std::uint64_t> zones = {};  // of clock readings, where time counts
  std::uint32_t depth = 0;                  // steps of the longest of the shortest ways to a state
  bool symmetry = false;                    // clients that are alike were taken for each other
};

/// What was visited by plain enumeration.
struct Schedules {
  std::uint64_t schedules = 0;
  std::optional<std::uint64_t> violating;  // known when every schedule was asked for
  std::uint64_t cut = 0;  // executions given up because they were longer than the budget allows
};

/// What the first executions of a sample have shown.
struct Covered {
  std::uint64_t executions = 0;  // complete ones
  std::uint64_t arose = 0;       // of those: the situation that the property is about came up
  std::uint64_t violating = 0;   // of those
  std::uint64_t states = 0;      // different ones, each client told from the others
  std::uint64_t ends = 0;        // different ways in which caches and database were left

  bool operator==(const Covered&) const = default;
};

/// What was visited by drawing executions.
struct Sample {
  std::string mode;  // how they were drawn, as in `search --mode`
  Covered covered;
  std::uint64_t cut = 0;           // other executions, given up because they were too long
  std::vector<Covered> over_time;  // after 1, 2, 5, 10, … executions, less than all
};

/// How many variants of a scenario were searched, by what was found of each.
struct Cases {
  std::uint64_t violated = 0, proven = 0, clean_so_far = 0, vacuous = 0;

  std::uint64_t& of(Verdict verdict) {
    switch (verdict) {
      case Verdict::violated:
        return violated;
      case Verdict::proven:
        return proven;
      case Verdict::clean_so_far:
        return clean_so_far;
      case Verdict::vacuous:
        break;
    }
    return vacuous;
  }
  std::uint64_t all() const { return violated + proven + clean_so_far + vacuous; }
};

/// The simplest variant of a scenario that was found to violate a property.
struct SmallestScenario {
  std::string json;                                            // as a scenario file
  std::string race;                                            // in words
  std::vector<std::pair<std::string, std::string>> durations;  // that were varied, by JSON pointer
  std::string saved;                                           // its file, "" for none
};

/// The worst case of a property that measures.
struct Worst {
  std::uint64_t value = 0;  // of a time, nanoseconds
  bool unbounded = false;   // there is none: it can always be worse
  bool is_time = false;
  bool so_far = false;  // what was not visited may be worse
};

/// For which pauses of a client a property holds under the scenario's latencies.
struct Pauses {
  bool any = false;                 // for every one
  std::optional<Duration> longest;  // up to this one; nothing, where it is not any: for none
};

struct PropertyResult {
  std::string name;
  Verdict verdict{};
  std::variant<States, Schedules, Sample, Cases> visited;
  std::uint64_t transitions = 0;  // steps performed
  bool exhausted = false;         // nothing is left to visit
  std::optional<Worst> worst;     // of a property that measures, over what was visited
  std::optional<Pauses> pauses;   // where they were asked for
  std::optional<Counterexample> counterexample;
  std::optional<SmallestScenario> smallest;  // whose counterexample it is, of a search of scenarios
};

struct Interval {
  double low = 0;
  double high = 0;
};

/// A metric over the replicates of a run, in the unit of its row.
struct MetricResult {
  Metric metric{};
  std::optional<double> mean;  // nothing when no replicate had a basis for it, and if it is endless
  std::optional<Interval> ci95;
  bool endless = false;  // in a replicate: so many reads failed, or an incident did not end
};

/// One quantity over time, bucket by bucket, in the unit that its name states. Of the three there
/// are those that mean something; the others are empty.
struct Curve {
  using Values = std::vector<std::optional<double>>;  // nothing where there is no basis
  std::string name;
  Values min, mean, max;
};

/// Curves over the whole traffic of one replicate, warm-up included.
struct Series {
  std::uint64_t seed = 1;  // of the replicate
  Duration warmup{};
  Duration bucket{};  // the last one may be shorter
  std::vector<Curve> curves;
};

/// Which share of the operations took longer, or was staler, than a time.
struct Distribution {
  struct Point {
    Duration time{};
    double above = 0;  // exactly; 0 at the last point, the maximum
  };
  std::string name;
  std::vector<Point> points;  // ascending; none when there were no operations
};

struct StrategyResult {
  std::string strategy;
  std::vector<PropertyResult> properties;  // of a search
  std::uint32_t replicates = 0;            // of a run
  std::string digest;                      // of the order of effects of all replicates
  std::vector<MetricResult> metrics;
  std::vector<MetricResult> differences;    // to the baseline's metrics, paired by seed
  std::optional<Series> series;             // of the first replicate
  std::vector<Distribution> distributions;  // over all replicates; only beside `series`
};

/// What a run simulates.
struct Traffic {
  struct Incident {
    Duration at{};
    std::string says;
  };
  std::string says;  // all of it, in words
  Duration duration{}, warmup{};
  std::vector<Incident> incidents;  // by time
};

/// What the scenario expects of one strategy, and what there was.
struct Expected {
  std::string strategy;
  std::string name;  // of the property or metric
  std::string wanted;
  std::string found;
  bool met = false;
  bool undecided = false;  // not met so far, and a search that ended early may yet meet it
  double missed_by = 0;    // how far it is from being met, as a part of what is wanted
};

/// The strategies than which no other one is better: clearly so in one of the four metrics, and
/// clearly worse in none.
struct Front {
  Metric error_metric{}, load_metric{}, staleness_metric{}, latency_metric{};
  std::vector<std::string> members;
};

/// What the name of a property in a result means.
struct PropertyDefinition {
  std::string name;
  std::string says;
};

/// What a metric in a result is: its row, as it was in the program that wrote the result.
struct MetricDefinition {
  Metric metric{};
  std::string says;
  std::string label;
  Unit unit{};
  Better better{};
  Shown shown{};
};

/// The values that a sweep gives one place of the scenario.
struct Axis {
  std::string pointer;
  bool logarithmic = false;         // whether their ratios are alike, not their differences
  bool is_time = false;             // numbers are microseconds
  std::vector<std::string> values;  // as scenario files write them
  std::vector<double> numbers;      // to draw them by
};

/// Where a curve over an axis turns: what lies beyond it brings less, or costs more, than before.
struct Knee {
  std::string strategy;
  Metric metric{};
  std::string at;  // the value of the axis
};

/// Which strategy to take, and why not the others.
struct Recommendation {
  std::string strategy;   // "" for none
  std::string runner_up;  // of several that meet the goal
  std::string closest;    // to the goal, where none meets it
  std::vector<std::string> says;
  struct Other {
    std::string strategy;
    std::string because;
  };
  std::vector<Other> others;
};

/// Of two neighbouring values of one duration, the one for which a property holds.
struct Threshold {
  std::string pointer;  // to the duration, in the scenario
  std::int64_t holds_us = 0, violated_us = 0;
};

/// The metrics at one value of each axis.
struct Point {
  std::vector<std::string> at;
  std::vector<StrategyResult> results;
};

struct Result {
  enum class Kind { search, run, compare, sweep, fuzz, comparisons } kind = Kind::search;
  std::string title;  // "" for none: no path stands in for it, so that results do not depend on one
  std::string story;
  std::string source;  // where the story comes from
  std::string scenario_digest;
  std::uint64_t seed = 1;
  std::string timing;              // of a search
  std::string race;                // of a search, in words
  Traffic traffic;                 // of a run
  std::vector<std::string> notes;  // what a reader of the result must know
  bool complete = true;            // false when it was interrupted, or could not look at all
  std::vector<StrategyResult> results;
  std::vector<Expected> expectations;
  std::vector<Expected> goal;          // of each strategy each term; decides no exit code
  std::optional<Threshold> threshold;  // of a search for one
  std::uint64_t drawn = 0;             // cases of a search of scenarios, equal ones included
  std::string baseline;  // of a run or comparison: the differences are to this strategy's metrics
  // Of a sweep:
  std::vector<Axis> axes;
  std::vector<Point> points;  // the last axis runs fastest
  std::vector<Knee> knees;
  std::vector<Metric> shown_metrics;
  // Of a comparison:
  std::optional<Front> front;
  std::optional<Recommendation> recommendation;
  std::string scenario_json;  // the scenario itself
  std::vector<MetricDefinition> metric_definitions;
  std::vector<PropertyDefinition> property_definitions;
  // Of several comparisons, which has nothing else but whether it is complete:
  std::vector<Result> comparisons;  // one for each scenario
};

constexpr bool judges_properties(Result::Kind kind) {
  return kind == Result::Kind::search || kind == Result::Kind::compare ||
         kind == Result::Kind::fuzz;
}

constexpr bool simulates_traffic(Result::Kind kind) {
  return kind == Result::Kind::run || kind == Result::Kind::compare || kind == Result::Kind::sweep;
}

/// True when every expectation was met, in each of several comparisons.
bool all_met(const Result& result);
/// Whether every expectation that is not met was left undecided by a search that ended early.
bool none_missed(const Result& result);

}  // namespace cacherace::report
