#include "tests/fuzz/seeds.hpp"
#include "tests/support/root.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sim/harness/catalogue/catalogue.hpp"
#include "sim/harness/catalogue/presets.hpp"
#include "sim/harness/compare/compare.hpp"
#include "sim/harness/fuzz/fuzz.hpp"
#include "sim/harness/input/scenario_file.hpp"
#include "sim/harness/traffic/axis.hpp"
#include "sim/harness/traffic/sweep.hpp"
#include "sim/report/export/json.hpp"
#include "sim/report/print/formats.hpp"
#include "tests/formats/nasty.hpp"
#include "tests/fuzz/wire.hpp"
#include "tests/scenario/full_example.hpp"

namespace cacherace::fuzz {
namespace {

namespace fs = std::filesystem;

using Texts = std::vector<std::string>;

// Short races in which something goes wrong.
constexpr auto racing = std::to_array<std::string_view>(
    {"scenarios/stale-repopulate.json", "scenarios/double-delete-timing.json",
     "scenarios/lock-wrong-owner.json", "scenarios/derived-keys.json",
     "scenarios/set-then-expire-crash.json", "scenarios/two-levels-lost-message.json",
     "scenarios/replica-lag-refill.json", "scenarios/worst-staleness.json"});

scenario::Scenario shipped(std::string_view path) {
  for (const auto& one : harness::shipped_scenarios())
    if (one.path == path) return *harness::load_scenario(one.text, path);
  return {};
}

// Traffic of a moment, so that results are there at once.
scenario::Scenario brief(scenario::Scenario scenario) {
  scenario.traffic.duration = std::chrono::seconds(1);
  scenario.traffic.warmup = {};
  scenario.traffic.incidents.clear();
  scenario.keys.count = std::min<std::uint64_t>(scenario.keys.count, 100);
  for (auto& flow : scenario.traffic.flows) flow.from = flow.to = {};
  return scenario;
}

Texts scenarios() {
  Texts texts{"{}", std::string(scenario::full_example)};
  for (const auto& one : harness::shipped_scenarios()) texts.emplace_back(one.text);
  return texts;
}

Texts counterexamples() {
  Texts texts;
  for (const auto path : racing) {
    const auto outcome = harness::search(shipped(path), {.shrink = false, .states_max = 5'000});
    const auto count = std::min<std::size_t>(outcome.counterexamples.size(), 3);
    for (std::size_t i = 0; i < count; ++i)
      texts.push_back(report::to_json(outcome.counterexamples[i]));
  }
  return texts;
}

Texts results() {
  const auto scenario = brief(shipped(racing.front()));
  const auto json = [](const report::Result& result) {
    return report::render(result, report::Format::json);
  };
  Texts texts{json(report::nasty_search()), json(report::nasty_run()),
              json(report::nasty_comparisons())};
  texts.push_back(json(harness::search(scenario, {.states_max = 2'000}).result));
  texts.push_back(
      json(harness::run(scenario, {.replicates = 2, .series = std::chrono::milliseconds(100)})));
  texts.push_back(
      json(harness::compare(scenario, {.search = {.states_max = 2'000}, .run = {.replicates = 2}})
               .result));
  const auto axis = harness::parse_axis("/keys/count=10,20");
  if (const auto swept = harness::sweep(scenario, {.axes = {*axis}, .run = {.replicates = 1}}))
    texts.push_back(json(*swept));
  if (const auto found = harness::fuzz(scenario, {.cases = 3, .percent = 30, .states_max = 1'000}))
    texts.push_back(json(found->result));
  return texts;
}

Texts twitter_traces() {
  return {"0,a,1,2,3,get,0\n", "0,a,1,2,3,get,0\r\n0,a,b,1,2,3,set,60\n7,c,1,2,3,delete,0",
          "4294967295,k,3,9,1,gets,0\n4294967295,k,3,9,1,incr,0\n"};
}

Texts oracle_traces() {
  std::string record(24, '\0');
  record[0] = 5;
  record[4] = 9;
  std::string later = record;
  later[0] = 6;
  return {record, record + later, record + record + later + later};
}

Texts monitor_traces() {
  return {
      "OK\n1.5 [0 127.0.0.1:6] \"GET\" \"user:7\"\n",
      "0.1 [0 lua] \"mset\" \"a\" \"1\" \"b\" \"\\x00\\n\"\r\n7.2 [3 unix:/r] \"del\" \"a\" \"c\"",
      "4294967295.9 [0 [::1]:5] \"expire\" \"k\" \"1\"\n4294967295.9 [0 a] \"get\" \"k\""};
}

Texts plain_traces() { return {"a\n", "a\r\nb\nc\na", "user:7\nuser:7\n\xc3\xa9\n"}; }

Texts arguments() {
  return {"/strategies/ttl/expiry/ttl=1s..300s:log:12\n/cache/latency=1ms..10ms:lin:4",
          "/keys/count=10,20,50\n/keys/count=1..1000:log",
          "/race/clients/0/do/0=read k#1\n/strategies/a~1b~0c/expiry/ttl=5s",
          "db_qps_peak>5000\nhit_ratio<=0.9\nno-stale-residue=violated\nread_us_p99 >= 5ms",
          "1.5s\n512mb\n2000/s\n10%\n8760h\n1048576gb"};
}

Texts scripts() {
  Texts texts;
  for (const auto& preset : harness::presets())
    for (const auto& file : preset.files)
      if (file.name.ends_with(".lua")) texts.emplace_back(file.text);
  for (const auto& entry : fs::directory_iterator(test::root() / "tests/scripts"))
    if (entry.path().extension() == ".lua")
      texts.push_back(test::content_of("tests/scripts/" + entry.path().filename().string()));
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace

std::vector<std::string> seeds_for(std::string_view reader) {
  Texts texts = reader == "scenario"         ? scenarios()
                : reader == "counterexample" ? counterexamples()
                : reader == "result"         ? results()
                : reader == "trace_twitter"  ? twitter_traces()
                : reader == "trace_oracle"   ? oracle_traces()
                : reader == "trace_monitor"  ? monitor_traces()
                : reader == "trace_plain"    ? plain_traces()
                : reader == "arguments"      ? arguments()
                : reader == "script"         ? scripts()
                                             : wire_seeds(reader);
  const fs::path folder = test::root() / "tests/fuzz/found" / reader;
  std::error_code none;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, none)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return texts;
}

}  // namespace cacherace::fuzz
