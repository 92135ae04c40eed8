#include "tests/formats/nasty.hpp"

namespace cacherace::report {

const char* const nasty_text =
    "</script><img onerror=\"x\">|`a`, ```b```\r\nc;\t'd'&amp;]]>\x01\x7f ünï → @me #1 =1+1 *e* "
    "_f_ "
    "[g](h)";

namespace {

const std::string nasty = nasty_text;

Counterexample counterexample() {
  const std::string reader = "reader " + nasty;
  return {.readers = {reader},
          .writers = {nasty},
          .locals = {"local " + nasty},
          .steps = {{.client = reader,
                     .operation = nasty,
                     .effect = "cache.get " + nasty,
                     .result = "miss",
                     .at = 1'500},
                    {.client = nasty,
                     .operation = "",
                     .effect = "db.write " + nasty,
                     .result = nasty,
                     .at = 2'000'000'001},
                    {.client = reader,
                     .operation = nasty,
                     .effect = "cache.get " + nasty,
                     .result = "miss",
                     .at = 2'000'000'001,
                     .local = "local " + nasty,
                     .repeats = 1}},
          .standings = {{.cache = {{nasty, "v1"}},
                         .locals = {{"local " + nasty, {{nasty, "v1"}}}},
                         .database = {},
                         .pending = {{reader, nasty}}},
                        {.cache = {},
                         .locals = {{"local " + nasty, {}}},
                         .database = {{nasty, "v2"}},
                         .pending = {}},
                        {}},
          .decisive = 2,
          .says = nasty,
          .context_switches = 1,
          .faults = {{"crash", 1}, {nasty, 2}},
          .fewest_faults = true,
          .arises_without = false,
          .minimal = false,
          .digest = "0123456789abcdef",
          .saved = nasty + ".json"};
}

Result head(Result::Kind kind) {
  return {.kind = kind,
          .title = nasty,
          .story = "1. " + nasty,
          .source = nasty,
          .scenario_digest = "fedcba9876543210",
          .seed = 7,
          .notes = {nasty}};
}

}  // namespace

Result nasty_search() {
  Result result = head(Result::Kind::search);
  result.timing = "latencies";
  result.race = nasty;
  result.results = {
      {.strategy = nasty,
       .properties =
           {{.name = "no-stale-residue",
             .verdict = Verdict::violated,
             .visited = States{.states = 17, .zones = 19, .depth = 5, .symmetry = true},
             .transitions = 22,
             .exhausted = true,
             .counterexample = counterexample()},
            {.name = "staleness",
             .verdict = Verdict::proven,
             .visited = Schedules{.schedules = 10, .violating = 0},
             .worst = Worst{.value = 62'030'400'000, .is_time = true}},
            {.name = "wait",
             .verdict = Verdict::clean_so_far,
             .visited =
                 Sample{
                     .mode = "pct",
                     .covered =
                         {.executions = 5, .arose = 4, .violating = 0, .states = 7, .ends = 2},
                     .cut = 1,
                     .over_time =
                         {{.executions = 1, .arose = 1, .violating = 0, .states = 3, .ends = 1}}},
             .worst = Worst{.unbounded = true, .is_time = true}},
            {.name = "loads-in-flight",
             .verdict = Verdict::vacuous,
             .visited = States{.states = 3},
             .worst = Worst{.value = 4, .so_far = true}}}},
      {.strategy = "other",
       .properties = {{.name = "no-stale-residue",
                       .verdict = Verdict::violated,
                       .visited = States{.states = 17},
                       .counterexample = counterexample()},
                      {.name = "wait",
                       .verdict = Verdict::clean_so_far,
                       .visited = States{.states = 2}}}},
  };
  result.expectations = {
      {.strategy = nasty, .name = "staleness", .wanted = "proven", .found = "proven", .met = true},
      {.strategy = "other", .name = "no-stale-residue", .wanted = "proven", .found = "violated"},
      {.strategy = "other",
       .name = "wait",
       .wanted = "proven",
       .found = "clean-so-far",
       .undecided = true},
  };
  return result;
}

Result nasty_run() {
  Result result = head(Result::Kind::run);
  result.traffic = {.says = nasty,
                    .duration = std::chrono::seconds(60),
                    .warmup = std::chrono::seconds(6),
                    .incidents = {{.at = std::chrono::seconds(30), .says = nasty}}};
  result.complete = false;
  const MetricResult reads{.metric = Metric::reads, .mean = 1000, .ci95 = Interval{990.5, 1009.5}};
  const MetricResult none{.metric = Metric::staleness_us_p99};
  for (const std::string strategy : {nasty.c_str(), "other"})
    result.results.push_back(
        {.strategy = strategy,
         .replicates = 2,
         .digest = "0123456789abcdef",
         .metrics = {reads, none, {.metric = Metric::hit_ratio, .mean = 0.123456789}}});
  result.baseline = nasty;
  auto& other = result.results.back();
  other.differences = {{.metric = Metric::reads, .mean = -12.5, .ci95 = Interval{-25.5, 0.5}},
                       none,
                       {.metric = Metric::hit_ratio, .mean = 0.01}};
  other.series = Series{.warmup = std::chrono::seconds(6),
                        .bucket = std::chrono::microseconds(1'500),
                        .curves = {{.name = "db_qps", .min = {0, 1}, .mean = {}, .max = {2, 3.5}},
                                   {.name = "hit_ratio", .mean = {std::nullopt, 0.5}}}};
  other.distributions = {{.name = "read_us",
                          .points = {{.time = Duration(1'500), .above = 0.25},
                                     {.time = std::chrono::seconds(1), .above = 0}}},
                         {.name = "write_us"}};
  result.expectations = {
      {.strategy = nasty,
       .name = "hit_ratio",
       .wanted = ">= 10 %",
       .found = "12.35 %",
       .met = true},
      {.strategy = nasty, .name = "hit_ratio", .wanted = ">= 90 %", .found = "12.35 %"}};
  return result;
}

Result nasty_comparisons() {
  Result answered = nasty_run();
  answered.kind = Result::Kind::compare;
  answered.timing = "unbounded";
  answered.race = nasty;
  answered.complete = true;
  answered.scenario_json = "{}";
  answered.results[1].properties = nasty_search().results[1].properties;
  answered.recommendation = Recommendation{.strategy = nasty, .says = {nasty}, .others = {}};
  Result unanswered = answered;
  unanswered.recommendation->strategy = "";
  unanswered.recommendation->others = {{.strategy = "other", .because = nasty}};
  unanswered.expectations.clear();
  Result interrupted = answered;
  interrupted.complete = false;
  interrupted.recommendation.reset();
  return {.kind = Result::Kind::comparisons,
          .complete = false,
          .comparisons = {answered, unanswered, interrupted}};
}

}  // namespace cacherace::report
