#include "sim/report/text/text.hpp"

#include <catch2/catch_test_macros.hpp>

#include "sim/core/utf8.hpp"
#include "sim/report/print/replay_outcome.hpp"
#include "sim/report/text/table.hpp"

namespace cacherace::report {
namespace {

TEST_CASE("columns line up whatever letters are in them") {
  Table table({Align::left, Align::right});
  table.add({"a", "1"});
  table.add({"zwölf →", "100"});
  table.add({"b"});
  CHECK(table.render("  ") ==
        "  a          1\n"
        "  zwölf →  100\n"
        "  b\n");
  CHECK(display_width("é→x") == 3);
}

TEST_CASE("names cannot break lines or command the terminal") {
  CHECK(printable("a\x1b]0;b\x07\n") == "a\\x1b]0;b\\x07\\x0a");
  CHECK(printable("\xc2\x9b"
                  "1m é") == "\\x9b1m é");
  Table table({Align::left});
  table.add({"a\nb"});
  CHECK(table.render() == "a\\x0ab\n");
}

TEST_CASE("metrics read as people write them") {
  CHECK(metric_text(Metric::hit_ratio, 0.91234) == "91.23 %");
  CHECK(metric_text(Metric::hit_ratio, std::nullopt) == "-");
  CHECK(metric_text(Metric::read_us_p99, 4250.0) == "4.25 ms");
  CHECK(metric_text(Metric::staleness_us_max, 38.5e6) == "38.5 s");
  CHECK(metric_text(Metric::staleness_us_max, 90e6) == "90 s");
  CHECK(metric_text(Metric::read_us_p50, 606.2) == "606.2 us");
  CHECK(metric_text(Metric::reads, 1129164) == "1,129,164");
  CHECK(metric_text(Metric::stale_reads, 1927.4) == "1927");
  CHECK(metric_text(Metric::db_qps_mean, 43.3125) == "43.31");
}

Counterexample stale_repopulate() {
  return {.readers = {"reader-1"},
          .writers = {"writer-1"},
          .steps = {{"reader-1", "read user:7", "cache.get user:7", "miss"},
                    {"reader-1", "read user:7", "db.read user:7", "row v1"},
                    {"writer-1", "write user:7", "db.write user:7", "committed v2"},
                    {"writer-1", "write user:7", "cache.del user:7", "no entry"},
                    {"reader-1", "read user:7", "cache.set user:7", "stored v1"}},
          .decisive = 5,
          .says = "because.",
          .context_switches = 2,
          .digest = "d"};
}

TEST_CASE("an interleaving: time down, one column per party, the decisive step marked") {
  CHECK(interleaving(stale_repopulate(), {}) ==
        R"(       reader-1            cache      database      writer-1
    1  cache.get user:7 →  miss
    2  db.read user:7 →               row v1
    3                                 committed v2  ← db.write user:7
    4                      no entry                 ← cache.del user:7
  ▶ 5  cache.set user:7 →  stored v1

  ▶ step 5: because.
)");
}

TEST_CASE("colour marks the decisive step, and only when it is wanted") {
  const auto plain = interleaving(stale_repopulate(), {.color = false});
  const auto colored = interleaving(stale_repopulate(), {.color = true});
  CHECK(plain.find('\x1b') == std::string::npos);
  CHECK(colored.find("\x1b[31m  ▶ 5") != std::string::npos);
}

Result searched() {
  Result result{.kind = Result::Kind::search, .title = "T", .story = "S."};
  result.race = "race of 1 × reader";
  result.timing = "unbounded";
  PropertyResult violated{.name = "no-stale-residue",
                          .verdict = Verdict::violated,
                          .visited = Schedules{.schedules = 10, .violating = 1},
                          .transitions = 29,
                          .exhausted = true};
  violated.counterexample = stale_repopulate();
  result.results.push_back({.strategy = "one", .properties = {violated}});
  result.results.push_back({.strategy = "two", .properties = {violated}});
  result.results.push_back({.strategy = "three",
                            .properties = {{.name = "no-stale-residue",
                                            .verdict = Verdict::clean_so_far,
                                            .visited = Schedules{.schedules = 1}}}});
  result.results.push_back({.strategy = "four",
                            .properties = {{.name = "no-stale-residue",
                                            .verdict = Verdict::proven,
                                            .visited = States{.states = 1'160, .symmetry = true},
                                            .exhausted = true}}});
  result.results.push_back(
      {.strategy = "five",
       .properties = {
           {.name = "no-stale-residue",
            .verdict = Verdict::clean_so_far,
            .visited = Sample{
                .mode = "pct",
                .covered =
                    {.executions = 1'000, .arose = 0, .violating = 0, .states = 12, .ends = 1},
                .cut = 0,
                .over_time = {
                    {.executions = 1, .arose = 0, .violating = 0, .states = 4, .ends = 1},
                    {.executions = 500, .arose = 0, .violating = 0, .states = 10, .ends = 1}}}}}});
  result.expectations = {{"one", "no-stale-residue", "proven", "violated", false}};
  return result;
}

TEST_CASE("a search: verdicts first, then each interleaving once, then expectations") {
  const std::string text = to_text(searched(), {});
  const auto expected = [&](const char* part) {
    INFO(text);
    return text.find(part) != std::string::npos;
  };
  CHECK(expected("T\nS.\nrace of 1 × reader · timing unbounded · seed 1\n"));
  CHECK(expected("  one    no-stale-residue  violated      10 schedules, 1 violating\n"));
  CHECK(expected("  three  no-stale-residue  clean so far  1 schedule, not all\n"));
  CHECK(expected("  four   no-stale-residue  proven        1,160 states\n"));
  CHECK(
      expected("  five   no-stale-residue  clean so far  1,000 executions (pct), 0 violating, 12 "
               "states (2 of them new after 500), 1 different final state\n"));
  CHECK(expected("no-stale-residue under one: 5 steps, 2 context switches\n"));
  CHECK(expected("no-stale-residue under two: the same 5 steps as under one\n"));
  CHECK(expected("  NOT MET  one  no-stale-residue  expected proven  found violated\n"));
}

TEST_CASE("a run: metrics down, strategies across, margins with two digits") {
  Result result{.kind = Result::Kind::run, .title = "T"};
  result.traffic.says = "traffic";
  result.results.push_back({.strategy = "a",
                            .replicates = 2,
                            .metrics = {{Metric::hit_ratio, 0.5, Interval{0.48766, 0.51234}},
                                        {Metric::read_us_p50, std::nullopt, std::nullopt}}});
  const auto text = to_text(result, {});
  INFO(text);
  CHECK(text.find("  hit_ratio  50 % ± 1.2 %\n") != std::string::npos);
  CHECK(text.find("\n  0 or empty everywhere: read_us_p50\n") != std::string::npos);
}

TEST_CASE("a hit ratio below 90 % is named, with what most misses are") {
  Result result{.kind = Result::Kind::run, .title = "T"};
  const auto add = [&](const char* strategy, double hits, double expired, double bypassed) {
    result.results.push_back({.strategy = strategy,
                              .replicates = 1,
                              .metrics = {{Metric::hits, hits},
                                          {Metric::misses, expired + bypassed},
                                          {Metric::loads, expired + bypassed},
                                          {Metric::misses_expired, expired},
                                          {Metric::misses_bypassed, bypassed}}});
  };
  add("healthy", 90, 10, 0);
  add("short", 80, 15, 5);
  add("around", 80, 2, 18);
  const auto text = to_text(result, {});
  INFO(text);
  CHECK(
      text.ends_with("\nHit ratio below 90 %\n"
                     "  short: 80 % of the reads hit; 75 % of the misses are of entries that had "
                     "expired; is a TTL "
                     "too low?\n"
                     "  around: 80 % of the reads hit; 90 % of the misses are of reads that never "
                     "asked the cache; "
                     "does a path bypass it?\n"));
}

TEST_CASE("an interrupted result says so") {
  auto result = searched();
  result.complete = false;
  CHECK(to_text(result, {}).find("incomplete: interrupted") != std::string::npos);
}

TEST_CASE("a replay says that it matches, or where it diverged") {
  Replay replay{.title = "T", .strategy = "s", .property = "p", .shown = stale_repopulate()};
  replay.shown.standings.assign(5, {.cache = {{"user:7", "v1"}},
                                    .database = {{"user:7", "v2"}},
                                    .pending = {{"clock", "expire"}, {"clock", "evict"}}});
  CHECK(to_text(replay, {}, false).find("the same 5 steps") != std::string::npos);
  CHECK(to_text(replay, {}, true)
            .find("  ▶ 5. reader-1 cache.set user:7 (read user:7): stored v1\n"
                  "       user:7: cache v1, database v2 | pending: clock expire; clock evict\n") !=
        std::string::npos);
  replay.divergence = Divergence{.step = 3, .says = "expected x"};
  CHECK(to_text(replay, {}, false).ends_with("  diverged: step 3: expected x\n"));
}

Result with_series() {
  Result result;
  result.kind = Result::Kind::run;
  result.baseline = "old";
  const auto strategy = [](const std::string& name, Curve::Values qps, Curve::Values hits) {
    StrategyResult of{.strategy = name, .replicates = 2};
    of.metrics = {{.metric = Metric::hits, .mean = 1}};
    of.series = Series{.warmup = std::chrono::seconds(2), .bucket = std::chrono::seconds(1)};
    of.series->curves = {{.name = "db_qps", .min = qps, .mean = {}, .max = qps},
                         {.name = "hit_ratio", .min = {}, .mean = hits, .max = {}}};
    return of;
  };
  result.results = {strategy("old", {0, 1, 30, 900}, {1, 0.5, std::nullopt, 0.01}),
                    strategy("new", {0, 0, 0, 0}, {1, 1, 1, 1})};
  result.results[1].differences = {
      {.metric = Metric::hits, .mean = 20, .ci95 = Interval{15, 25}},
      {.metric = Metric::read_us_p99, .mean = -1500, .ci95 = Interval{-4000, 1000}},
      {.metric = Metric::errors, .mean = 0, .ci95 = Interval{0, 0}}};
  return result;
}

TEST_CASE("series are drawn as bars, the load on a log scale") {
  const auto text = to_text(with_series(), {});
  CHECK(text.find("Over time, 1 s a column, the first 2 s are warm-up; seed 1\n"
                  "  db_qps, highest of each column, log scale from 0 to 900\n"
                  "    old   ▁▅█\n"
                  "    new\n"
                  "  hit_ratio, lowest of each column, from 0 to 100 %\n"
                  "    old  █▄ ▁\n"
                  "    new  ████\n") != std::string::npos);
}

TEST_CASE("differences carry a sign, and brackets when they may be chance") {
  const auto text = to_text(with_series(), {});
  CHECK(text.find("Against old, seed by seed; a difference in brackets may be chance\n            "
                  "                  new\n  hits                    +20 ± 5\n  read_us_p99  (-1.5 "
                  "ms ± 2.5 ms)\n") != std::string::npos);
  CHECK(text.find("  errors") == std::string::npos);
}

}  // namespace
}  // namespace cacherace::report
